import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Look, SeenFiles } from '../domain/folder.ts';
import type { ModelInfo, TokenizerSpec } from '../domain/model.ts';
import { putCollection } from '../store/collections.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import { deleteFiles, liveFiles, restoreFiles } from '../store/files.ts';
import { purge } from '../store/sweep.ts';
import { readVector } from '../store/vectors.ts';
import { addFiles } from './additions.ts';
import type { Addition } from './api.ts';
import { folderMethods } from './folder-methods.ts';
import type { FoldersApi } from './folders-api.ts';
import { lookInto } from './look.ts';
import { defaultRecipe } from './models.ts';
import { createPipeline } from './pipeline.ts';
import type { Reader } from './reader.ts';
import { createSentenceVectors } from './sentence-vectors.ts';
import { wordChunks } from './testing.ts';

const NAME = 'vecdrop-folders-test';
const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const tokenizer: TokenizerSpec = {
  kind: 'wordpiece',
  tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...letters, ...letters.map(letter => `##${letter}`)],
  lowercase: true,
  ids: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 },
};
const info = { id: 'm', name: 'm', dimensions: 2, contextLength: 64, pooling: 'mean' } as ModelInfo;
const reader: Reader = {
  async read(blob) {
    const text = await blob.text();
    return { pages: [text], length: text.length, blocks: [], format: 'plain', columns: wordChunks(text) };
  },
  rechunk: async text => wordChunks((await text.parts()).pages.join('')),
  sentences: () => Promise.reject(new Error('No sentences are asked for.')),
  close: () => {},
};

let db: Database;
let folders: FoldersApi;
let stop: AbortController;
let running: Promise<void>;
let tokens: number;
/** Every embedding is other than the ones before: a vector that is the same was kept. */
let embedded: number;

beforeEach(async () => {
  await deleteDatabase(NAME);
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  await putCollection(db, { id: 'c', name: 'c', recipe: defaultRecipe(info), createdAt: 1 });
  folders = folderMethods(db);
  tokens = 0;
  embedded = 0;
  stop = new AbortController();
  const pipeline = createPipeline({
    db,
    reader,
    sentences: createSentenceVectors({ embed: () => Promise.reject(new Error('No sentences.')) }),
    models: {
      list: async () => [info],
      info: async () => info,
      open: async () => ({ info, tokenizer, gguf: new Blob() }),
      add: async () => info,
    },
    engines: {
      get: async () => ({
        whenFree: async () => {},
        async embed(batch) {
          return { data: Float32Array.from(batch.flatMap(() => [++embedded, 1])), dimensions: 2 };
        },
      }),
      test: () => Promise.reject(new Error('Nothing to test.')),
      makeRoom: () => {},
      close: async () => {},
    },
    onTokens: more => {
      tokens += more;
    },
    onProgress: () => {},
  });
  db.onChange(() => pipeline.check());
  running = pipeline.run(stop.signal);
});
afterEach(async () => {
  stop.abort();
  await running;
  db.close();
});

const never = new AbortController().signal;
const onDisk = (content: Record<string, string>, at: number): Addition[] =>
  Object.entries(content).map(([path, text]) => ({
    file: new File([text], path.split('/').at(-1) ?? '', { lastModified: at }),
    path,
    fromFolder: true,
  }));

async function add(additions: readonly Addition[]): Promise<void> {
  await addFiles(
    db,
    'c',
    additions,
    () => Promise.reject(new Error('No model.')),
    never,
    () => {},
  );
  while ((await liveFiles(db, 'c')).some(({ state }) => state !== 'done'))
    await new Promise(done => setTimeout(done, 5));
}

/** Compares as the page does; `looked` are the files whose content had to be read. */
async function compare(files: readonly Addition[]) {
  const seen: SeenFiles = {
    paths: files.map(({ path }) => path),
    bytes: files.map(({ file }) => file.size),
    modifiedAt: files.map(({ file }) => file.lastModified),
    unseen: [],
  };
  const { toLook } = await folders.compareFolders('c', ['f'], seen, new Map());
  const asked = toLook.map(({ index, hash }) => ({ file: (files[index] as Addition).file, hash }));
  const looks = await lookInto(asked, never, () => {});
  const found = new Map<number, Look>(toLook.map(({ index }, i) => [index, looks[i] as Look]));
  const diff = await folders.compareFolders('c', ['f'], seen, found);
  return { ...diff, looked: toLook.map(({ index }) => files[index]?.path) };
}

