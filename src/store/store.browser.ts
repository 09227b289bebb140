import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toColumns } from '../domain/chunk.ts';
import { errorCode } from '../domain/errors.ts';
import { type Recipe, recipeKey } from '../domain/recipe.ts';
import { dropNextRecipe, getCollection, putCollection, setRecipe } from './collections.ts';
import { type Database, deleteDatabase, openDatabase } from './database.ts';
import { readPages, readText, writeDocument } from './documents.ts';
import {
  cancelFiles,
  changedFiles,
  collectionTotals,
  deleteFiles,
  getFile,
  liveFiles,
  readable,
  restoreFiles,
} from './files.ts';
import { beginAttempt, commitBlock, commitChunks, finishFile, nextFile, settleRecipes } from './queue.ts';
import type { FileRecord, Generation } from './schema.ts';
import { dropDrafts, purge, sweep, UNDO_MS } from './sweep.ts';
import { readColumns, readVector } from './vectors.ts';

const NAME = 'vecdrop-store-test';
const recipe = (chunkSize: number): Recipe => ({
  modelId: 'm',
  strategy: 'recursive',
  chunkSize,
  overlap: 0,
  embedHeadings: false,
  documentPrefix: '',
  queryPrefix: '',
  pooling: 'mean',
  normalize: true,
  dimensions: 2,
  versions: { parser: 1, chunker: 1, tokenizer: 1 },
});

let db: Database;
const open = () => openDatabase({ name: NAME, onBlocked: () => {} });

beforeEach(async () => {
  await deleteDatabase(NAME);
  db = await open();
  await putCollection(db, { id: 'c', name: 'Papers', recipe: recipe(200), createdAt: 1 });
});
afterEach(() => db.close());

async function addFile(id: string, path = `${id}.txt`): Promise<void> {
  await db.write(['files', 'blobs'], async (tx, stamp) => {
    const file: FileRecord = {
      id,
      collectionId: 'c',
      path,
      bytes: 3,
      sha256: `sha-${id}`,
      state: 'waiting',
      queue: stamp(),
      attempts: 0,
      addedAt: 1,
      revision: stamp(),
    };
    await tx.objectStore('files').put(file);
    await tx.objectStore('blobs').put({ fileId: id, blob: new Blob(['abc']) });
  });
}

/** Chunks of one character each. */
async function commitText(id: string, text: string, chunkSize = 200): Promise<Generation> {
  const document = `doc-${id}-${chunkSize}`;
  await writeDocument(db, { document, page: -1, length: text.length, blocks: [] }, [text]);
  const chunks = [...text].map((_, i) => ({
    ordinal: i,
    start: i,
    end: i + 1,
    tokens: 3,
    unknown: 0,
    headings: [],
    context: '',
  }));
  const generation: Generation = {
    id: `gen-${id}-${chunkSize}`,
    document,
    sha256: `sha-${id}`,
    parser: 1,
    recipeKey: recipeKey(recipe(chunkSize)),
    embeddingKey: 'e',
    chunks: chunks.length,
    done: 0,
    tokens: 3 * chunks.length,
    unknown: 0,
    pages: 0,
  };
  await commitChunks(db, id, generation, toColumns(chunks, new Uint8Array(16 * chunks.length)), 'plain');
  return generation;
}

const block = (generation: string, first: number, count: number) => ({
  generation,
  first,
  count,
  data: Float32Array.from({ length: count * 2 }, (_, i) => first + i),
});

async function finish(id: string, text: string, chunkSize = 200): Promise<Generation> {
  const generation = await commitText(id, text, chunkSize);
  await commitBlock(db, id, block(generation.id, 0, text.length));
  await finishFile(db, id, generation.id, true);
  return generation;
}

