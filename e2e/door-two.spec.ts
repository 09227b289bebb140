import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Server } from '../scripts/serve.ts';
import { runBursts } from './bursts.ts';
import { burstsOnPage, curl, openTab, ownPort, prepareBursts } from './door.ts';
import { expect, test, writeFiles } from './fixtures.ts';
import { runScript } from './run-script.ts';

const PARIS = `Paris lies on the Seine, where the river bends around two islands.

Its oldest streets are on the larger island. From there the city grew outwards in rings, and each ring kept the line of a wall that is gone.

Trains leave from six large stations, one for each direction of the country.
`;

test('the documented curl lines work word for word', async ({ page, serve, folder }) => {
  const server = await serve({ door: {} });
  await openTab(page, server);
  await writeFiles(folder, { 'paris.txt': PARIS });
  const { port } = server;
  const json = ['-H', 'accept:application/json', '-H', 'Content-Type: application/json'];

  const form = ['-F', 'file=@paris.txt'];
  const file = JSON.parse(await curl(folder, '-X', 'POST', `http://127.0.0.1:${port}/v1/files`, ...form));
  expect(file).toEqual({
    id: expect.stringMatching(/^file_[0-9a-f-]{36}$/),
    bytes: Buffer.byteLength(PARIS),
    created_at: expect.any(Number),
    filename: 'paris.txt',
    object: 'file',
    purpose: 'assistants',
  });

  const toChunk = JSON.stringify({ id: file.id, filename: 'paris.txt' });
  const chunksUrl = `http://localhost:${port}/v1/chunks`;
  const cut = JSON.parse(await curl(folder, '-X', 'POST', chunksUrl, ...json, '-d', toChunk));
  expect(cut).toMatchObject({ id: file.id, filename: 'paris.txt' });
  expect(cut.chunks.join(' ').replace(/\s+/g, ' ')).toBe(PARIS.trim().replace(/\s+/g, ' '));

  const model = 'all-MiniLM-L6-v2-ggml-model-f16';
  const toEmbed = JSON.stringify({ model, input: ['Paris', 'London, Ontario'] });
  const embeddingsUrl = `http://localhost:${port}/v1/embeddings`;
  const made = JSON.parse(await curl(folder, '-X', 'POST', embeddingsUrl, ...json, '-d', toEmbed));
  expect(made).toMatchObject({ object: 'list', model });
  expect(made.usage).toEqual({
    prompt_tokens: expect.any(Number),
    completion_tokens: 0,
    total_tokens: made.usage.prompt_tokens,
  });
  expect(made.data.map(({ index, object }: { index: number; object: string }) => [index, object])).toEqual([
    [0, 'embedding'],
    [1, 'embedding'],
  ]);
  for (const { embedding } of made.data) {
    expect(embedding).toHaveLength(384);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  }
});

test('bursts with aborted requests between: each is answered with its own answer', async ({
  page,
  serve,
}) => {
  const options = await prepareBursts(page, await serve({ door: {} }), 150);
  for (const report of [await runBursts(fetch, options), await burstsOnPage(page, options)]) {
    expect(report.wrong).toEqual([]);
    expect(report.answered + report.aborted).toBe(options.requests);
    expect(report.answered).toBeGreaterThan(options.requests / 2);
  }
});

test('a tab killed at work is a 503, and the next one serves', async ({ page, context, serve }) => {
  const server = await serve({ door: {} });
  await openTab(page, server);
  const embed = (input: string[]) =>
    fetch(`${server.origin}/v1/embeddings`, {
      method: 'POST',
      body: JSON.stringify({ model: 'embedding', input }),
    });
  expect((await embed(['warm'])).status).toBe(200);
  // Held up in the page itself, so that the tab dies with the request and not after it.
  await page.evaluate(() => {
    vecdrop.fetchWire = () => new Promise(() => document.body.classList.add('asked'));
  });
  const doomed = embed(['cold']);
  await page.waitForFunction(() => document.body.classList.contains('asked'));
  // Not before: a request that its tab takes late is offered to the next one.
  const other = await context.newPage();
  await openTab(other, server);
  const session = await context.newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  const answer = await doomed;
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect((await answer.json()).error.code).toBe('tab_gone');
  await expect.poll(() => server.tabs).toBe(1);
  expect((await embed(['again'])).status).toBe(200);
});

test.describe('with its service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a page that its service worker answered finds the door, and a lost server again, without an error', async ({
    page,
    serve,
  }) => {
    // The same one twice: none that somebody else may be given in between.
    const port = await ownPort();
    const server = await serve({ door: {}, port });
    await openTab(page, server);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await page.reload();
    const served = () =>
      performance
        .getEntriesByType('navigation')
        .some(entry => (entry as PerformanceNavigationTiming).workerStart > 0);
    expect(await page.evaluate(served)).toBe(true);
    await expect.poll(() => server.tabs).toBe(1);
    await server.close();
    await page.reload();
    const again = await serve({ door: {}, port });
    await expect.poll(() => again.tabs).toBe(1);
    expect(await (await fetch(`${again.origin}/v1/models`)).json()).toMatchObject({ object: 'list' });
  });
});

