import { afterEach, beforeEach, expect, test } from 'vitest';
import { toColumns } from '../domain/chunk.ts';
import type { ModelInfo } from '../domain/model.ts';
import { embeddingKey, recipeKey } from '../domain/recipe.ts';
import { putCollection } from '../store/collections.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import { deleteFiles } from '../store/files.ts';
import { createKeys, type Keys } from './keys.ts';
import { defaultRecipe, type Models } from './models.ts';
import type { UpsertApi, UpsertReport, UpsertSelection } from './upsert-api.ts';
import { upsertMethods } from './upsert-methods.ts';

const NAME = 'vecdrop-upsert-test';
const DIMENSIONS = 4;
const model = { id: 'm', name: 'm', dimensions: DIMENSIONS, contextLength: 64, pooling: 'mean' } as ModelInfo;
const recipe = defaultRecipe(model);
const target = { database: 'qdrant', address: 'http://qdrant.example:6333/', collection: 'papers' };

interface Point {
  id: string;
  payload: Record<string, unknown>;
}

let db: Database;
let keys: Keys;
let methods: UpsertApi;
/** What the server holds: a collection of vectors of this size, once it is made. */
let size: number | undefined;
let points: Map<string, Point>;
/** Method, path and key of every request. */
let asked: string[];

beforeEach(async () => {
  await deleteDatabase(NAME);
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  await putCollection(db, { id: 'c', name: 'Häfen & Meer', recipe, createdAt: 1 });
  keys = createKeys(db, `${NAME}-keys`);
  [size, points, asked] = [undefined, new Map(), []];
  const models = { info: async () => model } as unknown as Models;
  methods = upsertMethods({ db, models, keys, fetch: answer, baseUrl: 'http://localhost/' });
});
afterEach(async () => {
  keys.close();
  db.close();
  await deleteDatabase(NAME);
});

/** A Qdrant as far as it is needed here; how exactly it is spoken to is tested beside its client. */
async function answer(url: string, init?: RequestInit): Promise<Response> {
  const { pathname } = new URL(url);
  const route = `${init?.method} ${pathname}`;
  asked.push(`${route} ${new Headers(init?.headers).get('api-key') ?? ''}`.trim());
  const body = init?.body ? JSON.parse(init.body as string) : undefined;
  const result = (value: unknown) => Response.json({ result: value, status: 'ok', time: 0 });
  switch (route) {
    case 'GET /':
      return Response.json({ title: 'qdrant', version: '1.17.0' });
    case 'GET /collections':
      return result({ collections: size === undefined ? [] : [{ name: 'papers' }] });
    case 'GET /collections/papers':
      if (size === undefined) return Response.json({ status: { error: 'Not found' } }, { status: 404 });
      return result({
        points_count: points.size,
        config: { params: { vectors: { size, distance: 'Cosine' } } },
      });
    case 'PUT /collections/papers':
      size = body.vectors.size;
      return result(true);
    case 'PUT /collections/papers/points':
      for (const point of body.points) points.set(point.id, point);
      return result({ status: 'completed' });
    case 'POST /collections/papers/points':
      return result(body.ids.flatMap((id: string) => points.get(id) ?? []));
    case 'POST /collections/papers/points/scroll': {
      const { key, match } = body.filter.must[0];
      const own = [...points.values()].filter(({ payload }) => payload[key] === match.value);
      return result({ points: own, next_page_offset: null });
    }
    case 'POST /collections/papers/points/delete':
      for (const id of body.points) points.delete(id);
      return result({ status: 'completed' });
    default:
      return result({ status: 'completed' });
  }
}

