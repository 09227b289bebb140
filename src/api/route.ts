import type { ApiBackend } from './backend.ts';

/** What a route is given. `params` are the parts of its path in braces, decoded. */
export interface Call {
  request: Request;
  params: Record<string, string>;
  backend: ApiBackend;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
}

/** One route: method, path with {params}, and what it does. One file a resource in routes/, one line in the registry. */
export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  run(call: Call): Promise<Response>;
}
