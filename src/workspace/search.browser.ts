import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SearchAnswer, SearchQuery } from '../domain/search.ts';
import { putCollection, setRecipe } from '../store/collections.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import { createFile, deleteFiles, replaceContent, restoreFiles } from '../store/files.ts';
import { commitBlock, finishFile } from '../store/queue.ts';
import { removeSearchFiles } from '../store/search-files.ts';
import { createSearchHost, type SearchHost } from './search-host.ts';
import { createSearchMethods } from './search-methods.ts';
import { embedLines, readLines, recipe, vectorOf } from './search-testing.ts';

const NAME = 'vecdrop-search-test';
const TIDES = 'The tide turns at noon.\nThe current runs out with the water.\n';
const BIRDS = 'A curlew is a bird of the shore.\nIts nest is a scrape.\nIt spreads a wing.\n';
const BREAD = 'Bread wants flour.\nAn oven must be hot.\n';

let db: Database;
let host: SearchHost;
let collectionId: string;
let worker: Worker | undefined;

beforeEach(async () => {
  await deleteDatabase(NAME);
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  collectionId = crypto.randomUUID();
  await putCollection(db, { id: collectionId, name: 'Papers', recipe, createdAt: 1 });
  host = newHost();
});
afterEach(async () => {
  host.close();
  db.close();
  await removeSearchFiles();
});

function newHost(): SearchHost {
  return createSearchHost({
    database: NAME,
    startWorker: () => {
      worker = new Worker(new URL('./search.worker.ts', import.meta.url), { type: 'module' });
      return worker;
    },
  });
}

/** Puts a file into the queue, as another tab does. */
async function add(path: string, text: string): Promise<string> {
  const content = { blob: new Blob([text]), sha256: `sha of ${text}` };
  const file = await db.write(['files', 'blobs'], (tx, stamp) =>
    createFile(tx, collectionId, path, content, stamp),
  );
  return file.id;
}

const read = (id: string, text: string, by = recipe) => readLines(db, id, text, by);
const embed = (id: string, generation: string, text: string, first = 0, count = 99) =>
  embedLines(db, id, generation, text, first, count);

async function addWhole(name: string, text: string, by = recipe): Promise<string> {
  const id = await add(name, text);
  await make(id, text, by);
  return id;
}

async function make(id: string, text: string, by = recipe): Promise<void> {
  const generation = await read(id, text, by);
  await embed(id, generation, text);
  await finishFile(db, id, generation, true);
}

const cold = { warm: async () => {} };
const created = () =>
  createSearchMethods({
    db,
    host,
    queries: { ...cold, get: async (_, text) => Float32Array.from(vectorOf(text)) },
    budget: async () => 1e8,
  });
const methods = () => created().methods;

async function search(text: string, options: Partial<SearchQuery> = {}): Promise<SearchAnswer> {
  const { port1 } = new MessageChannel();
  const query = { text, balance: 0.5, limit: 10, byFile: false, fold: false, ...options };
  const answer = await methods().search(collectionId, query, port1);
  return answer.behind ? search(text, options) : answer;
}

const found = ({ hits }: SearchAnswer) => hits.map(hit => `${hit.path} ${hit.ordinal}`);
const words = { balance: 0 };
const meaning = { balance: 1 };

test('a file is found by its words as soon as it is read, and by meaning block by block', async () => {
  const id = await add('tides.txt', TIDES);
  expect(found(await search('tide', words))).toEqual([]);
  const generation = await read(id, TIDES);
  const [hit] = (await search('tide', words)).hits;
  expect(hit).toMatchObject({
    path: 'tides.txt',
    ordinal: 0,
    excerpt: 'The tide turns at noon.',
    marks: [[4, 8]],
    headings: ['Notes'],
    lines: { first: 1, last: 1 },
    score: 1,
  });
  // Nothing has a vector: words serve, and it is said.
  expect(await search('water', meaning)).toMatchObject({ meaning: 'off', hits: [{ ordinal: 1 }] });
  await embed(id, generation, TIDES, 0, 1);
  expect(found(await search('water', meaning))).toEqual(['tides.txt 0']);
  await embed(id, generation, TIDES, 1);
  const { hits, chunks } = await search('water', meaning);
  expect(hits.map(({ ordinal }) => ordinal)).toEqual([0, 1]);
  expect(hits[1]?.lines).toEqual({ first: 2, last: 2 });
  expect(chunks).toEqual({ words: 2, meaning: 2 });
});