/** A file of chunks of one word each, all embedded; `queued` where it waits to be read again. */
async function putFile(id: string, chunks: number, queued = false): Promise<void> {
  const columns = toColumns(
    Array.from({ length: chunks }, (_, ordinal) => ({
      ordinal,
      start: ordinal * 2,
      end: ordinal * 2 + 1,
      tokens: 3,
      unknown: 0,
      headings: [],
      context: '',
    })),
    new Uint8Array(chunks * 16),
  );
  const current = {
    id,
    document: id,
    sha256: id,
    parser: 1,
    recipeKey: recipeKey(recipe),
    embeddingKey: embeddingKey(recipe),
    chunks,
    done: chunks,
    tokens: 3 * chunks,
    unknown: 0,
    pages: 0,
  };
  await db.write(['files', 'documents', 'chunks', 'vectors'], async (tx, stamp) => {
    await tx.objectStore('files').put({
      id,
      collectionId: 'c',
      path: `${id}.txt`,
      bytes: 1,
      sha256: id,
      state: queued ? 'waiting' : 'done',
      ...(queued ? { queue: 1 } : {}),
      attempts: 0,
      addedAt: 1,
      revision: stamp(),
      current,
    });
    await tx.objectStore('documents').put({ document: id, page: 0, text: 'a '.repeat(chunks) });
    await tx.objectStore('chunks').put({ generation: id, columns });
    const data = Float32Array.from({ length: chunks * DIMENSIONS }, (_, i) => Math.sin(i));
    await tx.objectStore('vectors').put({ generation: id, first: 0, count: chunks, data });
  });
}

const port = () => new MessageChannel().port1;
const send = (selection: UpsertSelection = {}): Promise<UpsertReport> =>
  methods.upsertCollection('c', target, selection, port(), () => {});

test('what is there to send, and what becomes of it', async () => {
  await putFile('a', 5);
  await putFile('b', 3);
  expect(await methods.upsertOffer('c', {})).toEqual({
    collection: 'hafen_meer',
    records: 8,
    dimensions: DIMENSIONS,
    unfinished: 0,
  });
  expect(await methods.lookAtDatabase('c', target, port())).toEqual({ version: '1.17.0', collections: [] });
  expect(await send({ fileIds: ['b'] })).toEqual({ added: 3, updated: 0, unchanged: 0, leftOver: 0 });
  expect(await send()).toEqual({ added: 5, updated: 0, unchanged: 3, leftOver: 0 });
  expect(await methods.lookAtDatabase('c', target, port())).toMatchObject({
    there: { points: 8, dimensions: DIMENSIONS },
  });
});

test('points of files that are gone or shorter are left over, those of files in the queue are not', async () => {
  await putFile('a', 5);
  await putFile('b', 3);
  await send();
  points.set('of another', { id: 'of another', payload: { file: 'a.txt', ordinal: 900 } });
  await putFile('a', 2, true);
  await deleteFiles(db, ['b'], Date.now());
  expect(await send()).toMatchObject({ leftOver: 3 });
  await putFile('a', 2);
  expect(await send({ fileIds: ['a'] })).toMatchObject({ leftOver: 0 });
  expect(await send()).toMatchObject({ leftOver: 6 });
  expect(await methods.removeLeftOver('c', target, port())).toBe(6);
  expect(points.size).toBe(3);
  expect(points.has('of another')).toBe(true);
});

test('a collection that does not fit is said so, and nothing is written', async () => {
  await putFile('a', 2);
  size = 384;
  const look = await methods.lookAtDatabase('c', target, port());
  expect(look.problem).toMatchObject({ code: 'database/mismatch', message: expect.stringContaining('384') });
  await expect(send()).rejects.toMatchObject({ code: 'database/mismatch' });
  expect(asked.filter(request => request.startsWith('PUT'))).toEqual([]);
});

test('a key that was given once serves until it is forgotten', async () => {
  await putFile('a', 1);
  await methods.lookAtDatabase('c', { ...target, key: 'secret' }, port());
  expect(await methods.databaseKey('http://qdrant.example:6333')).toBe('tab');
  await send();
  expect(asked.every(request => request.endsWith(' secret'))).toBe(true);
  await methods.forgetDatabaseKey(target.address);
  expect(await methods.databaseKey(target.address)).toBe('none');
  asked = [];
  await send();
  expect(asked.some(request => request.endsWith(' secret'))).toBe(false);
});

test('what is no address is refused before anything is asked', async () => {
  const wrong = { ...target, address: 'localhost 6333' };
  await expect(methods.lookAtDatabase('c', wrong, port())).rejects.toMatchObject({ code: 'input/invalid' });
  expect(asked).toEqual([]);
});
