import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { MAX_JSON_BYTES } from '../src/api/input.ts';
import { DOOR_PATH, decodeFrame, encodeFrame, type ServerHead, type TabHead } from '../src/rpc/frames.ts';
import { type ServeOptions, type Server, startServer } from './serve.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(door: ServeOptions['door'] = {}): Promise<Server> {
  const server = await startServer({ dir: tmpdir(), port: 0, door });
  open.push(server);
  return server;
}

type Frame = { head: ServerHead; body: ArrayBuffer };

function connectTab(server: Server): WebSocket {
  const address = `${server.origin.replace('http', 'ws')}${DOOR_PATH}`;
  const socket = new WebSocket(address, { origin: server.origin });
  socket.binaryType = 'arraybuffer';
  return socket;
}

/** A tab that does with each message what the test says. */
async function tab(
  server: Server,
  hear: (say: (head: TabHead, body?: ArrayBuffer) => void, frame: Frame) => void,
) {
  const socket = connectTab(server);
  const say = (head: TabHead, body?: ArrayBuffer) => socket.send(encodeFrame(head, body));
  socket.on('message', data => hear(say, decodeFrame<ServerHead>(data as ArrayBuffer)));
  const before = server.tabs;
  await once(socket, 'open');
  await expect.poll(() => server.tabs).toBe(before + 1);
  open.push(socket);
  /** Resolves when the server knows: it answers in the order of what it heard. */
  const lookAt = async () => {
    say({ type: 'active' });
    socket.ping();
    await once(socket, 'pong');
  };
  return { socket, say, lookAt };
}

/** Takes every request, and answers with its own name, the request's address and its body. */
function answering(name: string, seen: string[] = []) {
  return (say: (head: TabHead, body?: ArrayBuffer) => void, { head, body }: Frame) => {
    seen.push(head.type);
    if (head.type === 'offer') say({ type: 'taken', id: head.id });
    if (head.type !== 'request') return;
    const text = `${name} ${new URL(head.url).pathname} ${new TextDecoder().decode(body)}`;
    const headers: [string, string][] = [
      ['content-type', 'text/plain'],
      ['transfer-encoding', 'chunked'],
    ];
    say({ type: 'response', id: head.id, status: 201, headers }, new TextEncoder().encode(text).buffer);
  };
}

const post = (server: Server, body = 'x', init: RequestInit = {}) =>
  fetch(`${server.origin}/v1/files`, { method: 'POST', body, ...init });

/** As fetch, but with any headers and an address as it stands. */
function ask(
  server: Server,
  path: string,
  headers: Record<string, string> = {},
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path, headers }, response => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('with no tab the answer says what to do', async () => {
  const answer = await post(await serve());
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect((await answer.json()).error).toMatchObject({ type: 'server_error', code: 'no_tab' });
});

test('the tab that was looked at last answers, with its status and body', async () => {
  const server = await serve();
  const first = await tab(server, answering('first'));
  await tab(server, answering('second'));
  await first.lookAt();
  const answer = await post(server, 'hello');
  expect([answer.status, await answer.text()]).toEqual([201, 'first /v1/files hello']);
  first.socket.close();
  await expect.poll(() => server.tabs).toBe(1);
  expect(await (await post(server)).text()).toBe('second /v1/files x');
});

test('what a silent tab does not take goes to the next one, and only there', async () => {
  const server = await serve({ times: { offerMs: 20 } });
  const silent: Frame[] = [];
  const late = await tab(server, (_, frame) => silent.push(frame));
  await tab(server, answering('second'));
  await late.lookAt();
  expect(await (await post(server)).text()).toBe('second /v1/files x');
  expect(silent.map(({ head }) => head.type)).toEqual(['offer']);
  late.say({ type: 'taken', id: 1 });
  await expect.poll(() => silent.map(({ head }) => head.type)).toEqual(['offer', 'abort']);
});

test('a tab that does not take a request is given up for it', async () => {
  const server = await serve({ times: { offerMs: 10, lastCallMs: 10 } });
  await tab(server, () => {});
  expect((await (await post(server)).json()).error.code).toBe('tab_gone');
  expect(server.tabs).toBe(1);
});

test('a tab that gives no sign of life is given up', async () => {
  const server = await serve({ times: { beatMs: 10 } });
  const socket = connectTab(server);
  await once(socket, 'close');
  await expect.poll(() => server.tabs).toBe(0);
});

test('when a tab dies at work, a GET goes to the next one and a POST is not tried twice', async () => {
  const server = await serve();
  const dying = () =>
    tab(server, (say, { head }) => {
      if (head.type === 'offer') say({ type: 'taken', id: head.id });
      if (head.type === 'request') doomed.socket.terminate();
    });
  const seen: string[] = [];
  await tab(server, answering('next', seen));
  let doomed = await dying();
  await doomed.lookAt();
  const answer = await post(server);
  expect(answer.status).toBe(503);
  expect(seen).toEqual([]);
  doomed = await dying();
  await doomed.lookAt();
  expect(await (await fetch(`${server.origin}/v1/files`)).text()).toBe('next /v1/files ');
});

