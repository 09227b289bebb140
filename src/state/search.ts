import { createStore } from 'zustand/vanilla';
import { isAbort } from '../domain/errors.ts';
import type { ChunkPlace, SearchAnswer, SearchHit, SearchQuery } from '../domain/search.ts';
import type { WorkspaceClient } from '../workspace/client.ts';
import type { createMirror } from './mirror.ts';
import type { createQueryHistory } from './query-history.ts';
import { unfinished } from './row-table.ts';
import { type Narrowing, type SearchLink, usualNarrowing } from './search-link.ts';

/** How a query is answered, besides its text. */
export interface SearchOptions extends Narrowing, Pick<SearchQuery, 'balance'> {}

/** Look at all files again. */
export const everywhere = { formats: [], folder: undefined, files: [] } satisfies Partial<SearchOptions>;

/** What is asked of the current collection, and what was answered. */
export interface Search extends SearchOptions {
  /** As it stands in the field. */
  text: string;
  /** In place of a text: the chunk that hits are to be like. */
  like?: ChunkPlace | undefined;
  limit: number;
  /** Of what was last answered; it stays until the next answer is there. */
  answer?: SearchAnswer | undefined;
  /** The text that `answer` answers; '' where it is of `like`. */
  answered?: string | undefined;
  asking: boolean;
  /** Why there is no answer: a sentence. */
  error?: string | undefined;
  /** The hit that the keys move from, by its key. */
  active?: string | undefined;
  /** Whether the chosen hit tells what its score is made of. */
  details: boolean;
  /** Queries of this collection, newest first. */
  recent: readonly string[];
}

type Client = Pick<WorkspaceClient, 'subscribe' | 'search' | 'similar' | 'prepareSearch'>;
type MirrorLike = Pick<ReturnType<typeof createMirror>, 'store'>;

/** Milliseconds after the last letter. */
const DEBOUNCE_MS = 80;
/** While files come and go an answer is asked for again this long after the last one, or ten times what that took. */
const AGAIN_MS = 400;
/** Hits at first, and by how many the list grows. */
export const PAGE_OF_HITS = 60;
/** How much hits are made to differ where that is asked. */
const DIVERSITY = 0.4;

const defaultOptions: SearchOptions = { ...usualNarrowing, balance: 0.5 };

/** Names a hit as long as its file is not cut anew. */
export const hitKey = ({ fileId, ordinal }: ChunkPlace): string => `${fileId}/${ordinal}`;

/** Whether hits take the place of the files. */
export const isSearching = ({ text, like }: Pick<Search, 'text' | 'like'>): boolean =>
  like !== undefined || text.trim() !== '';

/** Whether some files are left out. */
export const isNarrowed = ({ formats, folder, files }: Narrowing): boolean =>
  formats.length > 0 || files.length > 0 || folder !== undefined;

/** The hit that is chosen, if it is among those answered. */
export function activeHit({ answer, active }: Search): SearchHit | undefined {
  return active === undefined ? undefined : answer?.hits.find(hit => hitKey(hit) === active);
}

export interface SearchEnvironment {
  client: Client;
  mirror: MirrorLike;
  history: ReturnType<typeof createQueryHistory>;
  /** Told what is asked from now on, for the address bar. */
  onLink: (link: SearchLink) => void;
  debounceMs?: number;
}

/**
 * Asks as a person types: after a short rest, the last query wins, an earlier one is aborted. While it stands it is
 * asked again whenever the collection changes.
 */
