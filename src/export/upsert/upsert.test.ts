import { QdrantClient } from '@qdrant/js-client-rest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type QdrantServer, startQdrantServer } from '../../../scripts/qdrant-server.ts';
import { type Recipe, VERSIONS } from '../../domain/recipe.ts';
import type { ExportHeader, ExportRecord } from '../format.ts';
import { awkwardRecords, headerOf } from '../testing.ts';
import type { ClientOptions, DatabaseClient } from './database.ts';
import { checkFit } from './fit.ts';
import { findLeftOver, removePoints } from './left-over.ts';
import { qdrant } from './qdrant.ts';
import { type SendCounts, type SendOptions, sendRecords } from './send.ts';

const never = new AbortController().signal;
const DIMENSIONS = 8;
const BATCH = 50;
let server: QdrantServer;
/** Waits that were asked for, in milliseconds; none is made in full. */
let waits: number[];

beforeEach(async () => {
  server = await startQdrantServer();
  waits = [];
});
afterEach(() => server.close());

/** With few records a request, so that few make many requests. */
function open(options: Partial<ClientOptions> = {}): DatabaseClient {
  const client = qdrant.open({
    address: server.address,
    fetch: (url, init) => fetch(url, init),
    origin: 'http://localhost:8080',
    wait: async (ms, signal) => {
      waits.push(ms);
      signal.throwIfAborted();
    },
    ...options,
  });
  return { ...client, most: async () => BATCH };
}

/** Records of ten a file, as a collection gives them. */
function makeRecords(count: number, change: (record: ExportRecord) => Partial<ExportRecord> = () => ({})) {
  return Array.from({ length: count }, (_, index): ExportRecord => {
    const record: ExportRecord = {
      ...(awkwardRecords[index % 2] as ExportRecord),
      id: `${String(index).padStart(8, '0')}-89ab-8def-8123-456789abcdef`,
      index,
      file: `notes/${Math.floor(index / 10)}.txt`,
      ordinal: index % 10,
      embedding: Float32Array.from({ length: DIMENSIONS }, (_, at) => Math.sin(index * 31 + at * 7)),
    };
    return { ...record, ...change(record) };
  });
}

async function* each(records: readonly ExportRecord[]) {
  yield* records;
}

const headerFor = (records: readonly ExportRecord[]): ExportHeader =>
  headerOf(records, { recipe: { modelId: 'm', normalize: true, versions: VERSIONS } as Recipe });

async function send(
  records: readonly ExportRecord[],
  options: Partial<SendOptions> = {},
): Promise<SendCounts> {
  const client = options.client ?? open();
  const there = await client.look('papers', never);
  await client.prepare('papers', there ? undefined : { dimensions: DIMENSIONS }, never);
  return sendRecords({
    client,
    collection: 'papers',
    header: headerFor(records),
    records: each(records),
    owner: 'c1',
    empty: !there?.points,
    signal: never,
    progress: () => {},
    ...options,
  });
}

const stored = () => server.collections.get('papers')?.points ?? new Map();
const writes = () => server.seen.filter(({ method, path }) => method === 'PUT' && path.includes('/points'));

test('records arrive once each, as Qdrant’s own client reads them', async () => {
  const records = makeRecords(120);
  expect(await send(records)).toEqual({ added: 120, updated: 0, unchanged: 0 });
  const official = new QdrantClient({ url: server.address, checkCompatibility: false });
  expect(await official.getCollection('papers')).toMatchObject({
    points_count: 120,
    config: { params: { vectors: { size: DIMENSIONS, distance: 'Cosine' } } },
  });
  const [second] = await official.retrieve('papers', {
    ids: [records[1]?.id as string],
    with_payload: ['text', 'file', 'ordinal', 'first_line'],
  });
  expect(second?.payload).toEqual({
    text: "=𝄞, it's; back\\slash",
    file: 'notes/0.txt',
    ordinal: 1,
    first_line: 12,
  });
  expect([...stored().keys()].sort()).toEqual(records.map(({ id }) => id));
});

test('a second run sends nothing, a changed text or vector one point', async () => {
  const records = makeRecords(40);
  await send(records);
  const before = writes().length;
  expect(await send(records)).toEqual({ added: 0, updated: 0, unchanged: 40 });
  expect(writes()).toHaveLength(before);
  const changed = makeRecords(41, ({ index }) =>
    index === 3
      ? { text: 'Other words.' }
      : index === 4
        ? { embedding: Float32Array.from({ length: DIMENSIONS }, () => 0.5) }
        : {},
  );
  expect(await send(changed)).toEqual({ added: 1, updated: 2, unchanged: 38 });
  expect(stored().size).toBe(41);
  expect(stored().get(changed[3]?.id as string)?.payload.text).toBe('Other words.');
});

test('killed at half and run again: exactly the right points, once each, and only the rest is sent', async () => {
  const records = makeRecords(600);
  const kill = new AbortController();
  let accepted = 0;
  server.intervene = ({ method, path }, response) => {
    if (method !== 'PUT' || !path.includes('/points')) return false;
    if (accepted < 6) {
      accepted += 1;
      return false;
    }
    // From here on nothing is answered: the sender dies with requests under way.
    kill.abort();
    response.destroy();
    return true;
  };
  await expect(send(records, { signal: kill.signal })).rejects.toMatchObject({ name: 'AbortError' });
  server.intervene = undefined;
  server.seen.length = 0;
  const { added, updated, unchanged } = await send(records);
  // What was under way at the end may have arrived or not; it is half in any case, give or take.
  expect(unchanged).toBeGreaterThanOrEqual(300);
  expect(unchanged).toBeLessThanOrEqual(300 + 4 * BATCH);
  expect({ updated, all: added + unchanged }).toEqual({ updated: 0, all: 600 });
  expect([...stored().keys()].sort()).toEqual(records.map(({ id }) => id));
});

