import { join } from 'node:path';
import type { Page } from '@playwright/test';
import OpenAI from 'openai';
import { build } from 'vite';
import { ROOT } from '../scripts/build.ts';
import { openTab } from './door.ts';
import { expect, test } from './fixtures.ts';

/** What a program finds out through OpenAI's client; the same from Node and from the page. Needs nothing of this module. */
async function exercise(client: OpenAI, Client: typeof OpenAI) {
  const model = 'all-MiniLM-L6-v2';
  const input = ['a boat on the river', 'tax law'];
  // The client asks for base64 unless told otherwise, and decodes it.
  const decoded = await client.embeddings.create({ model, input });
  const floats = await client.embeddings.create({ model, input, encoding_format: 'float' });
  const base64 = await client.embeddings.create({ model, input: 'tax law', encoding_format: 'base64' });
  const short = await client.embeddings.create({ model, input, dimensions: 8, user: 'someone' });

  const added = await client.files.create({
    file: new File(['Ebb and flow.'], 'tides.txt'),
    purpose: 'assistants',
  });
  const listed: string[] = [];
  for await (const { id } of client.files.list()) listed.push(id);
  const retrieved = await client.files.retrieve(added.id);
  const content = await (await client.files.content(added.id)).text();
  const deleted = await client.files.delete(added.id);

  const models: string[] = [];
  for await (const { id } of client.models.list()) models.push(id);
  const found = await client.models.retrieve('all-MiniLM-L6-v2-ggml-model-f16');

  const failure = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => 'no error',
      (reason: unknown) => reason,
    );
    if (!(error instanceof Client.APIError)) return String(error);
    const kinds = [
      'NotFoundError',
      'BadRequestError',
      'UnprocessableEntityError',
      'APIUserAbortError',
    ] as const;
    return [kinds.find(kind => error instanceof Client[kind]), error.status, error.code, error.param];
  };
  const failures = [
    await failure(client.models.retrieve('gpt-none')),
    await failure(client.files.retrieve(added.id)),
    await failure(client.embeddings.create({ model: 'gpt-none', input })),
    await failure(client.embeddings.create({ model, input: '' })),
    await failure(client.embeddings.create({ model, input: 'river '.repeat(600) })),
    await failure(client.embeddings.create({ model, input: [[999_999]] })),
    await failure(client.embeddings.create({ model, input }, { signal: AbortSignal.abort() })),
  ];
  return {
    decoded: decoded.data.map(({ embedding }) => Array.from(embedding)),
    floats: floats.data.map(({ embedding }) => embedding),
    base64: base64.data[0]?.embedding as unknown as string,
    short: short.data.map(({ embedding }) => embedding.length),
    usage: decoded.usage,
    files: { added, listed, retrieved, content, deleted },
    models,
    found,
    failures,
  };
}

function check(seen: Awaited<ReturnType<typeof exercise>>): void {
  expect(seen.decoded).toEqual(seen.floats);
  expect(seen.floats.map(vector => vector.length)).toEqual([384, 384]);
  const bytes = Uint8Array.from(Buffer.from(seen.base64, 'base64'));
  expect(Array.from(new Float32Array(bytes.buffer))).toEqual(seen.floats[1]);
  expect(seen.short).toEqual([8, 8]);
  expect(seen.usage).toMatchObject({ prompt_tokens: 11, total_tokens: 11 });
  const { added, listed, retrieved, content, deleted } = seen.files;
  expect(added).toMatchObject({ object: 'file', filename: 'tides.txt', bytes: 13, purpose: 'assistants' });
  expect(listed).toEqual([added.id]);
  expect(retrieved).toEqual(added);
  expect(content).toBe('Ebb and flow.');
  expect(deleted).toEqual({ id: added.id, object: 'file', deleted: true });
  expect(seen.models).toEqual(['all-MiniLM-L6-v2']);
  expect(seen.found).toMatchObject({ object: 'model', owned_by: 'vecdrop' });
  expect(seen.failures).toEqual([
    ['NotFoundError', 404, 'model_not_found', 'model'],
    ['NotFoundError', 404, 'not_found', 'id'],
    ['NotFoundError', 404, 'model_not_found', 'model'],
    ['BadRequestError', 400, null, 'input'],
    ['BadRequestError', 400, 'context_length_exceeded', 'input'],
    ['BadRequestError', 400, null, 'input'],
    ['APIUserAbortError', undefined, undefined, undefined],
  ]);
}

const client = (origin: string, apiKey = 'none') =>
  new OpenAI({ baseURL: `${origin}/v1`, apiKey, maxRetries: 0 });

