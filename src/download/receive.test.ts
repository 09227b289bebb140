import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Part, type PartOptions, receivePart } from './part.ts';
import { drop, FILE, memory, send, sendAll, start } from './testing.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

let server: Server;
let url: string;
let handler: Handler;
/** Range headers, in order. */
let asked: (string | undefined)[];

beforeEach(async () => {
  asked = [];
  memory.clear();
  server = createServer((request, response) => {
    asked.push(request.headers.range);
    memory.arrived = 0;
    handler(request, response, asked.length);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.gguf`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

const good: Handler = (request, response) => send(request, response);

function receive(part: Partial<Part> = {}, options: Partial<PartOptions> = {}): Promise<void> {
  return receivePart(
    { url, name: 'model.gguf', ...part },
    { fetch, sink: memory, signal: new AbortController().signal, pause: async () => {}, ...options },
  );
}

const whole = () => memory.bytes.equals(FILE);

test('a file arrives whole, in one request', async () => {
  handler = good;
  const told = vi.fn();
  await receive({}, { onTold: told });
  expect(whole()).toBe(true);
  expect(told).toHaveBeenCalledWith({ total: FILE.length, validator: '"1"' });
  expect(asked).toEqual(['bytes=0-']);
});

test('a connection dropped at 30, 60 and 90 % goes on where it was', async () => {
  const places = [0.3, 0.6, 0.9].map(share => Math.ceil(FILE.length * share));
  handler = (request, response, nth) => send(request, response, { upTo: places[nth - 1] });
  const retries: string[] = [];
  await receive({}, { onRetry: sentence => retries.push(sentence) });
  expect(whole()).toBe(true);
  expect(asked).toEqual(['bytes=0-', ...places.map(place => `bytes=${place}-`)]);
  expect(retries.map(sentence => Number(/lost at (\d+) %/.exec(sentence)?.[1]))).toEqual([30, 60, 90]);
});

test('a later download goes on from what is there, and what is whole is not asked for again', async () => {
  handler = good;
  memory.append(FILE.subarray(0, 1000));
  await receive({ told: { total: FILE.length, validator: '"1"' } });
  expect(whole()).toBe(true);
  await receive({ told: { total: FILE.length } });
  expect(asked).toEqual(['bytes=1000-']);
});

test('a host that ignores ranges begins anew', async () => {
  handler = (_, response) => sendAll(response);
  memory.append(FILE.subarray(0, 1000));
  await receive();
  expect(whole()).toBe(true);
});

test('a host that ignores ranges and drops the connection each time is given up, with a way on', async () => {
  handler = (_, response) => {
    response.writeHead(200, { 'Content-Length': FILE.length });
    drop(response, FILE.subarray(0, 240_000));
  };
  await expect(receive()).rejects.toMatchObject({
    code: 'download/waiting',
    message: expect.stringMatching(/connection to 127.0.0.1:\d+ was lost at (59|60) %.*Resume to try again/),
  });
  expect(asked).toHaveLength(5);
});

test('a file changed on the host meanwhile is fetched anew, not mixed', async () => {
  const old = Buffer.from(FILE);
  old.fill(7, 100);
  handler = (request, response, nth) =>
    nth === 1
      ? send(request, response, { file: old, upTo: 200_000 })
      : send(request, response, { etag: '"2"' });
  await receive();
  expect(whole()).toBe(true);
  expect(asked.at(-1)).toBe('bytes=0-');
});

test('a file changed between two visits is fetched anew, too: by its validator, or by its length', async () => {
  handler = good;
  for (const told of [{ validator: '"0"' }, { total: FILE.length + 1 }]) {
    memory.clear();
    memory.append(new Uint8Array(1000));
    await receive({ told });
    expect(whole()).toBe(true);
  }
});

test('416 with the length that is there means that all is there', async () => {
  handler = good;
  memory.append(FILE);
  await receive();
  expect(whole()).toBe(true);
  expect(asked).toEqual([`bytes=${FILE.length}-`]);
});

test('416 with another length: what is there was of another file', async () => {
  handler = good;
  memory.append(Buffer.concat([FILE, FILE]));
  await receive();
  expect(whole()).toBe(true);
});

test('a range that begins elsewhere is not taken', async () => {
  handler = (request, response, nth) => {
    if (nth > 1) return send(request, response);
    response.writeHead(206, { 'Content-Range': `bytes 5-${FILE.length - 1}/${FILE.length}` });
    response.end(FILE.subarray(5));
  };
  memory.append(FILE.subarray(0, 1000));
  await receive();
  expect(whole()).toBe(true);
});

test('a length longer than the file ends as what it is', async () => {
  handler = (request, response) => {
    if (start(request) > 0) return void response.writeHead(416).end();
    response.writeHead(200, { 'Content-Length': FILE.length + 1000 });
    drop(response, FILE);
  };
  await expect(receive()).rejects.toMatchObject({
    code: 'download/waiting',
    message: expect.stringContaining('was lost at 99 %'),
  });
});

test('a length that is not the listed one is refused at once, shorter or longer, and so is more than was listed', async () => {
  for (const bytes of [FILE.length - 1, FILE.length + 1]) {
    handler = (_, response) => sendAll(response, FILE, { 'Content-Length': FILE.length });
    await expect(receive({ bytes })).rejects.toMatchObject({
      code: 'download/failed',
      message: expect.stringContaining(`should have ${bytes} bytes`),
    });
  }
  // Nothing is announced here.
  handler = (_, response) => response.write(FILE, () => response.end());
  await expect(receive({ bytes: 1000 })).rejects.toMatchObject({
    code: 'download/failed',
    message: expect.stringContaining('sends more than the 1000 bytes'),
  });
  expect(memory.size).toBe(0);
});

test.each([
  [404, 'download/failed', 'There is no file “model.gguf” at this address'],
  [401, 'download/failed', 'wants a sign-in'],
  [403, 'download/failed', 'wants a sign-in'],
  [418, 'download/failed', 'answered 418'],
  [503, 'download/waiting', 'is busy or out of order (503)'],
  [429, 'download/waiting', 'is busy or out of order (429)'],
])('status %i', async (status, code, sentence) => {
  handler = (_, response) =>
    void response.writeHead(status, { 'Content-Type': 'text/html' }).end('<h1>No</h1>');
  await expect(receive()).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) });
  expect(memory.size).toBe(0);
});

test('a busy host is asked again', async () => {
  handler = (request, response, nth) =>
    nth < 4 ? void response.writeHead(503).end() : send(request, response);
  await receive();
  expect(whole()).toBe(true);
});

test.each([
  [
    'a login page',
    '<!doctype html><title>Sign in</title>',
    { 'Content-Type': 'text/html; charset=utf-8' },
    'sent a web page',
  ],
  ['a login page that does not say so', '\n<html><body>Sign in</body></html>', {}, 'sent a web page'],
  [
    'a pointer of Git LFS',
    'version https://git-lfs.github.com/spec/v1\noid sha256:0',
    {},
    'is a pointer to the file',
  ],
  ['another kind of file', 'PK\u0003\u0004 and so on', {}, 'is no GGUF file'],
  ['nothing', '', {}, 'is empty'],
] as [string, string, Record<string, string>, string][])(
  '%s instead of a model',
  async (_, body, headers, sentence) => {
    handler = (_, response) => sendAll(response, body, headers);
    await expect(receive()).rejects.toMatchObject({
      code: 'download/failed',
      message: expect.stringContaining(sentence),
    });
    expect(memory.size).toBe(0);
  },
);

test('what is no model is known by its first bytes, while gigabytes are still to come', async () => {
  handler = (_, response) => {
    response.writeHead(200, { 'Content-Length': 4_000_000_000 });
    response.write('not a model');
  };
  await expect(receive()).rejects.toMatchObject({ code: 'download/failed' });
});

test('first bytes that come one by one are enough, too', async () => {
  handler = (_, response) => {
    response.writeHead(200, { 'Content-Length': FILE.length });
    response.flushHeaders();
    let at = 0;
    const next = () => {
      if (at === 6) return void response.end(FILE.subarray(at));
      response.write(FILE.subarray(at, ++at), () => setTimeout(next, 5));
    };
    next();
  };
  await receive();
  expect(whole()).toBe(true);
});

test('a body that ends too soon without an error, as behind some proxies, is not taken for whole', async () => {
  handler = good;
  const short: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (asked.length > 1) return response;
    const { status, headers } = response;
    return new Response((await response.arrayBuffer()).slice(0, 1000), { status, headers });
  };
  await receive({}, { fetch: short });
  expect(whole()).toBe(true);
  expect(asked).toEqual(['bytes=0-', 'bytes=1000-']);
});

test('a connection that falls silent is taken up again', async () => {
  handler = (request, response, nth) => {
    if (nth > 1) return send(request, response);
    response.writeHead(206, { 'Content-Range': `bytes 0-${FILE.length - 1}/${FILE.length}` });
    response.write(FILE.subarray(0, 1000));
  };
  // On a machine that stands still itself, not even the first bytes arrive in time.
  let came = 0;
  const onRetry = () => {
    came = memory.size;
  };
  await receive({}, { stallMs: 300, onRetry });
  expect(whole()).toBe(true);
  expect(asked.slice(0, 2)).toEqual(['bytes=0-', `bytes=${came}-`]);
});

test('packed on its way, a file is unpacked, and its announced length does not count', async () => {
  const { gzipSync } = await import('node:zlib');
  handler = (_, response) => {
    const packed = gzipSync(FILE);
    sendAll(response, packed, { 'Content-Encoding': 'gzip', 'Content-Length': packed.length });
  };
  await receive();
  expect(whole()).toBe(true);
});

test('cancelled in the middle it ends as an abort, and what came stays', async () => {
  const abort = new AbortController();
  handler = (_, response) => {
    response.writeHead(200, { 'Content-Length': FILE.length });
    response.write(FILE.subarray(0, 1000));
  };
  const done = receive({}, { signal: abort.signal, onBytes: () => abort.abort() });
  await expect(done).rejects.toMatchObject({ name: 'AbortError' });
  expect(memory.bytes.equals(FILE.subarray(0, 1000))).toBe(true);
});

test('cancelled while it waits for another try', async () => {
  const abort = new AbortController();
  handler = (_, response) => void response.writeHead(503).end();
  const done = receive(
    {},
    { signal: abort.signal, onRetry: () => setTimeout(() => abort.abort(), 10), pause: undefined },
  );
  await expect(done).rejects.toMatchObject({ name: 'AbortError' });
  expect(asked).toHaveLength(1);
});

test('a host that is not there', async () => {
  await new Promise(resolve => server.close(resolve));
  await expect(receive()).rejects.toMatchObject({
    code: 'download/waiting',
    message: expect.stringMatching(/no connection to 127.0.0.1:\d+, or it does not let web pages/),
  });
  server.listen(0);
});

test('a full disk ends it with its own error, and no other try', async () => {
  handler = good;
  const full = new DOMException('The disk is full.', 'QuotaExceededError');
  vi.spyOn(memory, 'append').mockImplementation(() => {
    throw full;
  });
  await expect(receive()).rejects.toBe(full);
  expect(asked).toHaveLength(1);
});

test('no space for what was announced: nothing is received', async () => {
  handler = good;
  const noSpace = new Error('no space');
  await expect(receive({}, { onTold: () => Promise.reject(noSpace) })).rejects.toBe(noSpace);
  expect(memory.size).toBe(0);
});

test('at whatever bytes the connection breaks, the file is the same', async () => {
  const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  let seed = 5;
  const next = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  handler = (request, response) => {
    const from = start(request);
    send(request, response, { upTo: next() < 0.2 ? FILE.length : from + 1 + Math.floor(next() * 120_000) });
  };
  await receive();
  expect(sha(memory.bytes)).toBe(sha(FILE));
});
