import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { ApiError, errorResponse, toApiError } from '../src/api/errors.ts';
import type { WireRequest } from '../src/rpc/wire.ts';
import { checkAccess, checkPath } from './bridge-access.ts';
import { createBodies } from './bridge-body.ts';
import { createTabs, type NoAnswer, NoTabAnswered, type TabTimes } from './bridge-tabs.ts';

export interface BridgeOptions {
  /** The server's own, by all its names. */
  origins: readonly string[];
  /** Asked of every request of the API; of none where absent. Not asked of the page: its Origin lets it in. */
  token?: string;
  /** For tests. */
  times?: Partial<TabTimes>;
}

/** The server's door to the API: HTTP outside, the open tabs' WebSockets inside. The caller has checked Host. */
export interface Bridge {
  answer(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): Promise<void>;
  /** A tab that wants to connect. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tabs connected now. */
  readonly tabs: number;
  close(): void;
}

/** Of a client's headers only these matter to the API; a token, above all, stays here. */
const PASSED_IN = ['accept', 'content-type'];
/** What speaks of the connection, not of the answer. */
const HOP_BY_HOP = new Set(
  'connection keep-alive proxy-authenticate proxy-connection te trailer transfer-encoding upgrade content-length'.split(
    ' ',
  ),
);
/** Answers are bodies whole: the largest original and its envelope fit. */
const MAX_FRAME_BYTES = 512 * 1024 * 1024;
/** A client whose body is refused gets so long to read why. */
const LINGER_MS = 1_000;

const NO_ANSWER: Record<NoAnswer, string> = {
  none: 'No tab is open that could answer. Open this server’s page in a browser, or start it with --headless.',
  silent:
    'The open tab does not answer. Look whether its page asks for something, or reload it, and try again.',
  died: 'The tab that worked on this went away. It may or may not have been done: look, and try again.',
  failed: 'The open tab could not answer. Reload it and try again.',
};

export function createBridge({ origins, token, times }: BridgeOptions): Bridge {
  const tabs = createTabs(times);
  const bodies = createBodies();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });

  async function respond(
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ): Promise<void> {
    checkAccess(request, origins, token);
    const { method = 'GET', url = '' } = request;
    checkPath(url);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const { body, release } = await bodies.read(request, response, expectsContinue);
    try {
      const wire: WireRequest = {
        method,
        url: new URL(url, origins[0]).href,
        headers: PASSED_IN.flatMap(name => {
          const value = request.headers[name];
          return typeof value === 'string' ? [[name, value] as [string, string]] : [];
        }),
        ...(body && { body }),
      };
      const answer = await tabs.forward(wire, gone.signal);
      for (const [name, value] of answer.headers) {
        if (!HOP_BY_HOP.has(name.toLowerCase())) response.setHeader(name, value);
      }
      response.statusCode = answer.status;
      response.end(Buffer.from(answer.body));
    } finally {
      release();
    }
  }

  async function refuse(error: ApiError, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await toNode(errorResponse(error));
    for (const [name, value] of headers) response.setHeader(name, value);
    response.statusCode = status;
    if (!request.complete) {
      // What is still coming is not read, so nothing else can come on this connection.
      response.setHeader('Connection', 'close');
      request.resume();
      setTimeout(() => request.destroy(), LINGER_MS).unref();
    }
    response.end(body);
  }

  return {
    async answer(request, response, expectsContinue) {
      response.setHeader('Cache-Control', 'no-store');
      try {
        await respond(request, response, expectsContinue);
      } catch (error) {
        if (response.destroyed || response.headersSent) return;
        await refuse(toAnswer(error), request, response);
      }
    },

    upgrade(request, socket, head) {
      socket.on('error', () => {});
      const { origin } = request.headers;
      // Programs are no tabs: a browser always says where its page is from.
      if (origin === undefined || !origins.includes(origin)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, tab => tabs.add(tab));
    },

    get tabs() {
      return tabs.count;
    },

    close() {
      tabs.close();
      sockets.close();
    },
  };
}

function toAnswer(error: unknown): ApiError {
  if (!(error instanceof NoTabAnswered)) return toApiError(error);
  return new ApiError(503, NO_ANSWER[error.reason], {
    code: error.reason === 'none' ? 'no_tab' : 'tab_gone',
    headers: { 'Retry-After': '5' },
  });
}

async function toNode(response: Response) {
  return {
    status: response.status,
    headers: response.headers,
    body: Buffer.from(await response.arrayBuffer()),
  };
}