test('OpenAI’s client in Node, through the server', async ({ page, serve }) => {
  const server = await serve({ door: {} });
  await expect(client(server.origin).models.list()).rejects.toThrow(OpenAI.InternalServerError);
  await openTab(page, server);
  check(await exercise(client(server.origin), OpenAI));
});

test('OpenAI’s vector stores: files uploaded, searched by meaning, removed; LlamaEdge’s retrieval finds the same', async ({
  page,
  serve,
}) => {
  const server = await serve({ door: {} });
  await openTab(page, server);
  const openai = client(server.origin);
  const texts = {
    'tides.txt': 'The moon draws the water of the sea, and twice a day the tide comes in.',
    'bread.txt': 'Knead flour, water and salt, let the dough rise, and bake it in a hot oven.',
    'ships.txt': 'A sloop carries one mast, a ketch two, and the mizzen stands before the rudder.',
  };
  const files = await Promise.all(
    Object.entries(texts).map(([name, text]) =>
      openai.files.create({ file: new File([text], name), purpose: 'assistants' }),
    ),
  );
  const [first, ...others] = files.map(({ id }) => id) as [string, ...string[]];
  const store = await openai.vectorStores.create({ name: 'Papers', file_ids: others });
  const attached = await openai.vectorStores.files.createAndPoll(store.id, { file_id: first });
  expect(attached).toMatchObject({ status: 'completed', vector_store_id: store.id });
  await expect
    .poll(async () => (await openai.vectorStores.retrieve(store.id)).file_counts)
    .toEqual({ in_progress: 0, completed: 3, failed: 0, cancelled: 0, total: 3 });

  const found = await openai.vectorStores.search(store.id, {
    query: 'How is a loaf made?',
    max_num_results: 2,
  });
  expect(found.data.map(({ filename }) => filename)).toHaveLength(2);
  expect(found.data[0]).toMatchObject({
    filename: 'bread.txt',
    content: [{ type: 'text', text: texts['bread.txt'] }],
  });
  const strict = { query: 'How is a loaf made?', ranking_options: { score_threshold: 0.99 } };
  expect((await openai.vectorStores.search(store.id, strict)).data).toEqual([]);

  const answer = await fetch(`${server.origin}/v1/retrieve`, {
    method: 'POST',
    body: JSON.stringify({
      messages: [{ role: 'user', content: 'How is a loaf made?' }],
      collection_name: 'Papers',
      limit: 1,
      score_threshold: 0.1,
    }),
  });
  expect(await answer.json()).toEqual([
    { points: [{ source: texts['bread.txt'], score: found.data[0]?.score }], limit: 1, score_threshold: 0.1 },
  ]);

  const listed = await openai.vectorStores.files.list(store.id);
  for (const { id } of listed.data) await openai.vectorStores.files.delete(id, { vector_store_id: store.id });
  expect((await openai.vectorStores.search(store.id, { query: 'bread' })).data).toEqual([]);
  expect(await openai.vectorStores.delete(store.id)).toMatchObject({ deleted: true });
  await expect(openai.vectorStores.retrieve(store.id)).rejects.toThrow(OpenAI.NotFoundError);
});

test('a token is OpenAI’s API key', async ({ page, serve }) => {
  const server = await serve({ door: { token: 'secret' } });
  await openTab(page, server);
  await expect(client(server.origin, 'wrong').models.list()).rejects.toThrow(OpenAI.AuthenticationError);
  expect((await client(server.origin, 'secret').models.list()).data).toHaveLength(1);
});

/** Puts OpenAI's client, as a bundler makes it, on the page: its policy lets no script from elsewhere in. */
async function putClient(page: Page): Promise<void> {
  const entry = join(ROOT, 'node_modules', 'openai', 'index.mjs');
  const outputs = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'bundle' } },
  });
  const [output] = Array.isArray(outputs) ? outputs : [outputs];
  const [chunk] = output && 'output' in output ? output.output : [];
  if (!chunk || !('code' in chunk)) throw new Error('The client was not bundled.');
  await page.evaluate(`${chunk.code}; Object.assign(globalThis, bundle);`);
}

test('OpenAI’s client on the page, with the page’s own fetch', async ({ page }) => {
  await page.goto('/');
  await putClient(page);
  const made = `new OpenAI({ baseURL: location.origin + '/v1', apiKey: 'none', maxRetries: 0,
    dangerouslyAllowBrowser: true, fetch: vecdrop.fetch })`;
  await page.waitForFunction('vecdrop');
  check(await page.evaluate(`(${exercise})(${made}, OpenAI)`));
});
