import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { SearchAnswer, SearchHit, SearchQuery } from '../domain/search.ts';
import type { WorkspaceEvent } from '../workspace/api.ts';
import { createQueryHistory } from './query-history.ts';
import { emptyTable } from './row-table.ts';
import { createSearch, hitKey, isNarrowed, isSearching } from './search.ts';
import { type SearchLink, usualNarrowing } from './search-link.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const hit = (fileId: string, ordinal = 0) => ({ fileId, ordinal, path: fileId }) as SearchHit;
const answerOf = (...hits: SearchHit[]): SearchAnswer => ({
  hits,
  chunks: { words: 9, meaning: 9 },
  ms: 1,
  meaning: 'used',
});

interface Asked {
  collectionId: string;
  query: SearchQuery;
  signal: AbortSignal;
  early: (answer: SearchAnswer) => void;
  answer: (answer: SearchAnswer) => Promise<void>;
  fail: (error: Error) => Promise<void>;
}

function page(currentId?: string) {
  const asked: Asked[] = [];
  const links: SearchLink[] = [];
  let notify: (event: WorkspaceEvent) => void = () => {};
  const rest = () => vi.advanceTimersByTimeAsync(0);
  const client = {
    subscribe(listener: typeof notify) {
      notify = listener;
      return () => {};
    },
    prepareSearch: async () => {},
    similar: vi.fn(async () => answerOf(hit('like'))),
    search: (collectionId: string, query: SearchQuery, signal: AbortSignal, early: Asked['early']) =>
      new Promise<SearchAnswer>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        asked.push({
          collectionId,
          query,
          signal,
          early,
          answer: async answer => {
            resolve(answer);
            await rest();
          },
          fail: async error => {
            reject(error);
            await rest();
          },
        });
      }),
  };
  const mirror = { store: createStore(() => ({ currentId, table: emptyTable() })) };
  const kept = new Map<string, string>();
  const search = createSearch({
    client: client as never,
    mirror: mirror as never,
    history: createQueryHistory({
      getItem: key => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
    }),
    onLink: link => links.push(link),
  });
  search.start();
  return { search, asked, links, client, mirror, changed: () => notify({ type: 'changed', revision: 1 }) };
}

const last = <T>(list: readonly T[]): T => list.at(-1) as T;

it('asks once after the last letter', async () => {
  const { search, asked } = page('c');
  for (const text of ['t', 'ti', 'tid', 'tide']) {
    search.type(text);
    await vi.advanceTimersByTimeAsync(30);
  }
  expect(asked).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(100);
  expect(asked.map(({ query }) => query.text)).toEqual(['tide']);
});

it('the last query wins: the one before is aborted, and what it still says is not heard', async () => {
  const { search, asked } = page('c');
  search.type('tide');
  await vi.advanceTimersByTimeAsync(100);
  search.type('bread');
  await vi.advanceTimersByTimeAsync(100);
  const [first, second] = asked as [Asked, Asked];
  expect(first.signal.aborted).toBe(true);
  first.early(answerOf(hit('tide')));
  await first.answer(answerOf(hit('tide')));
  expect(search.store.getState().answer).toBeUndefined();
  await second.answer(answerOf(hit('bread')));
  expect(search.store.getState()).toMatchObject({ answered: 'bread', asking: false });
  expect(search.store.getState().error).toBeUndefined();
});

it('words come first where meaning takes a while, and never after it', async () => {
  const { search, asked } = page('c');
  search.type('tide');
  await vi.advanceTimersByTimeAsync(100);
  const [ask] = asked as [Asked];
  ask.early({ ...answerOf(hit('words')), meaning: 'wait' });
  expect(search.store.getState()).toMatchObject({ asking: true, answer: { meaning: 'wait' } });
  await ask.answer(answerOf(hit('both')));
  ask.early({ ...answerOf(hit('words')), meaning: 'wait' });
  expect(search.store.getState()).toMatchObject({ asking: false, answer: { hits: [{ fileId: 'both' }] } });
});

it('while it stands a query is asked again after changes, no more often than is of use, and the choice stays', async () => {
  const { search, asked, changed } = page('c');
  search.type('tide');
  await vi.advanceTimersByTimeAsync(100);
  await last(asked).answer(answerOf(hit('a'), hit('b')));
  search.choose(hit('b'));
  for (let i = 0; i < 10; i++) {
    changed();
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(asked).toHaveLength(2);
  await last(asked).answer(answerOf(hit('new'), hit('b')));
  expect(search.store.getState().active).toBe(hitKey(hit('b')));
  changed();
  await vi.advanceTimersByTimeAsync(1_000);
  await last(asked).answer(answerOf(hit('new')));
  expect(search.store.getState().active).toBeUndefined();
  search.clear();
  changed();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked).toHaveLength(3);
});

