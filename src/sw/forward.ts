import { ApiError, errorResponse, toApiError } from '../api/errors.ts';
import { MAX_JSON_BYTES, MAX_UPLOAD_BYTES, readBody } from '../api/input.ts';
import { responseFromWire, type WireRequest, type WireResponse } from '../rpc/wire.ts';
import { askOver, NoAnswer, type Patience } from '../rpc/wire-port.ts';

/** Asks a page, by the port that it is given. */
export type Door = (port: MessagePort) => void;

const PATIENCE: Patience = { readyMs: 4_000, aliveMs: 12_000 };
/** Requests that do no harm when two tabs answer them, for the first may have fallen silent half-way. */
const REPEATABLE = /\/v1\/(embeddings|chunks|retrieve)\/?$/;

/**
 * Answers a request of the API by the first page that does; `doors` in the order to ask. Where none answers: 503 with
 * Retry-After, in OpenAI's envelope. Rejects only with the request's abort. Nothing is kept between requests.
 */
export async function forward(
  request: Request,
  doors: Iterable<Door> | AsyncIterable<Door>,
  patience: Patience = PATIENCE,
): Promise<Response> {
  try {
    return responseFromWire(await askInTurn(await toWire(request), doors, request.signal, patience));
  } catch (error) {
    request.signal.throwIfAborted();
    return errorResponse(toApiError(error));
  }
}

async function toWire(request: Request): Promise<WireRequest> {
  const { method, url, headers } = request;
  const wire = { method, url, headers: [...headers] };
  if (method === 'GET' || method === 'HEAD') return wire;
  const upload = headers.get('content-type')?.toLowerCase().startsWith('multipart/');
  return { ...wire, body: await readBody(request, upload ? MAX_UPLOAD_BYTES : MAX_JSON_BYTES) };
}

async function askInTurn(
  wire: WireRequest,
  doors: Iterable<Door> | AsyncIterable<Door>,
  signal: AbortSignal,
  patience: Patience,
): Promise<WireResponse> {
  const keepBody = REPEATABLE.test(new URL(wire.url).pathname);
  const repeatable = keepBody || wire.method === 'GET' || wire.method === 'HEAD';
  for await (const open of doors) {
    const { port1, port2 } = new MessageChannel();
    open(port2);
    try {
      return await askOver(port1, wire, { signal, keepBody, patience });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.sent && !repeatable) {
        throw unavailable(
          'The tab that had this request stopped before it answered. Look whether it was done.',
        );
      }
    }
  }
  throw unavailable('No open tab of Vecdrop answers. Open one, or reload it, and try again.');
}

function unavailable(sentence: string): ApiError {
  return new ApiError(503, sentence, { code: 'no_tab', headers: { 'Retry-After': '5' } });
}
