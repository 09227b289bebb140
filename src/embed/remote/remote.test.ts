import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type EmbeddingServer,
  json,
  startEmbeddingServer,
  vectorOfText,
} from '../../../scripts/embedding-server.ts';
import { VecdropError } from '../../domain/errors.ts';
import type { EmbedInput } from '../embedder.ts';
import { normalized } from '../normalize.ts';
import type { Pool } from '../pool.ts';
import { rejectedInput } from '../rejected.ts';
import { createRemoteClient, type RemoteClientOptions } from './client.ts';
import { createRemotePool } from './engine.ts';
import { checkUnchanged, probeModel, sameModel } from './identity.ts';

const never = new AbortController().signal;
let server: EmbeddingServer;
let pools: Pool[];
/** Waits that were asked for, in milliseconds; none is made in full. */
let waits: number[];

beforeEach(async () => {
  server = await startEmbeddingServer();
  pools = [];
  waits = [];
});
afterEach(async () => {
  for (const pool of pools) await pool.close();
  await server.close();
});

const client = (options: Partial<RemoteClientOptions> = {}) =>
  createRemoteClient({
    baseUrl: server.baseUrl,
    key: () => 'secret',
    fetch: (url, init) => fetch(url, init),
    page: new URL('http://localhost:8080/'),
    wait: async (ms, signal) => {
      waits.push(ms);
      signal.throwIfAborted();
      await new Promise(resolve => setTimeout(resolve, 2));
    },
    ...options,
  });

async function openPool(options: Partial<RemoteClientOptions> = {}): Promise<Pool> {
  const remote = client(options);
  const { info } = await probeModel(remote, { baseUrl: server.baseUrl, model: 'tiny' }, 512, never);
  server.seen.length = 0;
  const pool = createRemotePool(info, remote, true);
  pools.push(pool);
  return pool;
}

const input = (text: string, tokens = text.length): EmbedInput => ({ text, ids: new Int32Array(tokens) });
const texts = (count: number) => Array.from({ length: count }, (_, i) => `Text number ${i}.`);
const expected = (text: string) => normalized(vectorOfText(text, server.dimensions, server.seed));

async function expectRight(pool: Pool, list: string[]): Promise<void> {
  const { data, dimensions } = await pool.embed(
    list.map(text => input(text)),
    never,
  );
  expect(data).toHaveLength(list.length * dimensions);
  for (const [i, text] of list.entries()) {
    expect(data.subarray(i * dimensions, (i + 1) * dimensions)).toEqual(expected(text));
  }
}

test.each(['float', 'base64'] as const)(
  'vectors that come as %s are read, and of length 1',
  async encoding => {
    server.encoding = encoding;
    await expectRight(await openPool(), texts(5));
  },
);

test('texts are sent, with the key, at most 64 or about 8k tokens a request', async () => {
  const pool = await openPool();
  await expectRight(pool, texts(200));
  for (const { input: sent = [], key, model } of server.seen) {
    expect(sent.length).toBeLessThanOrEqual(64);
    expect({ key, model }).toEqual({ key: 'secret', model: 'tiny' });
  }
  server.seen.length = 0;
  await pool.embed(
    Array.from({ length: 20 }, (_, i) => input(`long ${i}`, 2000)),
    never,
  );
  expect(server.seen.map(({ input: sent }) => sent?.length)).toEqual([4, 4, 4, 4, 4]);
});

test('few requests are under way at once, and calls that wait go together', async () => {
  const pool = await openPool();
  let flying = 0;
  let most = 0;
  let come = () => {};
  const fourCame = new Promise<void>(resolve => {
    come = resolve;
  });
  server.intervene = async () => {
    most = Math.max(most, ++flying);
    if (flying === 4) come();
    await fourCame;
    await new Promise(resolve => setTimeout(resolve, 20));
    flying -= 1;
    return false;
  };
  await Promise.all(texts(60).map(text => pool.embed([input(text)], never)));
  expect(most).toBe(4);
  expect(server.seen.length).toBeLessThan(12);
});