it('an index that is still being made is asked again by itself', async () => {
  const { search, asked } = page('c');
  search.type('tide');
  await vi.advanceTimersByTimeAsync(100);
  await last(asked).answer({ ...answerOf(), behind: true });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(2);
});

it('a failure is said, and the next answer takes its place', async () => {
  const { search, asked } = page('c');
  search.type('tide');
  await vi.advanceTimersByTimeAsync(100);
  await last(asked).fail(new Error('The disk is gone. Reload.'));
  expect(search.store.getState()).toMatchObject({ error: 'The disk is gone. Reload.', asking: false });
  search.now();
  await last(asked).answer(answerOf(hit('a')));
  expect(search.store.getState().error).toBeUndefined();
});

it('a link that came before the collection is asked as soon as that is open, and no other collection takes it over', async () => {
  const { search, asked, links, mirror } = page();
  const narrowing = { ...usualNarrowing, files: ['f'], folder: 'notes/', byFile: true };
  search.restore({ text: 'tide', balance: 0.2, narrowing });
  expect(asked).toHaveLength(0);
  mirror.store.setState({ currentId: 'c' });
  const query = { text: 'tide', balance: 0.2, fileIds: ['f'], folder: 'notes/', byFile: true };
  expect(last(asked)).toMatchObject({ collectionId: 'c', query });
  expect(last(links)).toEqual({ collectionId: 'c', text: 'tide', balance: 0.2, narrowing });
  mirror.store.setState({ currentId: 'other' });
  expect(isSearching(search.store.getState())).toBe(false);
  expect(isNarrowed(search.store.getState())).toBe(false);
  expect(asked).toHaveLength(1);
});

it('filters and the balance go with the query', async () => {
  const { search, asked } = page('c');
  search.setOptions({ formats: ['pdf'], folder: 'notes/', byFile: true, vary: true, balance: 1 });
  search.type(' tide ');
  await vi.advanceTimersByTimeAsync(100);
  expect(last(asked).query).toMatchObject({
    text: 'tide',
    formats: ['pdf'],
    folder: 'notes/',
    byFile: true,
    balance: 1,
  });
  expect(last(asked).query.diversity).toBeGreaterThan(0);
});

it('remembers the queries that were of use, newest first, each once, by collection', () => {
  const { search, mirror } = page('c');
  for (const text of ['tide', 'bread', 'tide']) {
    search.type(text);
    search.remember();
  }
  expect(search.store.getState().recent).toEqual(['tide', 'bread']);
  mirror.store.setState({ currentId: 'other' });
  expect(search.store.getState().recent).toEqual([]);
  mirror.store.setState({ currentId: 'c' });
  search.forget();
  expect(search.store.getState().recent).toEqual([]);
});

it('a query whose hits were on screen is remembered when it is cleared, one that was not answered is not', async () => {
  const { search, asked } = page('c');
  search.type('tide');
  await vi.advanceTimersByTimeAsync(100);
  await last(asked).answer(answerOf(hit('a')));
  search.clear();
  search.type('brea');
  search.clear();
  search.type('nothing');
  await vi.advanceTimersByTimeAsync(100);
  await last(asked).answer(answerOf());
  search.clear();
  expect(search.store.getState().recent).toEqual(['tide']);
});

it('asked at once, what is under way goes on and what is newly typed is asked', async () => {
  const { search, asked } = page('c');
  search.type('tide');
  search.now();
  search.now();
  expect(asked.map(({ query }) => query.text)).toEqual(['tide']);
  search.type('tides');
  search.now();
  expect(asked.map(({ query }) => query.text)).toEqual(['tide', 'tides']);
});

it('a chunk in place of a text is asked for by its place', async () => {
  const { search, client } = page('c');
  search.like({ fileId: 'f', ordinal: 3 });
  await vi.advanceTimersByTimeAsync(0);
  expect(client.similar).toHaveBeenCalledWith(
    { fileId: 'f', ordinal: 3 },
    expect.any(Number),
    expect.anything(),
  );
  expect(search.store.getState().answer?.hits).toHaveLength(1);
});
