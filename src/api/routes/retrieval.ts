import type { ApiStore, StoreBackend } from '../backend.ts';
import { ApiError, badRequest, notFound } from '../errors.ts';
import { readJson } from '../input.ts';
import type { Route } from '../route.ts';
import { receiveFile } from './files.ts';

/** As LlamaEdge's server has them where nothing is said. */
const LIMIT = 5;
const THRESHOLD = 0.4;

/** The collections that a request names by `collection_name`; that of the uploads where it names none. */
async function storesOf(stores: StoreBackend, names: unknown, uploads: string): Promise<ApiStore[]> {
  const wanted = names === undefined ? [uploads] : Array.isArray(names) ? names : [names];
  return Promise.all(
    wanted.map(async name => {
      const store = typeof name === 'string' ? await stores.store(name) : undefined;
      if (!store) throw notFound(`There is no collection ${JSON.stringify(name)}.`, 'collection_name');
      return store;
    }),
  );
}

/** A number for each of some collections: one for all of them, or one each. */
function numbersOf(
  body: Record<string, unknown>,
  field: string,
  count: number,
  { min, max, fallback, whole }: { min: number; max: number; fallback: number; whole: boolean },
): number[] {
  const given = body[field] ?? fallback;
  const list = Array.isArray(given) ? given : Array<unknown>(count).fill(given);
  const fits = (value: unknown) =>
    typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
  if (list.length !== count || !list.every(fits)) {
    throw badRequest(
      `“${field}” must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, or one for each collection.`,
      field,
    );
  }
  return list as number[];
}

/** The text of the last message of the user. */
function questionOf({ messages }: Record<string, unknown>): string {
  const list: unknown[] = Array.isArray(messages) ? messages : [];
  const last = list.findLast(message => (message as { role?: unknown } | null)?.role === 'user');
  const content = (last as { content?: unknown } | undefined)?.content;
  const text = Array.isArray(content) ? content.map(part => part?.text ?? '').join('\n') : content;
  if (typeof text !== 'string' || text.trim() === '') {
    throw badRequest('“messages” must hold a message of the role “user” with a text.', 'messages');
  }
  return text;
}

/** As LlamaEdge's rag-api-server: a file becomes vectors that can be searched, and chunks near to a question are found. */
export const retrievalRoutes: Route[] = [
  {
    method: 'POST',
    path: '/v1/create/rag',
    async run(call) {
      const { backend, signal } = call;
      const { file } = await receiveFile(call);
      await backend.stores.settled(file.id, signal);
      const store = await backend.stores.store(backend.uploads);
      const made = store?.files.find(({ id }) => id === file.id);
      if (made?.state !== 'completed') {
        const message = made?.error ?? 'The file was cancelled or removed before it was embedded.';
        throw new ApiError(422, message, { param: 'file', code: 'file_not_embedded' });
      }
      const { data, dimensions, tokens, model } = await backend.stores.vectors(file.id);
      const count = dimensions === 0 ? 0 : data.length / dimensions;
      return Response.json({
        object: 'list',
        data: Array.from({ length: count }, (_, index) => ({
          index,
          object: 'embedding',
          embedding: Array.from(data.subarray(index * dimensions, (index + 1) * dimensions)),
        })),
        model,
        usage: { prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens },
      });
    },
  },
  {
    method: 'POST',
    path: '/v1/retrieve',
    async run({ request, backend, signal }) {
      const body = await readJson(request);
      const question = questionOf(body);
      const stores = await storesOf(backend.stores, body.collection_name, backend.uploads);
      const count = stores.length;
      const limits = numbersOf(body, 'limit', count, { min: 1, max: 1000, fallback: LIMIT, whole: true });
      const range = { min: -1, max: 1, fallback: THRESHOLD, whole: false };
      const thresholds = numbersOf(body, 'score_threshold', count, range);
      const found = stores.map(async ({ id }, i) => {
        const [limit, threshold] = [limits[i] as number, thresholds[i] as number];
        const hits = await backend.stores.search(id, question, { limit, threshold }, signal);
        const points = hits.map(({ text, score }) => ({ source: text, score }));
        return { points, limit, score_threshold: threshold };
      });
      return Response.json(await Promise.all(found));
    },
  },
];
