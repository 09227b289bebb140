import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../src/api/errors.ts';
import { MAX_JSON_BYTES, MAX_UPLOAD_BYTES } from '../src/api/input.ts';

/** Bodies in memory at once, over all requests: a few of the largest. */
const MAX_WAITING_BYTES = 4 * MAX_UPLOAD_BYTES;

/** Reads bodies whole, each within its route's limit and all of them within the server's. */
export function createBodies() {
  let waiting = 0;
  return {
    /**
     * The body of a request, and what to call when it is no longer held. Rejects with 413 as soon as it is known to
     * be too large, with 503 when too much is held already, and when the client goes away.
     */
    async read(
      request: IncomingMessage,
      response: ServerResponse,
      expectsContinue: boolean,
    ): Promise<{ body?: ArrayBuffer; release: () => void }> {
      if (request.method === 'GET' || request.method === 'HEAD') return { release: () => {} };
      const isUpload = /^\/v1\/files\/?(\?|$)/.test(request.url ?? '');
      const limit = isUpload ? MAX_UPLOAD_BYTES : MAX_JSON_BYTES;
      if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
      let held = 0;
      const release = () => {
        waiting -= held;
        held = 0;
      };
      const parts: Uint8Array[] = [];
      try {
        if (expectsContinue) response.writeContinue();
        for await (const part of request as AsyncIterable<Uint8Array>) {
          held += part.length;
          waiting += part.length;
          if (held > limit) throw tooLarge(limit);
          if (waiting > MAX_WAITING_BYTES) throw tooBusy();
          parts.push(part);
        }
      } catch (error) {
        release();
        throw error;
      }
      const body = new Uint8Array(held);
      let at = 0;
      for (const part of parts) {
        body.set(part, at);
        at += part.length;
      }
      return { body: body.buffer, release };
    },
  };
}

const tooLarge = (limit: number) =>
  new ApiError(
    413,
    `The body is larger than the ${limit / 1024 / 1024} MB that this route takes. Send less at once.`,
    { code: 'body_too_large' },
  );

const tooBusy = () =>
  new ApiError(503, 'Too much is being sent at once. Wait for answers, then send more.', {
    code: 'server_busy',
    headers: { 'Retry-After': '5' },
  });