test('a server that is busy or fails for a while is asked again, as late as it says', async () => {
  const pool = await openPool();
  let left = 3;
  server.intervene = (_, response) => {
    if (left-- <= 0) return false;
    if (left === 2) return json(response, 429, { error: { message: 'Slow down.' } }, { 'Retry-After': '7' });
    return json(response, left === 1 ? 503 : 500, { error: { message: 'Starting.' } });
  };
  await expectRight(pool, texts(3));
  expect(waits).toHaveLength(3);
  expect(waits[0]).toBeGreaterThanOrEqual(7000);
});

test('a server that dies in the middle and comes back: every vector once, none lost', async () => {
  let back: Promise<void> | undefined;
  let refused = 0;
  const pool = await openPool({
    // Some find nobody there; the others ask again when it is back, as they would with the real waits.
    wait: async (_, signal) => {
      signal.throwIfAborted();
      if (++refused > 6) await back;
    },
  });
  const list = texts(300);
  let answered = 0;
  server.intervene = async (_, response) => {
    answered += 1;
    if (answered !== 3) return false;
    response.destroy();
    back = server.die().then(async () => {
      await expect.poll(() => refused).toBeGreaterThan(6);
      await server.comeBack();
    });
    await back;
    return true;
  };
  const all = await Promise.all(list.map(text => pool.embed([input(text)], never)));
  expect(back).toBeDefined();
  expect(all.map(({ data }) => data)).toEqual(list.map(expected));
});

test('after many tries it gives up with a sentence, and what was not embedded is told', async () => {
  const pool = await openPool();
  server.intervene = (_, response) => json(response, 429, { error: { message: 'Quota used up.' } });
  const failed = pool.embed([input('a')], never);
  await expect(failed).rejects.toMatchObject({
    code: 'engine/failed',
    message: expect.stringContaining('429'),
  });
  await expect(failed).rejects.toMatchObject({ message: expect.stringContaining('Quota used up.') });
  server.intervene = undefined;
  await expectRight(pool, ['a']);
});

test.each<[string, RegExp, (at: EmbeddingServer) => void]>([
  ['a wrong key', /refuses the key \(401\)/, at => withStatus(at, 401)],
  ['a forbidden one', /refuses the key \(403\)/, at => withStatus(at, 403)],
  ['no such model', /no such model or address \(404\)/, at => withStatus(at, 404)],
  ['a page instead of JSON', /not JSON/, at => withText(at, '<!doctype html><h1>Hello</h1>')],
  ['no data', /no “data”/, at => withText(at, '{"ok":true}')],
  ['too few vectors', /0 vectors for 1 texts/, at => withText(at, '{"data":[]}')],
  ['no numbers', /not made of numbers/, at => withText(at, '{"data":[{"index":0,"embedding":["a"]}]}')],
  ['bad base64', /not made of numbers/, at => withText(at, '{"data":[{"index":0,"embedding":"AAA"}]}')],
  ['wrong numbering', /not numbered/, at => withText(at, '{"data":[{"index":4,"embedding":[1]}]}')],
])('%s is a sentence of its own, at once', async (_, sentence, breakIt) => {
  const pool = await openPool();
  breakIt(server);
  await expect(pool.embed([input('a')], never)).rejects.toMatchObject({
    code: 'engine/failed',
    message: expect.stringMatching(sentence),
  });
  expect(waits).toEqual([]);
});

function withStatus(at: EmbeddingServer, status: number): void {
  at.intervene = (_, response) => json(response, status, { error: { message: 'No.' } });
}

function withText(at: EmbeddingServer, body: string): void {
  at.intervene = (_, response) => {
    response.end(body);
    return true;
  };
}

test('other dimensions mean another model', async () => {
  const pool = await openPool();
  server.dimensions = 9;
  await expect(pool.embed([input('a')], never)).rejects.toMatchObject({ code: 'model/changed' });
});