test('a client that goes away takes its request along', async () => {
  const server = await serve();
  const heard: string[] = [];
  const controller = new AbortController();
  await tab(server, (say, { head }) => {
    heard.push(head.type);
    if (head.type === 'offer') say({ type: 'taken', id: head.id });
    if (head.type === 'request') controller.abort();
  });
  await expect(post(server, 'x', { signal: controller.signal })).rejects.toThrow();
  await expect.poll(() => heard).toEqual(['offer', 'request', 'abort']);
});

test('an answer that no HTTP message can be is a failure, not an injection', async () => {
  const server = await serve();
  const headers: [string, string][] = [['x-a', 'b\r\nx-c: d']];
  await tab(server, (say, { head }) => {
    if (head.type === 'offer') say({ type: 'taken', id: head.id });
    if (head.type === 'request') say({ type: 'response', id: head.id, status: 200, headers });
  });
  const answer = await post(server);
  expect(answer.status).toBe(500);
  expect(answer.headers.get('x-c')).toBeNull();
});

test('foreign pages and names are refused, before anything reaches the tab', async () => {
  const server = await serve();
  const seen: string[] = [];
  await tab(server, answering('tab', seen));
  const host = `127.0.0.1:${server.port}`;
  const refused: [Record<string, string>, number][] = [
    [{ origin: 'http://example.test' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://127.0.0.1:1' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ host: 'example.test' }, 421],
    [{ host: `example.test:${server.port}` }, 421],
    [{ host: '127.0.0.1:1' }, 421],
  ];
  for (const [headers, status] of refused)
    expect(await ask(server, '/v1/files', { host, ...headers })).toBe(status);
  expect(seen).toEqual([]);
  for (const name of [host, `localhost:${server.port}`, `[::1]:${server.port}`]) {
    expect(await ask(server, '/v1/files', { host: name, 'sec-fetch-mode': 'navigate' })).toBe(201);
    expect(await ask(server, '/v1/files', { host, origin: `http://${name}` })).toBe(201);
  }
});

test('addresses that mean another place are refused', async () => {
  const server = await serve();
  const seen: string[] = [];
  await tab(server, answering('tab', seen));
  const tricks = [
    '/v1/../x',
    '/v1/files/..%2f..%2fx',
    '/v1/%2e%2e/x',
    '/v1//files',
    '/v1/files/%00',
    '/v1/a%5cb',
    '/v1/%',
  ];
  for (const path of tricks) expect(await ask(server, path), path).toBe(400);
  for (const path of [
    '/x/../v1/files',
    '/%76%31/files',
    '//v1/files',
    `http://127.0.0.1:${server.port}/v1/files`,
  ]) {
    expect(await ask(server, path), path).toBeGreaterThanOrEqual(400);
  }
  expect(seen).toEqual([]);
});

test('only the server’s own pages connect as tabs', async () => {
  const server = await serve();
  for (const options of [
    {},
    { origin: 'http://example.test' },
    { origin: server.origin, host: 'example.test' },
  ]) {
    const { host, ...rest } = options as { host?: string; origin?: string };
    const address = `${server.origin.replace('http', 'ws')}${DOOR_PATH}`;
    const socket = new WebSocket(address, { ...rest, headers: host ? { host } : {} });
    const [error] = await once(socket, 'error');
    expect(String(error)).toMatch(/40[34]/);
  }
  expect(server.tabs).toBe(0);
});

test('with a token only those who show it are answered', async () => {
  const server = await serve({ token: 'secret' });
  await tab(server, answering('tab'));
  expect((await post(server)).status).toBe(401);
  expect((await post(server, 'x', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  expect((await post(server, 'x', { headers: { authorization: 'Bearer secret' } })).status).toBe(201);
});

test('too large a body is refused as soon as that is known', async () => {
  const server = await serve();
  const seen: string[] = [];
  await tab(server, answering('tab', seen));
  const head = `POST /v1/embeddings HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`;
  const send = async (text: string, ...parts: Uint8Array[]) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(text);
    for (const part of parts) socket.write(part);
    const [answer] = await once(socket, 'data');
    await once(socket, 'close');
    return String(answer).split('\r\n')[0];
  };
  const refusal = 'HTTP/1.1 413 Payload Too Large';
  const stated = `${head}Content-Length: ${MAX_JSON_BYTES + 1}\r\n`;
  expect(await send(`${stated}\r\n`)).toBe(refusal);
  expect(await send(`${stated}Expect: 100-continue\r\n\r\n`)).toBe(refusal);
  const size = MAX_JSON_BYTES + 1;
  const chunk = `${size.toString(16)}\r\n`;
  expect(await send(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`, new Uint8Array(size))).toBe(refusal);
  expect(await send(`${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`)).toBe(
    'HTTP/1.1 400 Bad Request',
  );
  expect(seen).toEqual([]);
});