/** The status of a request as it is written here, sent to the server. */
function status(
  { port }: Server,
  method: string,
  path: string,
  headers: Record<string, string | number>,
  body: string | Uint8Array = '',
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, response => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('what is foreign, malformed or too much is refused, and nothing changes', async ({ page, serve }) => {
  const server = await serve({ door: {} });
  await openTab(page, server);
  const form = new FormData();
  form.set('file', new File(['kept'], 'kept.txt'));
  await fetch(`${server.origin}/v1/files`, { method: 'POST', body: form });
  const files = async () => (await fetch(`${server.origin}/v1/files`)).json();
  const before = await files();
  expect(before.data).toHaveLength(1);
  const { id } = before.data[0];

  const multipart = { 'content-type': 'multipart/form-data; boundary=b' };
  const part = (name: string, text: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"; filename="a.txt"\r\n\r\n${text}\r\n`;
  const whole = `${part('file', 'foreign')}--b--\r\n`;
  const json = { 'content-type': 'application/json' };
  const refused: [number, string, string, Record<string, string | number>, (string | Uint8Array)?][] = [
    [421, 'POST', '/v1/files', { ...multipart, host: `example.test:${server.port}` }, whole],
    [403, 'POST', '/v1/files', { ...multipart, origin: 'http://example.test' }, whole],
    [403, 'DELETE', `/v1/files/${id}`, { 'sec-fetch-site': 'cross-site' }],
    [403, 'OPTIONS', '/v1/files', { origin: 'http://example.test' }],
    [413, 'POST', '/v1/files', { ...multipart, 'content-length': 300 * 1024 * 1024 }],
    [400, 'POST', '/v1/files', multipart, part('file', 'not ended')],
    [400, 'POST', '/v1/files', multipart, `${part('else', 'x')}--b--\r\n`],
    [400, 'POST', '/v1/files', { 'content-type': 'multipart/form-data' }, whole],
    [400, 'POST', '/v1/files', json, '{}'],
    [400, 'POST', '/v1/chunks', json, '{"id":'],
    [400, 'POST', '/v1/chunks', json, '[1]'],
    [400, 'POST', '/v1/embeddings', json, new Uint8Array([0x7b, 0xff, 0x7d])],
    [400, 'POST', '/v1/embeddings', json, `{"model":"embedding","input":${'['.repeat(50_000)}`],
    [400, 'DELETE', `/v1/files/x/..%2f${id}`, {}],
    [400, 'DELETE', `/v1/files/${id}%00`, {}],
    [400, 'DELETE', `/v1/models/../files/${id}`, {}],
    [404, 'DELETE', `/v1/files/x%2f${id}`, {}],
    [405, 'PUT', `/v1/files/${id}`, {}],
  ];
  for (const [expected, method, path, headers, body] of refused) {
    const named = `${method} ${path} ${JSON.stringify(headers)}`;
    expect(await status(server, method, path, headers, body), named).toBe(expected);
  }
  expect(await files()).toEqual(before);
});

test('a name with line ends and folders in it is only a name', async ({ page, serve }) => {
  const server = await serve({ door: {} });
  await openTab(page, server);
  const form = new FormData();
  form.set('file', new File(['x'], '../../etc/a\r\nSet-Cookie: b=c\r\n.txt'));
  const made = await fetch(`${server.origin}/v1/files`, { method: 'POST', body: form });
  const { id, filename } = await made.json();
  expect(filename).not.toMatch(/[/\r\n]/);
  const content = await fetch(`${server.origin}/v1/files/${id}/content`);
  expect(content.headers.get('set-cookie')).toBeNull();
  expect(content.headers.get('content-type')).toBe('application/octet-stream');
  expect(await content.text()).toBe('x');
});

/** `npm start -- …`, as a person has it. */
function start(folder: string, ...args: string[]) {
  const child = runScript('start.ts', args, {
    env: { ...process.env, XDG_CACHE_HOME: folder, PORT: '0' },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', part => {
      printed += part;
    });
  }
  return { child, printed: () => printed };
}

test('--headless brings its own tab, keeps its files, and ends with all it started', async ({ folder }) => {
  // The same one twice: none that somebody else may be given in between.
  const port = String(await ownPort());
  const run = async (use: (api: string) => Promise<void>) => {
    const { child, printed } = start(folder, '--headless', '--token', 'secret', '--port', port);
    try {
      await expect.poll(printed, { timeout: 300_000 }).toContain('The API is ready at');
      const [, api = ''] = /ready at (\S+),/.exec(printed()) ?? [];
      await use(api);
    } finally {
      child.kill('SIGINT');
    }
    expect(await once(child, 'close')).toEqual([0, null]);
  };
  const headers = { authorization: 'Bearer secret' };
  await run(async api => {
    expect(new URL(api).port).toBe(port);
    expect((await fetch(`${api}/models`)).status).toBe(401);
    const form = new FormData();
    form.set('file', new File(['kept'], 'kept.txt'));
    expect((await fetch(`${api}/files`, { method: 'POST', body: form, headers })).status).toBe(200);
  });
  await run(async api => {
    const { data } = await (await fetch(`${api}/files`, { headers })).json();
    expect(data).toMatchObject([{ filename: 'kept.txt' }]);
  });
  // Chromium removes its lock when it ends as it should.
  const lock = join(folder, 'vecdrop', `headless-${port}`, 'SingletonLock');
  await expect(readFile(lock)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('options that are none have the status 2', async ({ folder }) => {
  const { child, printed } = start(folder, '--hedless');
  // Not 'exit': it comes before what was printed has been read.
  expect(await once(child, 'close')).toEqual([2, null]);
  expect(printed()).toMatch(/^Unknown option '--hedless'\.\n\nUsage:/);
});