export function createSearch(environment: SearchEnvironment) {
  const { client, mirror, history, onLink, debounceMs = DEBOUNCE_MS } = environment;
  const store = createStore<Search>()(() => ({
    ...defaultOptions,
    text: '',
    limit: PAGE_OF_HITS,
    asking: false,
    details: false,
    recent: [],
  }));
  const set = store.setState;
  let turn = 0;
  let asked: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let askedAt = 0;
  const collection = () => mirror.store.getState().currentId;

  function queryOf(state: Search): SearchQuery {
    const { text, balance, formats, folder, files, limit, byFile, fold, vary } = state;
    return {
      text: text.trim(),
      balance,
      limit,
      byFile,
      fold,
      trim: true,
      ...(formats.length > 0 ? { formats: [...formats] } : {}),
      ...(folder ? { folder } : {}),
      ...(files.length > 0 ? { fileIds: [...files] } : {}),
      ...(vary ? { diversity: DIVERSITY } : {}),
    };
  }

  function stop(): void {
    turn += 1;
    asked?.abort();
    asked = undefined;
    clearTimeout(timer);
    timer = undefined;
    clearTimeout(again);
    again = undefined;
  }

  async function ask(): Promise<void> {
    stop();
    const mine = turn;
    const state = store.getState();
    const id = collection();
    if (id === undefined || !isSearching(state)) return;
    asked = new AbortController();
    const { signal } = asked;
    askedAt = Date.now();
    set({ asking: true });
    const take = (answer: SearchAnswer, done: boolean) => {
      if (mine !== turn) return;
      const keys = new Set(answer.hits.map(hitKey));
      set(({ active }) => ({
        answer,
        answered: state.like ? '' : state.text.trim(),
        active: active !== undefined && keys.has(active) ? active : undefined,
        error: undefined,
        asking: !done,
      }));
      if (done) {
        asked = undefined;
        if (answer.behind) askAgain();
      }
    };
    try {
      const answer = state.like
        ? await client.similar(state.like, state.limit, signal)
        : await client.search(id, queryOf(state), signal, early => {
            // The two answers come over ports of their own, in any order.
            if (asked?.signal === signal) take(early, false);
          });
      take(answer, true);
    } catch (error) {
      if (mine !== turn) return;
      asked = undefined;
      if (isAbort(error)) {
        set({ asking: false });
        return;
      }
      const sentence =
        error instanceof Error && error.message ? error.message : 'The search gave no answer. Try again.';
      set({ asking: false, error: sentence, answer: undefined, answered: undefined, active: undefined });
    }
  }

  function askSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), debounceMs);
  }

  /** The same again, for what has changed; never while an answer is awaited, and not more often than is of use. */
  function askAgain(): void {
    if (again !== undefined) return;
    const rest = Math.max(AGAIN_MS, 10 * (store.getState().answer?.ms ?? 0));
    again = setTimeout(
      () => {
        again = undefined;
        if (asked) askAgain();
        else void ask();
      },
      Math.max(0, askedAt + rest - Date.now()),
    );
  }

  /** Makes the index ready; what is wrong is told by the first answer. */
  function prepare(): void {
    const id = collection();
    if (id !== undefined) client.prepareSearch(id).catch(() => {});
  }

  function link(): void {
    const { text, balance, like, formats, folder, files, byFile, fold, vary } = store.getState();
    const id = collection();
    onLink({
      text,
      balance,
      narrowing: { formats, folder, files, byFile, fold, vary },
      ...(like ? { like } : {}),
      ...(id === undefined ? {} : { collectionId: id }),
    });
  }

  /** Takes a new question; hits of the one before stay until it is answered. */
  function change(part: Partial<Search>, soon: () => void): void {
    set({ limit: PAGE_OF_HITS, error: undefined, ...part });
    link();
    if (isSearching(store.getState())) {
      soon();
      return;
    }
    stop();
    set({ answer: undefined, answered: undefined, active: undefined, asking: false });
  }

  /** Keeps the query that is on screen: somebody made use of it. */
  function remember(): void {
    const id = collection();
    const { text, recent } = store.getState();
    if (id === undefined || text.trim() === recent[0]) return;
    history.add(id, text);
    set({ recent: history.of(id) });
  }

  return {
    store,
    type: (text: string) => change({ text, like: undefined, active: undefined }, askSoon),
    setOptions: (options: Partial<SearchOptions>) => change(options, askSoon),
    clear(): void {
      const { text, answered, answer } = store.getState();
      // Its hits were read where they stood.
      if (answered === text.trim() && answer && answer.hits.length > 0) remember();
      change({ text: '', like: undefined }, () => {});
    },
    like: (place: ChunkPlace) => change({ text: '', like: place, active: undefined }, () => void ask()),
    /** The query as a link or the history has it. */
    restore({ text, balance, like, narrowing }: SearchLink): void {
      const options = { ...narrowing, ...(balance === undefined ? {} : { balance }) };
      change({ text, like, active: undefined, ...options }, () => void ask());
    },
    prepare,
    /** Asks at once, what was answered or not; what is being asked is not begun anew. */
    now(): void {
      if (!asked || timer !== undefined) void ask();
    },
    more(): void {
      set(({ limit }) => ({ limit: limit + 2 * PAGE_OF_HITS }));
      void ask();
    },
    setDetails: (details: boolean) => set({ details }),
    choose: (place: ChunkPlace | undefined) => set({ active: place && hitKey(place) }),
    remember,
    forget(): void {
      const id = collection();
      if (id !== undefined) history.clear(id);
      set({ recent: [] });
    },
    /** Starts following the collection on screen; the returned function stops it. */
    start(): () => void {
      const opened = (id: string | undefined) => {
        set({ recent: id === undefined ? [] : history.of(id) });
        set({ answer: undefined, answered: undefined, active: undefined });
        if (!isSearching(store.getState())) return;
        link();
        void ask();
      };
      if (collection() !== undefined) opened(collection());
      const stopMirror = mirror.store.subscribe((now, before) => {
        if (now.currentId === before.currentId) {
          // The work is done: what was made is indexed now rather than at the first question.
          if (unfinished(before.table) > 0 && unfinished(now.table) === 0 && now.table.rows.size > 0)
            prepare();
          return;
        }
        // What was asked of one collection is not asked of the next, but for a link that came before any was open.
        if (before.currentId !== undefined) change({ text: '', like: undefined, ...everywhere }, () => {});
        opened(now.currentId);
      });
      const stopEvents = client.subscribe(event => {
        if (event.type === 'changed' && isSearching(store.getState())) askAgain();
      });
      return () => {
        stopMirror();
        stopEvents();
        stop();
      };
    },
  };
}