test('what is removed is gone at once, and back when that is undone, where it was', async () => {
  await addWhole('tides.txt', TIDES);
  const birds = await addWhole('birds.txt', BIRDS);
  await addWhole('bread.txt', BREAD);
  const before = await search('bird with water and flour');
  expect(new Set(before.hits.map(hit => hit.path)).size).toBe(3);
  await deleteFiles(db, [birds], Date.now());
  const after = await search('bird with water and flour');
  expect(after.hits.some(hit => hit.path === 'birds.txt')).toBe(false);
  expect(after.chunks).toEqual({ words: 4, meaning: 4 });
  await restoreFiles(db, [birds]);
  const { ms: _, ...restored } = await search('bird with water and flour');
  expect(restored).toEqual({ ...before, ms: undefined, ...restored, hits: before.hits });
});

test('changed content replaces the old only when it is whole', async () => {
  const id = await addWhole('notes.txt', TIDES);
  const content = { blob: new Blob([BREAD]), sha256: `sha of ${BREAD}` };
  await db.write(['files', 'blobs', 'meta'], async (tx, stamp) => {
    const file = await tx.objectStore('files').get(id);
    if (file) await replaceContent(tx, file, content, stamp);
  });
  const generation = await read(id, BREAD);
  expect(found(await search('tide', words))).toEqual(['notes.txt 0']);
  expect(found(await search('oven', words))).toEqual([]);
  await embed(id, generation, BREAD);
  await finishFile(db, id, generation, true);
  expect(found(await search('tide', words))).toEqual([]);
  expect(found(await search('oven', words))).toEqual(['notes.txt 1']);
  expect(found(await search('flour', meaning))[0]).toBe('notes.txt 0');
});

test('a recipe that takes over brings its own chunks and vectors, for all files at once', async () => {
  const tides = await addWhole('tides.txt', TIDES);
  const birds = await addWhole('birds.txt', BIRDS);
  const other = { ...recipe, modelId: 'other', dimensions: 3 };
  await setRecipe(db, collectionId, other);
  const bothOf = async (id: string, text: string) => {
    const generation = await read(id, text, other);
    const rows = [...text.matchAll(/.+/g)].map(([line]) => vectorOf(line).slice(0, 3));
    await commitBlock(db, id, {
      generation,
      first: 0,
      count: rows.length,
      data: Float32Array.from(rows.flat()),
    });
    await finishFile(db, id, generation, true);
  };
  await bothOf(tides, TIDES);
  expect((await search('tide', meaning)).chunks).toEqual({ words: 5, meaning: 5 });
  await bothOf(birds, BIRDS);
  const { port1 } = new MessageChannel();
  const query = { text: 'tide', balance: 1, limit: 3, byFile: false, fold: false };
  const three = createSearchMethods({
    db,
    host,
    queries: { ...cold, get: async (_, text) => Float32Array.from(vectorOf(text).slice(0, 3)) },
    budget: async () => 1e8,
  }).methods;
  await expect
    .poll(async () => (await three.search(collectionId, query, port1)).hits[0]?.path)
    .toBe('tides.txt');
  expect((await search('curlew', words)).chunks).toEqual({ words: 5, meaning: 5 });
});

test('filters, grouping, folding', async () => {
  await addWhole('sea/tides.txt', TIDES);
  await addWhole('land/bread.txt', BREAD);
  await addWhole('land/copy.txt', TIDES);
  const all = await search('water in the oven');
  expect(all.hits).toHaveLength(6);
  const land = await search('water in the oven', { folder: 'land/' });
  expect(new Set(land.hits.map(hit => hit.path))).toEqual(new Set(['land/bread.txt', 'land/copy.txt']));
  expect((await search('water', { formats: ['pdf'] })).hits).toEqual([]);
  expect((await search('water', { formats: ['plain'] })).hits).toHaveLength(6);
  const grouped = (await search('water in the oven', { byFile: true })).hits.map(hit => hit.path);
  expect(grouped.filter((name, i) => name !== grouped[i - 1])).toHaveLength(3);
  const once = await search('tide', { ...words, fold: true });
  expect(found(once)).toHaveLength(1);
  expect(once.hits[0]?.folded.map(({ path }) => path)).toHaveLength(1);
});

