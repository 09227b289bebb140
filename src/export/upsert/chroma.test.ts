import { expect, test } from 'vitest';
import { awkwardRecords, headerOf } from '../testing.ts';
import { chroma } from './chroma.ts';
import type { ClientOptions, DatabaseClient } from './database.ts';

/** What the client asks and hears, as Chroma 1.5 said it; the whole way is gone by scripts/check-upsert.py. */

const never = new AbortController().signal;
const BASE = '/api/v2/tenants/default_tenant/databases/default_database/collections';
const papers = {
  id: '8d1f6a0e-2a53-4f0f-9d3c-1a7b5f1f7f10',
  name: 'papers',
  configuration_json: { hnsw: { space: 'cosine', ef_search: 100 }, spann: null, embedding_function: null },
  metadata: null,
  dimension: 3,
  tenant: 'default_tenant',
  database: 'default_database',
  log_position: 0,
  version: 0,
};
const usual: Record<string, unknown> = {
  'GET /api/v2/version': '1.0.0',
  'GET /api/v2/auth/identity': { user_id: '', tenant: 'default_tenant', databases: ['default_database'] },
  'GET /api/v2/pre-flight-checks': { max_batch_size: 166, supports_base64_encoding: true },
  [`GET ${BASE}`]: [papers],
  [`GET ${BASE}/papers`]: papers,
  [`GET ${BASE}/${papers.id}/count`]: 12,
};

interface Asked {
  route: string;
  key: string | null;
  body: unknown;
}

function open(answers: Record<string, unknown>, options: Partial<ClientOptions> = {}) {
  const asked: Asked[] = [];
  const client: DatabaseClient = chroma.open({
    address: 'http://chroma.example',
    origin: 'https://vecdrop.example',
    fetch: async (url, init) => {
      const route = `${init?.method} ${new URL(url).pathname}`;
      const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
      asked.push({ route, key: new Headers(init?.headers).get('x-chroma-token'), body });
      if (route in answers) return Response.json(answers[route]);
      return Response.json({ error: 'NotFoundError', message: 'Collection does not exist' }, { status: 404 });
    },
    ...options,
  });
  return { client, asked };
}

test('who is there, and what a collection is like', async () => {
  const { client, asked } = open(usual, { key: 'secret' });
  expect(await client.check(never)).toEqual({ version: '1.0.0', collections: ['papers'] });
  expect(await client.look('papers', never)).toEqual({ dimensions: 3, distance: 'cosine', points: 12 });
  expect(await client.look('others', never)).toBeUndefined();
  expect(await client.most(never)).toBe(166);
  expect(asked.every(({ key }) => key === 'secret')).toBe(true);
});

test.each([
  ['l2', { hnsw: { space: 'l2' } }, null, 'euclid'],
  ['of Chroma’s cloud', { hnsw: null, spann: { space: 'ip' } }, null, 'dot'],
  ['in the metadata, as before version 1', {}, { 'hnsw:space': 'cosine' }, 'cosine'],
  ['not told', {}, null, 'euclid'],
])('a distance that is %s', async (_, configuration_json, metadata, distance) => {
  const { client } = open({ ...usual, [`GET ${BASE}/papers`]: { ...papers, configuration_json, metadata } });
  expect(await client.look('papers', never)).toMatchObject({ distance });
});

test('a key decides tenant and database where the person names none', async () => {
  const own = '/api/v2/tenants/t-1/databases/mine/collections';
  const identity = { user_id: 'u', tenant: 't-1', databases: ['mine'] };
  const answers = { ...usual, 'GET /api/v2/auth/identity': identity, [`GET ${own}`]: [] };
  expect((await open(answers).client.check(never)).collections).toEqual([]);
  const scope = { tenant: 'x y', database: 'z' };
  await expect(open(answers, { scope }).client.check(never)).rejects.toMatchObject({
    code: 'database/refused',
    message: expect.stringContaining('no such tenant or database'),
  });
});

test('records are upserted by the collection’s id, with their marks in the metadata', async () => {
  const made = { [`POST ${BASE}`]: papers, [`POST ${BASE}/${papers.id}/upsert`]: {} };
  const { client, asked } = open({ ...usual, ...made });
  await client.prepare('papers', { dimensions: 3 }, never);
  const marks = { vecdrop_collection: 'c1', vecdrop_mark: 'abc' };
  const points = awkwardRecords.map(record => ({ record, marks }));
  await client.upsert('papers', points, headerOf(awkwardRecords), never);
  expect(asked.find(({ route }) => route === `POST ${BASE}`)?.body).toEqual({
    name: 'papers',
    configuration: { hnsw: { space: 'cosine' } },
  });
  expect(asked.at(-1)?.body).toMatchObject({
    ids: awkwardRecords.map(({ id }) => id),
    documents: awkwardRecords.map(({ text }) => text),
    metadatas: [
      { ...marks, file: 'a/b.txt', page: 3 },
      { ...marks, file: 'c.md' },
    ],
  });
});

test('no answer: what to set, with this page’s origin', async () => {
  const fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  await expect(open({}, { fetch, retries: 0 }).client.check(never)).rejects.toMatchObject({
    code: 'database/unreachable',
    message: expect.stringContaining('cors_allow_origins: ["https://vecdrop.example"]'),
  });
});