describe('the queue', () => {
  it('gives files in the order of adding, leaving out those under way and the deleted', async () => {
    for (const id of ['b', 'a', 'z']) await addFile(id);
    await deleteFiles(db, ['a'], Date.now());
    expect((await nextFile(db, new Set()))?.file.id).toBe('b');
    expect((await nextFile(db, new Set(['b'])))?.file.id).toBe('z');
    expect(await nextFile(db, new Set(['b', 'z']))).toBeUndefined();
  });

  it('counts a death before work starts, and forgets it with every committed block', async () => {
    await addFile('a');
    await beginAttempt(db, 'a', 'reading');
    await beginAttempt(db, 'a', 'reading');
    expect((await getFile(db, 'a'))?.attempts).toBe(2);
    const generation = await commitText('a', 'xyz');
    await beginAttempt(db, 'a', 'embedding');
    await commitBlock(db, 'a', block(generation.id, 0, 2));
    expect(await getFile(db, 'a')).toMatchObject({ attempts: 0, growing: { done: 2 } });
  });

  it('takes blocks only in order and only of the generation that grows', async () => {
    await addFile('a');
    const generation = await commitText('a', 'xyz');
    expect(await commitBlock(db, 'a', block(generation.id, 1, 1))).toBeUndefined();
    expect(await commitBlock(db, 'a', block('another', 0, 1))).toBeUndefined();
    expect(await readVector(db, generation.id, 0)).toBeUndefined();
    await commitBlock(db, 'a', block(generation.id, 0, 1));
    await commitBlock(db, 'a', block(generation.id, 1, 2));
    expect(await readVector(db, generation.id, 2)).toEqual(Float32Array.of(3, 4));
  });

  it('does nothing for a file that was cancelled or removed meanwhile', async () => {
    await addFile('a');
    const generation = await commitText('a', 'xy');
    await cancelFiles(db, ['a']);
    expect(await commitBlock(db, 'a', block(generation.id, 0, 1))).toBeUndefined();
    expect((await getFile(db, 'a'))?.state).toBe('cancelled');
  });

  it('is there again after the database was closed', async () => {
    await addFile('a');
    db.close();
    db = await open();
    expect((await nextFile(db, new Set()))?.file.path).toBe('a.txt');
  });
});

describe('texts', () => {
  it('are read by spans across stored pages', async () => {
    const pages = ['a'.repeat(65_536), 'b'.repeat(65_536), 'c'];
    await writeDocument(db, { document: 'd', page: -1, length: 131_073, blocks: [] }, pages);
    expect(await readText(db, 'd', 65_534, 65_538)).toBe('aabb');
    expect(await readText(db, 'd', 131_071, 200_000)).toBe('bc');
    expect((await readPages(db, 'd')).join('').length).toBe(131_073);
  });

  it('are left alone by the sweep while they are written, and go when their writer died', async () => {
    await writeDocument(db, { document: 'draft', page: -1, length: 1, blocks: [] }, ['x']);
    await addFile('a');
    const { document } = await finish('a', 'xyz');
    await sweep(db);
    expect(await readPages(db, 'draft')).toEqual(['x']);
    await dropDrafts(db);
    await sweep(db);
    expect(await readPages(db, 'draft')).toEqual([]);
    expect(await readPages(db, document)).toEqual(['xyz']);
  });
});

describe('deleting', () => {
  it('can be undone until the purge, which leaves nothing behind', async () => {
    await addFile('a');
    const generation = await finish('a', 'xyz');
    const now = Date.now();
    await deleteFiles(db, ['a'], now);
    expect(await liveFiles(db, 'c')).toEqual([]);
    await purge(db, now + UNDO_MS - 1);
    await restoreFiles(db, ['a']);
    expect((await liveFiles(db, 'c')).map(file => file.path)).toEqual(['a.txt']);

    await deleteFiles(db, ['a'], now);
    await purge(db, now + UNDO_MS);
    await restoreFiles(db, ['a']);
    expect(await liveFiles(db, 'c')).toEqual([]);
    expect(await readColumns(db, generation.id)).toBeUndefined();
    expect(await readVector(db, generation.id, 0)).toBeUndefined();
    expect(await readPages(db, generation.document)).toEqual([]);
  });

  it('gives a file that comes back a free name where its own was taken', async () => {
    await addFile('a', 'notes.txt');
    await deleteFiles(db, ['a'], Date.now());
    await addFile('b', 'notes.txt');
    await restoreFiles(db, ['a']);
    expect((await getFile(db, 'a'))?.path).toBe('notes (2).txt');
  });

  it('of a collection purges its files', async () => {
    await addFile('a');
    await finish('a', 'xyz');
    await db.write(['collections'], async tx => {
      const record = await tx.objectStore('collections').get('c');
      if (record) await tx.objectStore('collections').put({ ...record, deletedAt: 5 });
    });
    await purge(db, 5 + UNDO_MS);
    await purge(db, 5 + UNDO_MS);
    expect((await getFile(db, 'a'))?.purged).toBe(true);
    await expect(getCollection(db, 'c')).rejects.toThrow('no longer exists');
  });
});

