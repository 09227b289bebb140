import * as Comlink from 'comlink';
import { errorCode, isAbort } from '../domain/errors.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { SearchAnswer, SearchQuery } from '../domain/search.ts';
import { abortable } from '../rpc/abort-port.ts';
import { wait } from '../rpc/wait.ts';
import { getCollection } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { collectionFacts } from './collection-facts.ts';
import type { QueryVectors } from './query-vectors.ts';
import type { SearchApi } from './search-api.ts';
import type { FoundHits } from './search-hits.ts';
import type { SearchHost } from './search-host.ts';

export interface SearchMethodsOptions {
  db: Database;
  host: SearchHost;
  queries: QueryVectors;
  /** Bytes that indexes may take in memory, as things are. */
  budget: () => Promise<number>;
  patienceMs?: number;
}

/** Searching, for the page and for callers in this worker. */
export interface SearchMethods {
  methods: SearchApi;
  /** By words and meaning at once, among all that is stored, however long the query's vector and the index take. */
  find(collectionId: string, query: SearchQuery, signal: AbortSignal): Promise<SearchAnswer>;
}

/** A query's vector that takes longer is answered in two steps: by words, then by both. */
const PATIENCE_MS = 150;

/** Hundreds of thousands of chunks are compared for a long while; whoever asked may end it. */
const LIKENESS_MS = 60 * 60_000;

const never = () => new AbortController().signal;

/** What is said of meaning beside the hits. */
function standing(
  side: Side | undefined,
  { chunks, notice }: FoundHits,
): Pick<SearchAnswer, 'meaning' | 'notice'> {
  if (!side) return { meaning: 'wait' };
  const told = (...sentences: (string | undefined)[]) => {
    const both = [...sentences, notice].filter(sentence => sentence !== undefined).join(' ');
    return both === '' ? {} : { notice: both };
  };
  if (!('vector' in side)) return { meaning: side.meaning, ...told(side.notice) };
  if (chunks.meaning > 0) return { meaning: 'used', ...told() };
  return { meaning: 'off', ...told('Found by words only: no chunk has a vector yet.') };
}

type Side = { vector: Float32Array } | { meaning: 'off' | 'gone'; notice?: string };

/** Searching, as the page and the API's routes ask for it. */
export function createSearchMethods(options: SearchMethodsOptions): SearchMethods {
  const { db, host, queries, budget, patienceMs = PATIENCE_MS } = options;

  /** The side of meaning: a vector, or why there is none. Rejects with AbortError only. */
  async function sideOf(recipe: Recipe, query: SearchQuery, signal: AbortSignal): Promise<Side> {
    const text = query.text.trim();
    if (query.balance === 0 || text === '') return { meaning: 'off' };
    try {
      return { vector: await queries.get(recipe, text, signal) };
    } catch (error) {
      if (isAbort(error)) throw error;
      const { message } = error as Error;
      if (errorCode(error) === 'chunk/too-long') return { meaning: 'off', notice: message };
      return { meaning: 'gone', notice: `Found by words only. ${message}` };
    }
  }

  async function ask(
    collectionId: string,
    query: SearchQuery,
    side: Side | undefined,
    signal: AbortSignal,
    atOnce = false,
  ): Promise<SearchAnswer & { rounded?: true }> {
    const began = performance.now();
    const vector = side && 'vector' in side ? side.vector : undefined;
    // Without a vector words have all the say, whatever the balance.
    const bytes = await budget();
    const found = await host.call(signal, (service, abort) =>
      service.search(collectionId, query, vector, bytes, atOnce, Comlink.transfer(abort, [abort])),
    );
    return { ...found, ...standing(side, found), ms: performance.now() - began };
  }

  /** Resolves when all that is stored of a collection is looked through. */
  async function prepared(collectionId: string, signal: AbortSignal): Promise<void> {
    const bytes = await budget();
    // A large index is made in longer than a call may take, and a worker that works must not be taken for a dead one.
    while (!(await host.call(signal, service => service.prepare(collectionId, bytes))))
      signal.throwIfAborted();
  }

  const methods: SearchApi = {
    search: (collectionId, query, port, early) =>
      abortable(port, async signal => {
        const { recipe } = await getCollection(db, collectionId);
        const side = sideOf(recipe, query, signal);
        side.catch(() => {});
        const rest = new AbortController();
        const late = wait(patienceMs, rest.signal).then(
          () => undefined,
          () => undefined,
        );
        let soon = await Promise.race([side, late]).finally(() => rest.abort());
        if (!soon && early) early(await ask(collectionId, query, undefined, signal));
        soon ??= await side;
        if (early && 'vector' in soon) {
          const { rounded, ...answer } = await ask(collectionId, query, soon, signal, true);
          if (!rounded) return answer;
          // Reading hundreds of exact vectors takes a while, and changes the order of what is nearly as near.
          early(answer);
        }
        return ask(collectionId, query, soon, signal);
      }),
    async prepareSearch(collectionId) {
      const { recipe } = await getCollection(db, collectionId);
      // A model that cannot be loaded is told with the first answer.
      queries.warm(recipe).catch(() => {});
      await prepared(collectionId, never());
    },
    similar: (place, limit, port) =>
      abortable(port, async signal => {
        const began = performance.now();
        const bytes = await budget();
        const found: FoundHits = await host.call(signal, service => service.similar(place, limit, bytes));
        return { ...found, meaning: 'used', ms: performance.now() - began };
      }),
    searchScores: (collectionId, query, port) =>
      abortable(port, async signal => {
        const { recipe } = await getCollection(db, collectionId);
        const side = await sideOf(recipe, query, signal);
        const vector = 'vector' in side ? side.vector : undefined;
        const bytes = await budget();
        return host.call(signal, service => service.scores(collectionId, query, vector, bytes));
      }),
    collectionFacts: collectionId => collectionFacts(db, collectionId),
    likenessFacts: (collectionId, port) =>
      abortable(port, async signal => {
        await prepared(collectionId, signal);
        const bytes = await budget();
        return host.call(
          signal,
          (service, abort) => service.likeness(collectionId, bytes, Comlink.transfer(abort, [abort])),
          LIKENESS_MS,
        );
      }),
    queryMarks(collectionId, query, texts) {
      return host.call(never(), service => service.marks(collectionId, query, texts));
    },
  };
  return {
    methods,
    async find(collectionId, query, signal) {
      const { recipe } = await getCollection(db, collectionId);
      const side = sideOf(recipe, query, signal);
      side.catch(() => {});
      await prepared(collectionId, signal);
      return ask(collectionId, query, await side, signal);
    },
  };
}
