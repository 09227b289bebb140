import type { ApiBackend } from './backend.ts';
import { ApiError, errorResponse, notFound, toApiError } from './errors.ts';
import { openApi } from './openapi.ts';
import type { Route } from './route.ts';
import { chunkRoutes } from './routes/chunks.ts';
import { embeddingRoutes } from './routes/embeddings.ts';
import { fileRoutes } from './routes/files.ts';
import { modelRoutes } from './routes/models.ts';
import { retrievalRoutes } from './routes/retrieval.ts';
import { vectorStoreRoutes } from './routes/vector-stores.ts';

const description: Route = {
  method: 'GET',
  path: '/v1/openapi.json',
  run: async ({ backend }) => Response.json(openApi(backend.version)),
};

/** Every route of the API. */
const routes: readonly Route[] = [
  ...fileRoutes,
  ...chunkRoutes,
  ...embeddingRoutes,
  ...modelRoutes,
  ...retrievalRoutes,
  ...vectorStoreRoutes,
  description,
];

/**
 * Answers one request of the API; every door calls this and nothing else. It never rejects but with the signal's
 * AbortError: failures are answers in OpenAI's envelope. The request's origin does not matter, only its path does.
 */
export async function handle(request: Request, backend: ApiBackend): Promise<Response> {
  const { signal } = request;
  try {
    const { route, params } = match(request);
    return await route.run({ request, params, backend, signal });
  } catch (error) {
    signal.throwIfAborted();
    return errorResponse(toApiError(error));
  }
}

function match(request: Request): { route: Route; params: Record<string, string> } {
  const path = apiPath(request.url);
  const fitting = routes.flatMap(route => {
    const params = paramsOf(route.path, path);
    return params ? [{ route, params }] : [];
  });
  const found = fitting.find(({ route }) => route.method === request.method);
  if (found) return found;
  if (fitting.length === 0)
    throw notFound(`There is no route ${request.method} ${path}. GET /v1/openapi.json lists them.`);
  const allow = fitting.map(({ route }) => route.method).join(', ');
  throw new ApiError(405, `${path} takes ${allow}, not ${request.method}.`, {
    code: 'method_not_allowed',
    headers: { Allow: allow },
  });
}

/** The path from /v1 on, whatever folder the page lies in, without a slash at its end. */
function apiPath(url: string): string {
  const { pathname } = new URL(url);
  const at = pathname.indexOf('/v1/');
  return (at < 0 ? pathname : pathname.slice(at)).replace(/\/+$/, '');
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split('/');
  const parts = path.split('/');
  if (expected.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of expected.entries()) {
    const given = parts[i] ?? '';
    if (!part.startsWith('{')) {
      if (part !== given) return undefined;
      continue;
    }
    try {
      params[part.slice(1, -1)] = decodeURIComponent(given);
    } catch {
      return undefined;
    }
  }
  return params;
}