async function vectorsOf(path: string): Promise<number[][]> {
  const { current } = (await liveFiles(db, 'c')).find(file => file.path === path) ?? {};
  const ordinals = [...Array(current?.chunks ?? 0).keys()];
  return Promise.all(ordinals.map(async i => [...((await readVector(db, current?.id ?? '', i)) ?? [])]));
}
const paths = async () => (await liveFiles(db, 'c')).map(({ path }) => path);

it('a moved file keeps its vectors bit for bit and embeds nothing; Undo takes it back', async () => {
  await add(onDisk({ 'f/a.md': 'one two three', 'f/b.md': 'four' }, 1));
  const before = await vectorsOf('f/a.md');
  expect(before).toHaveLength(3);
  const embeddedBefore = embedded;
  const { moved, looked, unchanged } = await compare(
    onDisk({ 'f/new/place.md': 'one two three', 'f/b.md': 'four' }, 1),
  );
  expect({ moved: moved.map(({ from, to }) => [from, to]), looked, unchanged }).toEqual({
    moved: [['f/a.md', 0]],
    looked: ['f/new/place.md'],
    unchanged: 1,
  });
  const id = moved[0]?.id ?? '';
  await folders.placeFiles([{ id, path: 'f/new/place.md' }]);
  expect(await paths()).toEqual(['f/b.md', 'f/new/place.md']);
  expect(await vectorsOf('f/new/place.md')).toEqual(before);
  await folders.placeFiles([{ id, path: 'f/a.md' }]);
  expect(await vectorsOf('f/a.md')).toEqual(before);
  expect((await liveFiles(db, 'c')).every(({ state }) => state === 'done')).toBe(true);
  expect(embedded).toBe(embeddedBefore);
});

it('a path that was taken meanwhile is not taken twice', async () => {
  await add(onDisk({ 'f/a.md': 'one', 'f/b.md': 'two' }, 1));
  const [first] = await liveFiles(db, 'c');
  await folders.placeFiles([{ id: first?.id ?? '', path: 'f/b.md' }]);
  expect(await paths()).toEqual(['f/b (2).md', 'f/b.md']);
});

it('what is gone comes back with its vectors', async () => {
  await add(onDisk({ 'f/a.md': 'one two', 'f/b.md': 'four' }, 1));
  const before = await vectorsOf('f/a.md');
  const { gone } = await compare(onDisk({ 'f/b.md': 'four' }, 1));
  expect(gone.map(({ path }) => path)).toEqual(['f/a.md']);
  const ids = gone.map(({ id }) => id);
  await deleteFiles(db, ids, Date.now());
  expect(await paths()).toEqual(['f/b.md']);
  await restoreFiles(db, ids);
  expect(await vectorsOf('f/a.md')).toEqual(before);
});

it('a changed file embeds only the tokens of chunks whose text is new', async () => {
  await add(onDisk({ 'f/a.md': 'one two three four' }, 1));
  const kept = await vectorsOf('f/a.md');
  tokens = 0;
  const changed = onDisk({ 'f/a.md': 'zero one two extra three four' }, 2);
  expect((await compare(changed)).changed).toEqual([0]);
  await add(changed);
  // 'zero' and 'extra', a token each letter, between two special ones.
  expect(tokens).toBe(4 + 2 + 5 + 2);
  const now = await vectorsOf('f/a.md');
  expect([now[1], now[2], now[4], now[5]]).toEqual(kept);
});

it('a file of the same size and another time is read once to be known as unchanged, and then no more', async () => {
  await add(onDisk({ 'f/a.md': 'one' }, 1));
  const touched = onDisk({ 'f/a.md': 'one' }, 2);
  expect(await compare(touched)).toMatchObject({ unchanged: 1, looked: ['f/a.md'] });
  expect(await compare(touched)).toMatchObject({ unchanged: 1, looked: [] });
});

it('a folder is kept as a handle that still opens, by collection, and goes with it', async () => {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getDirectoryHandle('kept', { create: true });
  await folders.keepFolder('c', handle);
  await folders.keepFolder('c', handle);
  await folders.keepFolder('other', handle);
  const [folder, ...more] = await folders.keptFolders('c');
  expect(more).toEqual([]);
  expect(folder?.name).toBe('kept');
  expect(await folder?.handle.isSameEntry(handle)).toBe(true);
  await putCollection(db, { id: 'c', name: 'c', recipe: defaultRecipe(info), createdAt: 1, deletedAt: 1 });
  await purge(db, Date.now());
  expect(await folders.keptFolders('c')).toEqual([]);
  expect(await folders.keptFolders('other')).toHaveLength(1);
  await root.removeEntry('kept', { recursive: true });
});