test('chunks that are like one, and the score of every chunk', async () => {
  const tides = await addWhole('tides.txt', TIDES);
  await addWhole('more.txt', 'Bread.\nNo tide without water.\n');
  await search('tide');
  const { port1 } = new MessageChannel();
  const like = await methods().similar({ fileId: tides, ordinal: 0 }, 2, port1);
  expect(found(like)).toEqual(['tides.txt 1', 'more.txt 1']);
  const scores = await methods().searchScores(
    collectionId,
    { text: 'tide', balance: 0, limit: 1, byFile: false, fold: false },
    new MessageChannel().port1,
  );
  expect(scores.files.map(({ count }) => count)).toEqual([2, 2]);
  expect(Array.from(scores.values, value => value > 0)).toEqual([false, true, true, false]);
});

test('a saved index opens as it was, and follows what has changed since', async () => {
  await addWhole('tides.txt', TIDES);
  const birds = await addWhole('birds.txt', BIRDS);
  const before = await search('a bird of the water');
  await host.call(new AbortController().signal, service => service.save());
  host.close();
  // Without vectors in the database only the saved index can find by meaning.
  await db.write(['vectors'], tx => tx.objectStore('vectors').clear());
  host = newHost();
  expect((await search('a bird of the water')).hits).toEqual(before.hits);
  host.close();
  // A later save that was cut short leaves the one before.
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('search');
  const next = await folder.getFileHandle(`${collectionId}.next.index`, { create: true });
  const writable = await next.createWritable();
  await writable.write(new Uint8Array(1_000));
  await writable.close();
  host = newHost();
  expect((await search('a bird of the water')).hits).toEqual(before.hits);
  await deleteFiles(db, [birds], Date.now());
  await addWhole('bread.txt', BREAD);
  await search('bread');
  await host.call(new AbortController().signal, service => service.save());
  host.close();
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  expect(names).toEqual([`${collectionId}.next.index`]);
  host = newHost();
  const later = await search('a bird of bread and water', meaning);
  expect(new Set(later.hits.map(hit => hit.path))).toEqual(new Set(['tides.txt', 'bread.txt']));
});

test('a damaged saved index is made again', async () => {
  await addWhole('tides.txt', TIDES);
  const before = await search('water');
  await host.call(new AbortController().signal, service => service.save());
  host.close();
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('search');
  const file = await folder.getFileHandle(`${collectionId}.index`);
  const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  const writable = await file.createWritable();
  await writable.write(bytes);
  await writable.close();
  host = newHost();
  expect((await search('water')).hits).toEqual(before.hits);
});

test('a worker that dies is replaced, and the question answered', async () => {
  await addWhole('tides.txt', TIDES);
  const before = await search('water');
  worker?.terminate();
  expect((await search('water')).hits).toEqual(before.hits);
});

test('words are answered at once while the vector of the query takes its time', async () => {
  await addWhole('tides.txt', TIDES);
  await search('tide');
  let give = (_: Float32Array) => {};
  const slow = createSearchMethods({
    db,
    host,
    queries: {
      ...cold,
      get: () =>
        new Promise(resolve => {
          give = resolve;
        }),
    },
    budget: async () => 1e8,
    patienceMs: 1,
  }).methods;
  const query = { text: 'water', balance: 0.5, limit: 10, byFile: false, fold: false };
  const early: SearchAnswer[] = [];
  const answer = slow.search(collectionId, query, new MessageChannel().port1, first => early.push(first));
  await expect.poll(() => early.length).toBe(1);
  expect(early[0]).toMatchObject({ meaning: 'wait' });
  expect(early[0] && found(early[0])).toEqual(['tides.txt 1']);
  give(Float32Array.from(vectorOf('water')));
  expect(await answer).toMatchObject({ meaning: 'used', hits: [{}, {}] });
});

test('what is said twice is named as such, what is like nothing else too, and the chunks’ lengths and languages', async () => {
  await addWhole('tides.txt', TIDES);
  await addWhole('copy/tides.txt', TIDES);
  await addWhole('birds.txt', BIRDS);
  const { port1 } = new MessageChannel();
  const facts = await methods().likenessFacts(collectionId, port1);
  expect(facts.chunks).toBe(7);
  const named = facts.groups.map(group => group.map(({ path, ordinal }) => `${path} ${ordinal}`));
  expect(named.some(group => group.includes('tides.txt 0') && group.includes('copy/tides.txt 0'))).toBe(true);
  expect(named.some(group => group.includes('tides.txt 0') && group.includes('birds.txt 0'))).toBe(false);
  expect(facts.duplicates).toBe(facts.groups.reduce((sum, group) => sum + group.length - 1, 0));
  expect(facts.outliers).toHaveLength(7);
  const cosines = facts.outliers.map(({ cosine }) => cosine);
  expect(cosines).toEqual([...cosines].sort((a, b) => a - b));
  const { tokens, languages } = await methods().collectionFacts(collectionId);
  expect(Array.from(tokens)).toEqual(Array(7).fill(3));
  expect(languages.reduce((sum, { files }) => sum + files, 0)).toBe(3);
});

