import type { ApiHit, ApiStore, ApiStoreFile } from '../backend.ts';
import { badRequest, notFound } from '../errors.ts';
import { integerField, readJson, stringField } from '../input.ts';
import type { Call, Route } from '../route.ts';
import { FILE_PREFIX, fileOf } from './files.ts';

const PREFIX = 'vs_';

async function storeOf({ backend, params }: Call): Promise<ApiStore> {
  const id = params.id ?? '';
  const store = id.startsWith(PREFIX) ? await backend.stores.store(id.slice(PREFIX.length)) : undefined;
  if (!store)
    throw notFound(`There is no vector store ${JSON.stringify(id)}. GET /v1/vector_stores lists them.`, 'id');
  return store;
}

function storeFileOf({ files }: ApiStore, id: string): ApiStoreFile {
  const file = files.find(candidate => FILE_PREFIX + candidate.id === id);
  if (!file) throw notFound(`The vector store has no file ${JSON.stringify(id)}.`, 'file_id');
  return file;
}

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

function shownStore({ id, name, createdAt, bytes, files }: ApiStore) {
  const count = (state: ApiStoreFile['state']) => files.filter(file => file.state === state).length;
  return {
    id: PREFIX + id,
    object: 'vector_store',
    created_at: seconds(createdAt),
    name,
    bytes,
    usage_bytes: bytes,
    status: count('in_progress') > 0 ? 'in_progress' : 'completed',
    last_active_at: seconds(createdAt),
    metadata: {},
    file_counts: {
      in_progress: count('in_progress'),
      completed: count('completed'),
      failed: count('failed'),
      cancelled: count('cancelled'),
      total: files.length,
    },
  };
}

function shownFile(storeId: string, { id, bytes, addedAt, state, error, chunking }: ApiStoreFile) {
  return {
    id: FILE_PREFIX + id,
    object: 'vector_store.file',
    created_at: seconds(addedAt),
    vector_store_id: PREFIX + storeId,
    usage_bytes: bytes,
    status: state,
    last_error: error === undefined ? null : { code: 'invalid_file', message: error },
    attributes: {},
    chunking_strategy: {
      type: 'static',
      static: { max_chunk_size_tokens: chunking.chunkSize, chunk_overlap_tokens: chunking.overlap },
    },
  };
}

function listed<T extends { id: string }>(data: T[]) {
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: false,
  };
}

function shownHit({ fileId, filename, text, score, page, headings }: ApiHit) {
  const attributes = {
    ...(page === undefined ? {} : { page }),
    ...(headings.length > 0 ? { headings: headings.join(' › ') } : {}),
  };
  return { file_id: FILE_PREFIX + fileId, filename, score, attributes, content: [{ type: 'text', text }] };
}

/** Adds uploaded files to a store by their ids. */
async function attachAll(call: Call, storeId: string, ids: readonly unknown[]): Promise<string[]> {
  const attached: string[] = [];
  for (const id of ids) {
    if (typeof id !== 'string') throw badRequest('File ids must be strings.', 'file_ids');
    const file = await fileOf(call, id);
    attached.push(await call.backend.stores.attach(storeId, file.id));
  }
  return attached;
}

function thresholdOf({ ranking_options }: Record<string, unknown>): number {
  const given = (ranking_options as { score_threshold?: unknown } | undefined)?.score_threshold ?? -1;
  if (typeof given !== 'number' || given < -1 || given > 1)
    throw badRequest('“ranking_options.score_threshold” must be a number from −1 to 1.', 'ranking_options');
  return given;
}