test('a text that the server refuses is found among the others', async () => {
  const pool = await openPool();
  server.intervene = ({ input: sent = [] }, response) =>
    sent.some(text => text.includes('bad')) && json(response, 400, { error: { message: 'Too long.' } });
  const list = [...texts(6), 'bad', ...texts(3)];
  const error = await pool
    .embed(
      list.map(text => input(text)),
      never,
    )
    .catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'chunk/rejected', message: expect.stringContaining('Too long.') });
  expect(rejectedInput(error)).toBe(6);
  await expectRight(pool, texts(3));
});

test('a page that came over https says why it cannot speak to http, but for this computer', async () => {
  const page = new URL('https://vecdrop.example/');
  const sent: string[] = [];
  const spy = async (url: string) => {
    sent.push(url);
    return Response.json({ data: [] });
  };
  const far = client({ page, fetch: spy, baseUrl: 'http://192.168.1.5:8080/v1' });
  await expect(far.models(never)).rejects.toMatchObject({ message: expect.stringContaining('over https') });
  expect(sent).toEqual([]);
  await client({ page, fetch: spy, baseUrl: 'http://localhost:8080/v1/' }).models(never);
  expect(sent).toEqual(['http://localhost:8080/v1/models']);
});

test('an answer that the browser keeps to itself: what to set on the server', async () => {
  const blocked = client({
    fetch: async () => {
      throw new TypeError('Failed to fetch');
    },
  });
  await expect(blocked.models(never)).rejects.toMatchObject({
    code: 'engine/failed',
    message: expect.stringContaining('Access-Control-Allow-Origin: http://localhost:8080'),
  });
});

test('what the way out refuses by itself is told as it is', async () => {
  const refused = new VecdropError('host/not-allowed', 'Allow this host first.');
  const gate = client({ fetch: () => Promise.reject(refused) });
  await expect(gate.models(never)).rejects.toBe(refused);
  await expect(gate.embed('tiny', ['a'], never)).rejects.toBe(refused);
});

test('a server that refuses the probe says so itself', async () => {
  server.intervene = (_, response) => json(response, 400, { error: { message: 'Not an embedding model.' } });
  const at = { baseUrl: server.baseUrl, model: 'chat' };
  await expect(probeModel(client(), at, 512, never)).rejects.toMatchObject({
    code: 'engine/failed',
    message: expect.stringContaining('Not an embedding model.'),
  });
});

test('an abort ends the request, and the wait between two', async () => {
  const pool = await openPool();
  const aborts = [new AbortController(), new AbortController()];
  server.intervene = () => {
    aborts[0]?.abort();
    return new Promise(() => {});
  };
  await expect(pool.embed([input('a')], aborts[0]?.signal ?? never)).rejects.toMatchObject({
    name: 'AbortError',
  });
  server.intervene = (_, response) => {
    aborts[1]?.abort();
    return json(response, 503, {});
  };
  await expect(pool.embed([input('a')], aborts[1]?.signal ?? never)).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('models are listed, and known by what they answer', async () => {
  const remote = client();
  expect(await remote.models(never)).toEqual(['tiny', 'other']);
  const at = { baseUrl: server.baseUrl, model: 'tiny' };
  const first = await probeModel(remote, at, 512, never);
  expect(first.info).toMatchObject({
    name: 'tiny',
    dimensions: 8,
    contextLength: 512,
    tokenizer: 'estimate',
  });
  expect(first.info.id).toMatch(/^remote:http:\/\/127\.0\.0\.1:\d+\/tiny\/[0-9a-f]{16}$/);
  expect((await probeModel(remote, at, 512, never)).info.id).toBe(first.info.id);
  await checkUnchanged(remote, first.info, first.probe, never);
  server.seed = 5;
  const second = await probeModel(remote, at, 512, never);
  expect(second.info.id).not.toBe(first.info.id);
  expect(sameModel(first.probe, second.probe)).toBe(false);
  await expect(checkUnchanged(remote, first.info, first.probe, never)).rejects.toMatchObject({
    code: 'model/changed',
  });
});
