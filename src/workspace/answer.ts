import type { ApiBackend } from '../api/backend.ts';
import { handle } from '../api/handle.ts';
import { requestFromWire, responseToWire, type WireRequest, type WireResponse } from '../rpc/wire.ts';
import type { RequestLog } from './api.ts';

/** Answers one request of the API and logs it. Rejects only with the signal's AbortError. */
export async function answer(
  wire: WireRequest,
  signal: AbortSignal,
  backend: ApiBackend,
  log: (entry: RequestLog) => void,
): Promise<WireResponse> {
  const at = Date.now();
  let tokens = 0;
  const counting: ApiBackend = {
    ...backend,
    async embed(model, inputs, ...rest) {
      const embedded = await backend.embed(model, inputs, ...rest);
      for (const { ids } of inputs) tokens += ids.length;
      return embedded;
    },
  };
  const response = await responseToWire(await handle(requestFromWire(wire, signal), counting));
  const { pathname } = new URL(wire.url);
  log({ at, method: wire.method, path: pathname, status: response.status, tokens, ms: Date.now() - at });
  return response;
}
