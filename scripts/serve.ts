import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import { securityHeaders } from './headers.ts';

/** The one name the page lives under: two names would be two origins, and two databases. */
export const HOST = '127.0.0.1';
const OTHER_NAMES = ['localhost', '[::1]'];
const YEAR = 31_536_000;

export interface ServeOptions {
  /** The folder to serve. */
  dir: string;
  /** 0 takes any free port. */
  port: number;
  /** Without cross-origin isolation when false. */
  isolated?: boolean;
  /** For tests: the body of a script as it is to be sent, given the file's own; undefined leaves it. */
  transform?: (pathname: string, body: string) => string | undefined;
}

export interface Server {
  /** http://127.0.0.1:<port> */
  origin: string;
  port: number;
  close(): Promise<void>;
}

/**
 * Serves a built page on 127.0.0.1 with the headers of headers.ts. Rejects with Node's error when it cannot listen
 * (`EADDRINUSE`). Requests under any other host name are refused: a page elsewhere must not reach us by rebinding.
 */
export async function startServer({ dir, port, isolated, transform }: ServeOptions): Promise<Server> {
  const headers = securityHeaders({ isolated });
  const files = sirv(dir, {
    // Looks at the disk for every request: the folder may be built anew under a running server.
    dev: true,
    etag: true,
    setHeaders(response, pathname) {
      const forever = pathname.startsWith('/assets/');
      response.setHeader('Cache-Control', forever ? `public, max-age=${YEAR}, immutable` : 'no-cache');
      if (pathname.endsWith('.gguf')) response.setHeader('Content-Type', 'application/octet-stream');
    },
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const name = hostName(request, (server.address() as AddressInfo).port);
    if (name === undefined) return end(response, 421, `This server answers on ${origin()} only.`);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return end(response, 405, 'Only GET and HEAD are served here.');
    }
    if (name !== HOST && isNavigation(request)) {
      response.setHeader('Location', origin() + (request.url ?? '/'));
      return end(response, 308, `This page lives at ${origin()}.`);
    }
    const pathname = new URL(request.url ?? '/', origin()).pathname;
    if (transform && pathname.endsWith('.js')) {
      const changed = transform(pathname, await readFile(join(dir, pathname), 'utf8').catch(() => ''));
      if (changed !== undefined) {
        response.setHeader('Content-Type', 'text/javascript');
        response.setHeader('Cache-Control', 'no-store');
        return end(response, 200, changed);
      }
    }
    files(request, response, () => end(response, 404, 'There is no such file.'));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => end(response, 400, 'This request cannot be read.'));
  });
  const origin = () => `http://${HOST}:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return {
    origin: origin(),
    port: (server.address() as AddressInfo).port,
    close() {
      return new Promise((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
    },
  };
}

/** The name a request asks for, when it is one of this machine's and the port is ours. */
function hostName({ headers: { host = '' } }: IncomingMessage, port: number): string | undefined {
  if (!URL.canParse(`http://${host}/`)) return undefined;
  const url = new URL(`http://${host}/`);
  if (Number(url.port || 80) !== port) return undefined;
  return [HOST, ...OTHER_NAMES].find(name => name === url.hostname);
}

function isNavigation({ headers }: IncomingMessage): boolean {
  const mode = headers['sec-fetch-mode'];
  return mode ? mode === 'navigate' : (headers.accept ?? '').includes('text/html');
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(text);
}