async function search(call: Call): Promise<Response> {
  const { request, backend, signal } = call;
  const store = await storeOf(call);
  const body = await readJson(request);
  const queries: unknown[] = Array.isArray(body.query) ? body.query : [body.query];
  if (queries.length === 0 || !queries.every(query => typeof query === 'string' && query.trim() !== '')) {
    throw badRequest('“query” must be a text, or a list of texts, that is not empty.', 'query');
  }
  const limit = integerField(body, 'max_num_results', { min: 1, max: 50, fallback: 10 });
  const threshold = thresholdOf(body);
  const found: ApiHit[] = [];
  for (const query of queries as string[]) {
    found.push(...(await backend.stores.search(store.id, query, { limit, threshold }, signal)));
  }
  // A chunk that several queries find counts once, with its best score.
  const best = new Map<string, ApiHit>();
  for (const hit of found.sort((a, b) => b.score - a.score)) {
    const key = JSON.stringify([hit.fileId, hit.text]);
    if (!best.has(key)) best.set(key, hit);
  }
  return Response.json({
    object: 'vector_store.search_results.page',
    search_query: queries,
    data: [...best.values()].slice(0, limit).map(shownHit),
    has_more: false,
    next_page: null,
  });
}

/** OpenAI's vector stores: the page's collections. */
export const vectorStoreRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v1/vector_stores',
    run: async ({ backend }) => Response.json(listed((await backend.stores.stores()).map(shownStore))),
  },
  {
    method: 'POST',
    path: '/v1/vector_stores',
    async run(call) {
      const { request, backend } = call;
      const body = await readJson(request);
      const name = stringField(body, 'name', 'Vector store');
      const fileIds = body.file_ids ?? [];
      if (!Array.isArray(fileIds)) throw badRequest('“file_ids” must be a list of file ids.', 'file_ids');
      // A wrong id makes no store.
      for (const id of fileIds) await fileOf(call, String(id));
      const { id } = await backend.stores.createStore(name);
      await attachAll(call, id, fileIds);
      return Response.json(shownStore((await backend.stores.store(id)) as ApiStore));
    },
  },
  {
    method: 'GET',
    path: '/v1/vector_stores/{id}',
    run: async call => Response.json(shownStore(await storeOf(call))),
  },
  {
    method: 'POST',
    path: '/v1/vector_stores/{id}',
    async run(call) {
      const store = await storeOf(call);
      const name = stringField(await readJson(call.request), 'name', store.name);
      await call.backend.stores.renameStore(store.id, name);
      return Response.json(shownStore({ ...store, name }));
    },
  },
  {
    method: 'DELETE',
    path: '/v1/vector_stores/{id}',
    async run(call) {
      const { id } = await storeOf(call);
      await call.backend.stores.removeStore(id);
      return Response.json({ id: PREFIX + id, object: 'vector_store.deleted', deleted: true });
    },
  },
  {
    method: 'GET',
    path: '/v1/vector_stores/{id}/files',
    async run(call) {
      const { id, files } = await storeOf(call);
      return Response.json(listed(files.map(file => shownFile(id, file))));
    },
  },
  {
    method: 'POST',
    path: '/v1/vector_stores/{id}/files',
    async run(call) {
      const { id } = await storeOf(call);
      const body = await readJson(call.request);
      const [attached] = await attachAll(call, id, [stringField(body, 'file_id')]);
      const store = await storeOf(call);
      return Response.json(shownFile(id, storeFileOf(store, FILE_PREFIX + attached)));
    },
  },
  {
    method: 'GET',
    path: '/v1/vector_stores/{id}/files/{file}',
    async run(call) {
      const store = await storeOf(call);
      return Response.json(shownFile(store.id, storeFileOf(store, call.params.file ?? '')));
    },
  },
  {
    method: 'DELETE',
    path: '/v1/vector_stores/{id}/files/{file}',
    async run(call) {
      const file = storeFileOf(await storeOf(call), call.params.file ?? '');
      await call.backend.stores.removeStoreFile(file.id);
      return Response.json({ id: FILE_PREFIX + file.id, object: 'vector_store.file.deleted', deleted: true });
    },
  },
  { method: 'POST', path: '/v1/vector_stores/{id}/search', run: search },
];
