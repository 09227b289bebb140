import { request } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { openApi } from '../src/api/openapi.ts';
import { openTab } from './door.ts';
import { expect, test } from './fixtures.ts';

type Description = ReturnType<typeof openApi>;
interface Operation {
  requestBody?: unknown;
  responses: Record<string, { content: Record<string, { schema?: object }> }>;
}

/** What the description says of every method of every path. */
function operationsOf({ paths }: Description): [string, Operation][] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      method === 'parameters'
        ? []
        : [[`${method.toUpperCase()} ${path}`, operation as Operation] as [string, Operation]],
    ),
  );
}

/** Only the server's answer to the length is of interest: the body is never sent. */
function stateLength(port: number, path: string, length: number): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST' }, async response => {
      const text = (await response.toArray()).join('');
      resolve(
        new Response(text, {
          status: response.statusCode ?? 0,
          headers: { 'content-type': 'application/json' },
        }),
      );
      sent.destroy();
    });
    sent.on('error', reject);
    sent.setHeader('content-length', length);
    sent.flushHeaders();
  });
}

test('every answer is as the description says, and every answer of the description is given', async ({
  page,
  serve,
}) => {
  const server = await serve({ door: {} });
  await openTab(page, server);
  const api = (method: string, path: string, body?: object | FormData) =>
    fetch(`${server.origin}${path}`, {
      method,
      ...(body && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
  const upload = (name: string, content: string | Uint8Array<ArrayBuffer>) => {
    const form = new FormData();
    form.set('file', new File([content], name));
    return api('POST', '/v1/files', form);
  };
  const description = (await (await api('GET', '/v1/openapi.json')).json()) as Description;
  expect(description.openapi).toBe('3.1.0');
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema(description, 'api', false, false);

  const idOf = async (answer: Promise<Response>) => ((await (await answer).json()) as { id: string }).id;
  const text = await idOf(upload('tides.txt', 'Ebb and flow.'));
  const binary = await idOf(upload('noise.txt', new Uint8Array(500)));
  const model = 'embedding';
  const huge = 300 * 1024 * 1024;
  const { port } = server;

  /** Search's routes, in the order in which a client would call them. */
  async function retrieval(): Promise<[string, Response][]> {
    const made = await api('POST', '/v1/vector_stores', { name: 'Tides', file_ids: [text] });
    const store = ((await made.clone().json()) as { id: string }).id;
    const path = `/v1/vector_stores/${store}`;
    const form = (name: string, content: string | Uint8Array<ArrayBuffer>) => {
      const data = new FormData();
      data.set('file', new File([content], name));
      return data;
    };
    const attached = await api('POST', `${path}/files`, { file_id: text });
    const file = ((await attached.clone().json()) as { id: string }).id;
    const messages = [{ role: 'user', content: 'What moves the water?' }];
    const absent = '/v1/vector_stores/vs_none';
    return [
      [
        'POST /v1/create/rag',
        await api('POST', '/v1/create/rag', form('rag.txt', 'The moon moves the water.')),
      ],
      ['POST /v1/create/rag', await api('POST', '/v1/create/rag', {})],
      ['POST /v1/create/rag', await api('POST', '/v1/create/rag', form('noise.txt', new Uint8Array(500)))],
      ['POST /v1/create/rag', await stateLength(port, '/v1/create/rag', huge)],
      ['POST /v1/retrieve', await api('POST', '/v1/retrieve', { messages, limit: 2, score_threshold: 0 })],
      ['POST /v1/retrieve', await api('POST', '/v1/retrieve', { messages: [] })],
      ['POST /v1/retrieve', await api('POST', '/v1/retrieve', { messages, collection_name: 'none' })],
      ['POST /v1/vector_stores', made],
      ['POST /v1/vector_stores', await api('POST', '/v1/vector_stores', { file_ids: 'all' })],
      ['POST /v1/vector_stores', await api('POST', '/v1/vector_stores', { file_ids: ['file_none'] })],
      ['GET /v1/vector_stores', await api('GET', '/v1/vector_stores')],
      ['GET /v1/vector_stores/{id}', await api('GET', path)],
      ['GET /v1/vector_stores/{id}', await api('GET', absent)],
      ['POST /v1/vector_stores/{id}', await api('POST', path, { name: 'Waters' })],
      ['POST /v1/vector_stores/{id}', await api('POST', absent, { name: 'Waters' })],
      ['POST /v1/vector_stores/{id}/files', attached],
      ['POST /v1/vector_stores/{id}/files', await api('POST', `${path}/files`, {})],
      ['POST /v1/vector_stores/{id}/files', await api('POST', `${path}/files`, { file_id: 'file_none' })],
      ['GET /v1/vector_stores/{id}/files', await api('GET', `${path}/files`)],
      ['GET /v1/vector_stores/{id}/files', await api('GET', `${absent}/files`)],
      ['GET /v1/vector_stores/{id}/files/{file}', await api('GET', `${path}/files/${file}`)],
      ['GET /v1/vector_stores/{id}/files/{file}', await api('GET', `${path}/files/file_none`)],
      ['POST /v1/vector_stores/{id}/search', await api('POST', `${path}/search`, { query: 'the sea' })],
      ['POST /v1/vector_stores/{id}/search', await api('POST', `${path}/search`, { query: '' })],
      ['POST /v1/vector_stores/{id}/search', await api('POST', `${absent}/search`, { query: 'the sea' })],
      ['DELETE /v1/vector_stores/{id}/files/{file}', await api('DELETE', `${path}/files/${file}`)],
      ['DELETE /v1/vector_stores/{id}/files/{file}', await api('DELETE', `${path}/files/${file}`)],
      ['DELETE /v1/vector_stores/{id}', await api('DELETE', path)],
      ['DELETE /v1/vector_stores/{id}', await api('DELETE', path)],
    ];
  }

  const answers: [operation: string, answer: Response][] = [
    ['POST /v1/files', await upload('more.txt', 'More.')],
    ['POST /v1/files', await api('POST', '/v1/files', {})],
    ['POST /v1/files', await stateLength(port, '/v1/files', huge)],
    ['GET /v1/files', await api('GET', '/v1/files')],
    ['GET /v1/files/{id}', await api('GET', `/v1/files/${text}`)],
    ['GET /v1/files/{id}', await api('GET', '/v1/files/file_none')],
    ['GET /v1/files/{id}/content', await api('GET', `/v1/files/${text}/content`)],
    ['GET /v1/files/{id}/content', await api('GET', '/v1/files/file_none/content')],
    ['POST /v1/chunks', await api('POST', '/v1/chunks', { id: text })],
    [
      'POST /v1/chunks',
      await api('POST', '/v1/chunks', { id: text, filename: 'tides.txt', chunk_capacity: 8 }),
    ],
    ['POST /v1/chunks', await api('POST', '/v1/chunks', { id: text, chunk_capacity: 1 })],
    ['POST /v1/chunks', await api('POST', '/v1/chunks', { id: 'file_none' })],
    ['POST /v1/chunks', await api('POST', '/v1/chunks', { id: binary })],
    ['POST /v1/chunks', await stateLength(port, '/v1/chunks', huge)],
    ['POST /v1/embeddings', await api('POST', '/v1/embeddings', { model, input: 'a' })],
    ['POST /v1/embeddings', await api('POST', '/v1/embeddings', { model, input: ['a', 'b'], unknown: 1 })],
    ['POST /v1/embeddings', await api('POST', '/v1/embeddings', { model, input: [101, 102] })],
    ['POST /v1/embeddings', await api('POST', '/v1/embeddings', { model, input: [[101, 102], [7]] })],
    [
      'POST /v1/embeddings',
      await api('POST', '/v1/embeddings', { model, input: 'a', encoding_format: 'base64' }),
    ],
    ['POST /v1/embeddings', await api('POST', '/v1/embeddings', { model, input: [] })],
    ['POST /v1/embeddings', await api('POST', '/v1/embeddings', { model: 'none', input: 'a' })],
    ['POST /v1/embeddings', await stateLength(port, '/v1/embeddings', huge)],
    ['GET /v1/models', await api('GET', '/v1/models')],
    ['GET /v1/models/{id}', await api('GET', '/v1/models/all-MiniLM-L6-v2')],
    ['GET /v1/models/{id}', await api('GET', '/v1/models/none')],
    ['GET /v1/info', await api('GET', '/v1/info')],
    ...(await retrieval()),
    ['GET /v1/openapi.json', await api('GET', '/v1/openapi.json')],
    ['DELETE /v1/files/{id}', await api('DELETE', `/v1/files/${text}`)],
    ['DELETE /v1/files/{id}', await api('DELETE', `/v1/files/${text}`)],
  ];
  await page.close();
  await expect.poll(() => server.tabs).toBe(0);
  answers.push(['POST /v1/embeddings', await api('POST', '/v1/embeddings', { model, input: 'a' })]);

  const operations = new Map(operationsOf(description));
  const given = new Set<string>();
  for (const [name, answer] of answers) {
    const described = operations.get(name)?.responses[String(answer.status)];
    expect(described, `${name} answered ${answer.status}`).toBeDefined();
    given.add(`${name} ${answer.status}`);
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const media = described?.content[type];
    expect(media, `${name} ${answer.status} is ${type}`).toBeDefined();
    if (!media?.schema) continue;
    const path = [
      name.split(' ')[1],
      name.split(' ')[0]?.toLowerCase(),
      'responses',
      answer.status,
      'content',
      type,
    ];
    const place = path.map(part =>
      encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')),
    );
    const validate = ajv.compile({ $ref: `api#/paths/${place[0]}/${place.slice(1).join('/')}/schema` });
    expect(validate(await answer.json()), `${name}: ${ajv.errorsText(validate.errors)}`).toBe(true);
  }
  const described = [...operations].flatMap(([name, { responses }]) =>
    Object.keys(responses).map(status => `${name} ${status}`),
  );
  expect([...given].sort()).toEqual(described.sort());
});