test('what may pass is tried again, as late as the server says', async () => {
  let failures = 3;
  server.intervene = ({ method, path }, response) => {
    if (method !== 'PUT' || !path.includes('/points') || failures === 0) return false;
    failures -= 1;
    if (failures === 2) response.writeHead(429, { 'Retry-After': '9' }).end();
    else if (failures === 1) response.writeHead(503).end('starting');
    else response.destroy();
    return true;
  };
  const records = makeRecords(20);
  expect(await send(records)).toEqual({ added: 20, updated: 0, unchanged: 0 });
  expect(waits).toHaveLength(3);
  expect(waits[0]).toBeGreaterThanOrEqual(9000);
  expect(stored().size).toBe(20);
});

test('a server that takes only short requests gets them in halves; one chunk that is too long is named', async () => {
  server.limit = 20_000;
  const records = makeRecords(200);
  expect(await send(records)).toMatchObject({ added: 200 });
  expect(stored().size).toBe(200);
  const long = makeRecords(1, () => ({
    text: 'x'.repeat(30_000),
    id: 'ffffffff-89ab-8def-8123-456789abcdef',
  }));
  await expect(send(long)).rejects.toMatchObject({
    code: 'database/refused',
    message: expect.stringContaining('notes/0.txt'),
  });
});

test('few requests are under way at once, and the first failure ends all', async () => {
  let arrived = 0;
  let release = () => {};
  const four = new Promise<void>(resolve => {
    release = resolve;
  });
  server.intervene = async ({ method, path }, response) => {
    if (method !== 'PUT' || !path.includes('/points')) return false;
    const mine = ++arrived;
    if (mine === 4) setTimeout(release, 20);
    await four;
    if (mine <= 4) expect(arrived).toBe(4);
    if (mine !== 2) return false;
    response.writeHead(400).end(JSON.stringify({ status: { error: 'Wrong input: disk is full' } }));
    return true;
  };
  await expect(send(makeRecords(1000))).rejects.toMatchObject({
    code: 'database/refused',
    message: expect.stringContaining('disk is full'),
  });
  expect(arrived).toBeLessThan(12);
});

test('a key is asked for, refused and taken, each in a sentence', async () => {
  server.key = 'right';
  await expect(open().check(never)).rejects.toMatchObject({
    code: 'database/refused',
    message: expect.stringContaining('wants a key (401)'),
  });
  await expect(open({ key: 'wrong' }).check(never)).rejects.toMatchObject({
    code: 'database/refused',
    message: expect.stringContaining('refuses the key (401)'),
  });
  expect(await open({ key: 'right' }).check(never)).toEqual({ version: '1.17.0', collections: [] });
});

test('no answer: what to set on the server, with this page’s origin', async () => {
  const silent = () => Promise.reject(new TypeError('Failed to fetch'));
  await expect(open({ fetch: silent, retries: 1 }).check(never)).rejects.toMatchObject({
    code: 'database/unreachable',
    message: expect.stringMatching(/http:\/\/localhost:8080.*QDRANT__SERVICE__ENABLE_CORS=true/),
  });
});

test('another server at that address is told from Qdrant', async () => {
  for (const said of ['<!doctype html>', '{"hello":1}']) {
    await expect(open({ fetch: async () => new Response(said) }).check(never)).rejects.toMatchObject({
      code: 'database/unreachable',
      message: expect.stringContaining('not as Qdrant'),
    });
  }
});

test('other dimensions or another distance are said before anything is written', async () => {
  const header = headerFor(makeRecords(1));
  const facts = { points: 3, dimensions: DIMENSIONS, distance: 'cosine' } as const;
  expect(checkFit('papers', facts, header)).toBeUndefined();
  expect(() => checkFit('papers', { ...facts, dimensions: 384 }, header)).toThrow(
    /384 dimensions; these have 8/,
  );
  expect(() => checkFit('papers', { ...facts, distance: 'other' }, header)).toThrow(/Choose another name/);
  expect(checkFit('papers', { ...facts, distance: 'euclid' }, header)).toMatch(/length 1/);
  const long = { ...header, recipe: { ...header.recipe, normalize: false } };
  expect(() => checkFit('papers', { ...facts, distance: 'dot' }, long)).toThrow(/dot product/);
});

test('points of texts that are gone are found and removed, those of others are left alone', async () => {
  const records = makeRecords(1100);
  await send(records);
  await send(
    makeRecords(30, ({ index }) => ({ id: `${String(index).padStart(8, 'f')}-89ab-8def-8123-456789abcdef` })),
    { owner: 'c2' },
  );
  // Of the first file three chunks are left, of the last one none; the second is unchanged.
  const chunksOf = (path: string) => ({ 'notes/0.txt': 3, 'notes/109.txt': 0 })[path] ?? 10;
  const client = open();
  const ids = await findLeftOver(client, 'papers', 'c1', chunksOf, never);
  expect(ids).toHaveLength(17);
  await removePoints(client, 'papers', ids, never);
  expect(stored().size).toBe(1130 - 17);
  expect(await findLeftOver(client, 'papers', 'c1', chunksOf, never)).toEqual([]);
});
