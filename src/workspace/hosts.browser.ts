import { afterEach, beforeEach, expect, test } from 'vitest';
import { hostsCache, hostsEntry } from '../domain/hosts.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import { createHostGate, type HostGate } from './hosts.ts';

const NAME = 'vecdrop-hosts-test';
const BASE = 'https://vecdrop.test/app/index.html';
const SCOPE = 'https://vecdrop.test/app/';
const HOST = 'https://api.test';
const encoder = new TextEncoder();

let db: Database;
let now: number;
let answer: (url: string, init?: RequestInit) => Promise<Response>;
let sent: string[];
let violations: EventTarget;

beforeEach(async () => {
  await deleteDatabase(NAME);
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  now = 1;
  sent = [];
  answer = async () => new Response('twelve bytes');
});
afterEach(async () => {
  db.close();
  await caches.delete(hostsCache(SCOPE));
});

/** The gate as after the page's next start. */
function start(baseUrl = BASE): HostGate {
  now += 1000;
  violations = new EventTarget();
  const fetch = ((url: string, init?: RequestInit) => {
    sent.push(url);
    return answer(url, init);
  }) as typeof globalThis.fetch;
  return createHostGate({ db, baseUrl, fetch, clock: () => now, violations });
}

/** A gate under whose policy the host is. */
async function allowed(...origins: string[]): Promise<HostGate> {
  const gate = start();
  for (const origin of origins) await gate.allow(origin);
  return start();
}

function refuse(blockedURI: string): never {
  setTimeout(() => {
    const event = new Event('securitypolicyviolation');
    violations.dispatchEvent(Object.assign(event, { blockedURI, effectiveDirective: 'connect-src' }));
  }, 5);
  throw new TypeError('Failed to fetch');
}

const published = async () =>
  (await caches.match(hostsEntry(SCOPE), { cacheName: hostsCache(SCOPE) }))?.json();

test('nothing goes to a host that nobody allowed, nor before the policy has it', async () => {
  const gate = start();
  await expect(gate.fetch(`${HOST}/v1`)).rejects.toMatchObject({
    code: 'host/not-allowed',
    message: `You have not allowed Vecdrop to speak to ${HOST}. Allow this host first.`,
  });
  expect(await gate.allow(`${HOST}/v1/models?x`)).toEqual({
    origin: HOST,
    needsReload: true,
    sentBytes: 0,
    receivedBytes: 0,
  });
  await expect(gate.fetch(`${HOST}/v1`)).rejects.toMatchObject({
    code: 'host/not-allowed',
    message: expect.stringContaining('Reload the page'),
  });
  expect(sent).toEqual([]);
  const next = start();
  expect(await next.list()).toMatchObject([{ needsReload: false }]);
  await next.fetch(`${HOST}/v1`);
  await expect(next.fetch('https://api.test:8443/v1')).rejects.toMatchObject({ code: 'host/not-allowed' });
  expect(sent).toEqual([`${HOST}/v1`]);
});

test("the page's own host needs no word, and is not counted", async () => {
  const gate = start();
  await gate.fetch('https://vecdrop.test/models/m.gguf');
  expect(await gate.list()).toEqual([]);
});

test('what goes out and comes in is counted, over starts', async () => {
  const gate = await allowed(HOST);
  const url = `${HOST}/v1/embeddings`;
  const body = JSON.stringify({ input: 'größe' });
  await (await gate.fetch(url, { method: 'POST', body })).text();
  const bytes = url.length + encoder.encode(body).length;
  expect(await gate.list()).toMatchObject([{ sentBytes: bytes, receivedBytes: 12 }]);
  await expect.poll(() => start().list()).toMatchObject([{ sentBytes: bytes, receivedBytes: 12 }]);
  const again = start();
  await (await again.fetch(url, { method: 'POST', body: new Uint8Array(100) })).text();
  expect(await again.list()).toMatchObject([{ sentBytes: bytes + url.length + 100, receivedBytes: 24 }]);
});

