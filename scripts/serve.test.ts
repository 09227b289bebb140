import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServeOptions, type Server, startServer } from './serve.ts';

let dir: string;
const servers: Server[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vecdrop-serve-'));
  await mkdir(join(dir, 'assets'));
  await mkdir(join(dir, 'models'));
  await writeFile(join(dir, 'index.html'), '<!doctype html>');
  await writeFile(join(dir, 'assets', 'page.js'), 'let a = 1;');
  await writeFile(join(dir, 'assets', 'engine.wasm'), '\0asm');
  await writeFile(join(dir, 'models', 'm.gguf'), 'GGUF');
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await rm(dir, { recursive: true });
});

async function serve(options: Partial<ServeOptions> = {}) {
  const server = await startServer({ dir, port: 0, ...options });
  servers.push(server);
  return server;
}

/** fetch() sets Host itself: this asks under any name. */
function ask(server: Server, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status?: number; location?: string }>((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path, headers }, response => {
      response.resume();
      resolve({ status: response.statusCode, location: response.headers.location });
    })
      .on('error', reject)
      .end();
  });
}

test('every response has the policy and isolates, what is not there too', async () => {
  const { origin } = await serve();
  for (const path of ['/', '/assets/page.js', '/models/m.gguf', '/nothing']) {
    const { headers } = await fetch(origin + path);
    expect(headers.get('content-security-policy')).toMatch(/connect-src 'self'(;|$)/);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('isolation can be left out, the policy stays', async () => {
  const { origin } = await serve({ isolated: false });
  const { headers } = await fetch(origin);
  expect(headers.get('cross-origin-embedder-policy')).toBeNull();
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
});

test('hashed assets are kept for ever, the rest is asked for again', async () => {
  const { origin } = await serve();
  expect((await fetch(`${origin}/assets/page.js`)).headers.get('cache-control')).toContain('immutable');
  const model = await fetch(`${origin}/models/m.gguf`);
  expect(model.headers.get('cache-control')).toBe('no-cache');
  const etag = model.headers.get('etag') ?? '';
  const again = await fetch(`${origin}/models/m.gguf`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  expect((await fetch(`${origin}/assets/engine.wasm`)).headers.get('content-type')).toBe('application/wasm');
});

test('localhost is sent to 127.0.0.1, other names are refused', async () => {
  const server = await serve();
  const page = { 'sec-fetch-mode': 'navigate' };
  expect(await ask(server, '/?a=1', { host: `localhost:${server.port}`, ...page })).toEqual({
    status: 308,
    location: `${server.origin}/?a=1`,
  });
  expect(await ask(server, '/', { host: `[::1]:${server.port}`, accept: 'text/html' })).toMatchObject({
    status: 308,
  });
  expect((await ask(server, '/assets/page.js', { host: `localhost:${server.port}` })).status).toBe(200);
  expect((await ask(server, '/', { host: `example.test:${server.port}`, ...page })).status).toBe(421);
  expect((await ask(server, '/', { host: '127.0.0.1:1' })).status).toBe(421);
});

test('nothing outside the folder, and nothing but reading', async () => {
  const server = await serve();
  for (const path of ['/../serve.ts', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd']) {
    expect((await ask(server, path)).status).toBe(404);
  }
  expect((await fetch(server.origin, { method: 'POST' })).status).toBe(405);
});

test('a test may replace a script on its way', async () => {
  const { origin } = await serve({
    transform: (pathname, body) => (pathname.includes('page') ? `${body} let b = 2;` : undefined),
  });
  const response = await fetch(`${origin}/assets/page.js`);
  expect(await response.text()).toBe('let a = 1; let b = 2;');
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
});

test('a port in use is an error', async () => {
  const { port } = await serve();
  await expect(serve({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