describe('a new recipe', () => {
  it('leaves the old vectors serving until every file is whole, then swaps all at once', async () => {
    for (const id of ['a', 'b']) await addFile(id);
    const old = [await finish('a', 'xyz'), await finish('b', 'uv')];
    await setRecipe(db, 'c', recipe(100));
    const seen = async () => {
      const collection = await getCollection(db, 'c');
      return (await liveFiles(db, 'c')).map(file => readable(file, collection)?.id);
    };
    expect(await seen()).toEqual(old.map(generation => generation.id));
    const fresh = [await finish('a', 'xyz', 100)];
    expect(await seen()).toEqual(old.map(generation => generation.id));
    fresh.push(await finish('b', 'uv', 100));
    expect(await seen()).toEqual(fresh.map(generation => generation.id));
    expect((await getCollection(db, 'c')).recipe.chunkSize).toBe(100);
    await sweep(db);
    expect(await readVector(db, old[0]?.id ?? '', 0)).toBeUndefined();
    expect(await readVector(db, fresh[0]?.id ?? '', 0)).toBeDefined();
  });

  it('can be given up half-way: what served goes on serving', async () => {
    for (const id of ['a', 'b']) await addFile(id);
    await finish('a', 'xyz');
    await finish('b', 'uv');
    await setRecipe(db, 'c', recipe(100));
    await finish('a', 'xyz', 100);
    await dropNextRecipe(db, 'c');
    const files = await liveFiles(db, 'c');
    expect(files.map(file => [file.state, file.queue, file.growing, file.current?.id])).toEqual([
      ['done', undefined, undefined, 'gen-a-200'],
      ['done', undefined, undefined, 'gen-b-200'],
    ]);
    await sweep(db);
    expect(await readVector(db, 'gen-a-200', 0)).toBeDefined();
  });

  it('takes over at once where there are no finished vectors, and when the last waiting file is removed', async () => {
    await addFile('a');
    await setRecipe(db, 'c', recipe(100));
    expect((await getCollection(db, 'c')).recipe.chunkSize).toBe(100);
    await finish('a', 'xyz', 100);
    await setRecipe(db, 'c', recipe(50));
    await deleteFiles(db, ['a'], Date.now());
    await settleRecipes(db);
    expect((await getCollection(db, 'c')).recipe.chunkSize).toBe(50);
  });

  it('that changes only the query prefix needs no work', async () => {
    await addFile('a');
    await finish('a', 'xyz');
    await setRecipe(db, 'c', { ...recipe(200), queryPrefix: 'query: ' });
    expect(await getCollection(db, 'c')).toMatchObject({ recipe: { queryPrefix: 'query: ' } });
    expect((await getFile(db, 'a'))?.state).toBe('done');
  });
});

describe('changes', () => {
  it('are asked for by revision, each one once, in pages', async () => {
    for (let i = 0; i < 5; i++) await addFile(`f${i}`);
    const first = await changedFiles(db, 'c', 0, 3);
    const second = await changedFiles(db, 'c', first.at(-1)?.revision ?? 0, 3);
    expect([...first, ...second].map(row => row.id)).toEqual(['f0', 'f1', 'f2', 'f3', 'f4']);
    await deleteFiles(db, ['f1'], 7);
    const later = await changedFiles(db, 'c', second.at(-1)?.revision ?? 0, 10);
    expect(later.map(row => [row.id, row.deletedAt])).toEqual([['f1', 7]]);
  });

  it('of another tab are told', async () => {
    const other = await open();
    const heard = new Promise<number>(resolve => other.onChange(resolve));
    await addFile('a');
    expect(await heard).toBeGreaterThan(0);
    other.close();
  });

  it('keep a collection’s totals right', async () => {
    const totals = collectionTotals(db);
    await addFile('a');
    await finish('a', 'xyz');
    await addFile('b');
    expect(await totals()).toMatchObject([{ files: 2, chunks: 3, tokens: 9, bytes: 6 }]);
    await deleteFiles(db, ['a'], Date.now());
    expect(await totals()).toMatchObject([{ files: 1, chunks: 0, bytes: 3 }]);
  });
});

describe('versions', () => {
  it('leaves data of a newer one alone, and says so', async () => {
    db.close();
    await deleteDatabase(NAME);
    const newer = await openDB(NAME, 99, {
      upgrade: upgrading => void upgrading.createObjectStore('future'),
    });
    newer.close();
    const error = await open().catch(caught => caught);
    expect(errorCode(error)).toBe('storage/newer');
    const still = await openDB(NAME, 99);
    expect([...still.objectStoreNames]).toEqual(['future']);
    still.close();
    await deleteDatabase(NAME);
    db = await open();
  });

  it('closes for a newer one and asks for a reload', async () => {
    let ask = (_: string) => {};
    const asked = new Promise<string>(resolve => {
      ask = resolve;
    });
    await openDatabase({ name: NAME, onBlocked: ask });
    db.close();
    const newer = await openDB(NAME, 99);
    newer.close();
    expect(await asked).toContain('Reload');
    await deleteDatabase(NAME);
    db = await open();
  });
});