test('what came in is told at every moment, while it is written down too', async () => {
  const gate = await allowed(HOST);
  await (await gate.fetch(`${HOST}/v1`)).text();
  const told: (number | undefined)[] = [];
  const writtenDown = async () => (await start().list())[0]?.receivedBytes === 12;
  while (!(await writtenDown())) {
    for (let i = 0; i < 20; i++) told.push((await gate.list())[0]?.receivedBytes);
  }
  expect(new Set(told)).toEqual(new Set([12]));
});

test('what was sent counts even if no answer comes', async () => {
  const gate = await allowed(HOST);
  answer = () => Promise.reject(new TypeError('Failed to fetch'));
  await expect(gate.fetch(`${HOST}/v1`)).rejects.toBeInstanceOf(TypeError);
  expect((await start().list())[0]?.sentBytes).toBe(`${HOST}/v1`.length);
});

test("a refusal by the page's policy is told from a host that cannot be reached, and nothing was sent", async () => {
  const gate = await allowed(HOST);
  answer = async url => refuse(url);
  await expect(gate.fetch(`${HOST}/v1`)).rejects.toMatchObject({
    code: 'host/not-allowed',
    message: expect.stringMatching(
      /^The browser refused the connection to https:\/\/api\.test.*server that this page came from/,
    ),
  });
  expect(await gate.list()).toMatchObject([{ needsReload: true, sentBytes: 0 }]);
  // Asked again it may go well: it was a redirect, say.
  answer = async () => new Response('fine');
  await gate.fetch(`${HOST}/v1`);
  expect(await gate.list()).toMatchObject([{ needsReload: false }]);
});

test('an answer from a host that is not allowed is not handed on; within a group, and among allowed ones, it is', async () => {
  const gate = await allowed(HOST, 'https://huggingface.co', 'https://b.test');
  const from = (url: string) => async () => Object.defineProperty(new Response('x'), 'url', { value: url });
  answer = from('https://else.test/x');
  await expect(gate.fetch(`${HOST}/x`)).rejects.toMatchObject({
    code: 'host/not-allowed',
    message: expect.stringContaining('sends this request on to https://else.test'),
  });
  answer = from('https://cdn-lfs.hf.co/x');
  expect(await (await gate.fetch('https://huggingface.co/x')).text()).toBe('x');
  answer = from('https://b.test/x');
  expect(await (await gate.fetch(`${HOST}/x`)).text()).toBe('x');
});

test('an abort is an abort, and an answer without a body is handed on', async () => {
  const gate = await allowed(HOST);
  const signal = AbortSignal.abort();
  answer = async () => signal.throwIfAborted() as never;
  await expect(gate.fetch(`${HOST}/v1`, { signal })).rejects.toMatchObject({ name: 'AbortError' });
  answer = async () => new Response(null, { status: 204 });
  expect((await gate.fetch(`${HOST}/v1`)).status).toBe(204);
});

test('the service worker finds the allowed hosts, and nothing when the last is forgotten', async () => {
  const gate = start();
  await gate.allow(HOST);
  now += 1;
  await gate.allow('http://127.0.0.1:8080/v1');
  expect(await published()).toEqual([HOST, 'http://127.0.0.1:8080']);
  await gate.forget(HOST);
  expect(await published()).toEqual(['http://127.0.0.1:8080']);
  await gate.forgetAll();
  expect(await caches.has(hostsCache(SCOPE))).toBe(false);
  await expect(start().fetch(`${HOST}/v1`)).rejects.toMatchObject({ code: 'host/not-allowed' });
});

test.each([
  ['no address', BASE, 'is no address of a host'],
  ['file:///etc/passwd', BASE, 'is no address of a host'],
  ['http://192.168.0.7:8080', BASE, 'over http. Use an https address'],
])('%s is refused', async (address, baseUrl, sentence) => {
  await expect(start(baseUrl).allow(address)).rejects.toMatchObject({
    code: 'input/invalid',
    message: expect.stringContaining(sentence),
  });
});

test('a page of this computer may be given a host of the local network', async () => {
  expect((await start('http://127.0.0.1:8080/').allow('http://192.168.0.7:8080')).origin).toBe(
    'http://192.168.0.7:8080',
  );
  await caches.delete(hostsCache('http://127.0.0.1:8080/'));
});
