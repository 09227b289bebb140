import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext } from '@playwright/test';

/** What a browser asked of the world beyond this machine. */
export interface Outside {
  /** For Chromium's --proxy-server: loopback passes by, all else comes here and is refused. */
  proxy: string;
  /** Method and address of every request since the start. */
  requests: string[];
  close(): Promise<void>;
}

/** A proxy that writes down and refuses: no worker, frame or prefetch of the browser can get past it unseen. */
export async function listenOutside(): Promise<Outside> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    requests.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    proxy: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => new Promise(resolve => server.close(() => resolve()).closeAllConnections()),
  };
}

/** Collects what must not happen in a test: errors on the console, and errors that nobody caught, in pages and workers. */
export class Watch {
  readonly #errors: string[] = [];
  readonly #expected: RegExp[] = [];

  follow(context: BrowserContext): void {
    context.on('console', message => {
      if (message.type() === 'error') this.#errors.push(`${message.text()} (${message.location().url})`);
    });
    context.on('weberror', error => this.#errors.push(String(error.error().stack ?? error.error())));
  }

  /** Errors that this test brings about: these do not fail it. */
  expectErrors(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  /** Errors so far that no pattern expected. */
  unexpected(): string[] {
    return this.#errors.filter(error => !this.#expected.some(pattern => pattern.test(error)));
  }
}
