import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sink } from './part.ts';

/** A file that begins as a GGUF does, and is of no two equal parts. */
export const FILE = Buffer.alloc(400_000);
for (let i = 0; i < FILE.length; i++) FILE[i] = (i * 2_654_435_761) >>> 24;
FILE.write('GGUF');

class Memory implements Sink {
  bytes = Buffer.alloc(0);
  /** Bytes that came in answer to the last request. */
  arrived = 0;
  get size() {
    return this.bytes.length;
  }
  append(more: Uint8Array) {
    this.bytes = Buffer.concat([this.bytes, more]);
    this.arrived += more.length;
  }
  clear() {
    this.bytes = Buffer.alloc(0);
  }
}

/** Where a test's bytes arrive. */
export const memory = new Memory();

/** The byte that was asked for first. */

export const start = (request: IncomingMessage) =>
  Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);

interface Sent {
  file?: Buffer;
  upTo?: number | undefined;
  etag?: string;
}

/** Sends what was asked for as a good host does; `upTo` cuts the connection there. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { file = FILE, upTo = file.length, etag = '"1"' }: Sent = {},
): void {
  const from = start(request);
  if (from >= file.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
    return;
  }
  response.writeHead(206, {
    'Content-Range': `bytes ${from}-${file.length - 1}/${file.length}`,
    'Content-Length': file.length - from,
    ETag: etag,
  });
  if (upTo >= file.length) response.end(file.subarray(from));
  else drop(response, file.subarray(from, upTo));
}

/** Sends some bytes, and breaks the connection when all of them have arrived: what is under way then may be lost. */
export function drop(response: ServerResponse, bytes: Uint8Array): void {
  response.write(bytes);
  const wait = setInterval(() => {
    if (memory.arrived < bytes.length) return;
    clearInterval(wait);
    response.destroy();
  }, 2);
  response.once('close', () => clearInterval(wait));
}

/** Sends the whole, whatever was asked for. */
export function sendAll(
  response: ServerResponse,
  body: Uint8Array | string = FILE,
  headers: Record<string, string | number> = {},
) {
  response.writeHead(200, headers);
  response.end(body);
}
