import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import { connectSources } from '../src/domain/hosts.ts';
import { DOOR_MARK, DOOR_PATH } from '../src/rpc/frames.ts';
import { type Bridge, type BridgeOptions, createBridge } from './bridge.ts';
import { isApiPath } from './bridge-access.ts';
import { securityHeaders, withConnectSources } from './headers.ts';

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
  /** Origins that the page may connect to besides its own; a service worker adds those that a person allows. */
  connect?: readonly string[];
  /** For tests: the body of a script as it is to be sent, given the file's own; undefined leaves it. */
  transform?: (pathname: string, body: string) => string | undefined;
  /** Answers /v1/ through the open tabs; with a token, only to those who show it. Without it nothing is but files. */
  door?: Omit<BridgeOptions, 'origins'>;
}

export interface Server {
  /** http://127.0.0.1:<port> */
  origin: string;
  port: number;
  /** Tabs that are connected to the door now. */
  readonly tabs: number;
  close(): Promise<void>;
}

/**
 * Serves a built page on 127.0.0.1 with the headers of headers.ts. Rejects with Node's error when it cannot listen
 * (`EADDRINUSE`). Requests under any other host name are refused: a page elsewhere must not reach us by rebinding.
 */
export async function startServer({
  dir,
  port,
  isolated,
  connect = [],
  transform,
  door,
}: ServeOptions): Promise<Server> {
  const headers = securityHeaders({ isolated });
  const policy = headers['Content-Security-Policy'] ?? '';
  headers['Content-Security-Policy'] = withConnectSources(policy, connectSources(connect));
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

  let bridge: Bridge | undefined;

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue = false,
  ): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const name = hostName(request, (server.address() as AddressInfo).port);
    if (name === undefined) return end(response, 421, `This server answers on ${origin()} only.`);
    if (bridge && isApiPath(request.url ?? '')) return bridge.answer(request, response, expectsContinue);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return end(response, 405, 'Only GET and HEAD are served here.');
    }
    if (name !== HOST && isNavigation(request)) {
      response.setHeader('Location', origin() + (request.url ?? '/'));
      return end(response, 308, `This page lives at ${origin()}.`);
    }
    if (bridge) showDoor(request, response);
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

  const start = (request: IncomingMessage, response: ServerResponse, expectsContinue?: boolean) => {
    answer(request, response, expectsContinue).catch(() =>
      end(response, 400, 'This request cannot be read.'),
    );
  };
  const server = createServer((request, response) => start(request, response));
  // Who asks before sending a large body is told at once if it is not wanted.
  server.on('checkContinue', (request, response) => start(request, response, true));
  server.on('upgrade', (request, socket, head) => {
    const known = hostName(request, (server.address() as AddressInfo).port) !== undefined;
    if (bridge && known && request.url === DOOR_PATH) bridge.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  const origin = () => `http://${HOST}:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const own = (server.address() as AddressInfo).port;
  if (door)
    bridge = createBridge({ origins: [HOST, ...OTHER_NAMES].map(name => `http://${name}:${own}`), ...door });
  return {
    origin: origin(),
    port: own,
    get tabs() {
      return bridge?.tabs ?? 0;
    },
    close() {
      bridge?.close();
      // Closing what is closed already is no error.
      return new Promise(resolve => {
        server.close(() => resolve());
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

/**
 * Tells the page that this server has a door. A page that came over the network reads Server-Timing; one that its
 * service worker answered looks for the cookie, which that worker's update brings. Cookies know no ports: its name does.
 */
function showDoor({ headers, socket }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Server-Timing', DOOR_MARK);
  if (headers['service-worker'] === 'script') {
    response.setHeader(
      'Set-Cookie',
      `${DOOR_MARK}-${socket.localPort}=1; Path=/; SameSite=Strict; Max-Age=60`,
    );
  }
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