test('that nothing comes close is said, and the tail that is no closer than anything is left out where that is asked', async () => {
  const lines = (line: string, count: number) => `${line}\n`.repeat(count);
  await addWhole('birds.txt', lines('A bird has a nest.', 30));
  await addWhole('bread.txt', lines('Bread and flour.', 30));
  const all = { ...meaning, limit: 60 };
  const good = await search('wing', { ...all, trim: true });
  expect(good.weak).toBeUndefined();
  expect(new Set(good.hits.map(({ path }) => path))).toEqual(new Set(['birds.txt']));
  expect(good.hits).toHaveLength(30);
  const none = await search('current', { ...all, trim: true });
  expect(none.weak).toBe(true);
  expect(none.hits).toHaveLength(10);
  expect(await search('current', all)).toMatchObject({ weak: true, hits: { length: 60 } });
  // A word of it stays, however far it is.
  const worded = await search('current bread', { balance: 0.9, limit: 60, trim: true });
  expect(worded.hits.filter(({ words: score = 0 }) => score > 0)).toHaveLength(30);
});

test('programs, and the facts of likeness, are answered from all that is stored, however long its index takes', async () => {
  const text = Array.from({ length: 5_000 }, (_, i) => `Bird ${i} has a nest of its own near water.`).join(
    '\n',
  );
  const id = await add('birds.txt', text);
  const generation = await read(id, text);
  await embed(id, generation, text, 0, 5_000);
  await finishFile(db, id, generation, true);
  const query = { text: 'bird', balance: 0.5, limit: 1, byFile: false, fold: false };
  const { chunks, behind } = await created().find(collectionId, query, new AbortController().signal);
  expect({ chunks, behind }).toEqual({ chunks: { words: 5_000, meaning: 5_000 }, behind: undefined });
  host.close();
  host = newHost();
  const { port1 } = new MessageChannel();
  expect((await methods().likenessFacts(collectionId, port1)).chunks).toBe(5_000);
});

test('beyond its memory a search says what it leaves out, and takes that in when something goes', async () => {
  const line = (i: number) => `Bird ${i % 97} nests by water ${(i * i) % 89} in wing ${i % 83}.`;
  const textOf = (from: number) => Array.from({ length: 4_000 }, (_, i) => line(from + i)).join('\n');
  const added: string[] = [];
  for (let n = 0; n < 3; n++) {
    const text = textOf(n * 4_000);
    const id = await add(`birds-${n}.txt`, text);
    const generation = await read(id, text);
    await embed(id, generation, text, 0, 4_000);
    await finishFile(db, id, generation, true);
    added.push(id);
  }
  const few = createSearchMethods({
    db,
    host,
    queries: { ...cold, get: async (_, text) => Float32Array.from(vectorOf(text)) },
    budget: async () => 800_000,
  });
  const early: SearchAnswer[] = [];
  const ask = async (balance: number) => {
    await few.methods.prepareSearch(collectionId);
    const query = { text: 'bird water', balance, limit: 5, byFile: false, fold: false };
    const { port1 } = new MessageChannel();
    return few.methods.search(collectionId, query, port1, answer => early.push(answer));
  };
  const full = await ask(0.5);
  // Its vectors are rounded, and what these find comes before the exact ones are read.
  const rounded = early.find(answer => answer.meaning === 'used');
  expect(rounded?.hits).toHaveLength(5);
  expect(Math.abs((rounded?.hits[0]?.score ?? 0) - (full.hits[0]?.score ?? 0))).toBeLessThan(0.05);
  expect(full.hits).toHaveLength(5);
  expect(full.chunks.words).toBeGreaterThan(4_000);
  expect(full.chunks.words).toBeLessThan(12_000);
  const left = (12_000 - full.chunks.words).toLocaleString('en');
  expect(full.notice).toMatch(/^The memory for search \(1 MB\) is full: /);
  expect(full.notice).toContain(`${left} not found by words`);
  expect((await ask(0)).notice).toBe(full.notice);
  const bytes = await host.call(new AbortController().signal, service => service.bytes());
  expect(bytes).toBeLessThan(1_000_000);
  await deleteFiles(db, added.slice(0, 2), Date.now());
  const later = await ask(0.5);
  expect(later.chunks).toEqual({ words: 4_000, meaning: 4_000 });
  expect(later.notice).toBeUndefined();
});
