import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the server saw it. */
export interface SeenRequest {
  path: string;
  key: string | undefined;
  model?: string;
  input?: string[];
}

/** Answers instead of the server; true where it has. */
export type Intervention = (seen: SeenRequest, response: ServerResponse) => boolean | Promise<boolean>;

export interface EmbeddingServer {
  baseUrl: string;
  seen: SeenRequest[];
  /** May be set at any time: what goes wrong from then on. */
  intervene: Intervention | undefined;
  /** Numbers as OpenAI's clients ask for them, or as plain ones. */
  encoding: 'float' | 'base64';
  dimensions: number;
  /** Another seed is another model. */
  seed: number;
  /** Drops every connection and answers no more, as a server that was killed. */
  die(): Promise<void>;
  /** Listens again at the same address. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** The vector of a text, the same each time; not of length 1. */
export function vectorOfText(text: string, dimensions: number, seed: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const [i, character] of [...text].entries()) {
    for (let at = 0; at < dimensions; at++) {
      vector[at] = (vector[at] ?? 0) + Math.sin((character.codePointAt(0) ?? 0) * (at + seed) + i);
    }
  }
  return vector;
}

/** A small OpenAI-compatible server for tests, with deterministic vectors and faults on demand. */
export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  let http = listen();
  let port = 0;

  function listen() {
    return createServer((request, response) => {
      answer(request, response).catch(() => response.destroy());
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    const key = request.headers.authorization?.replace('Bearer ', '');
    const seen: SeenRequest = { path: request.url ?? '', key, ...body };
    server.seen.push(seen);
    if (await server.intervene?.(seen, response)) return;
    if (seen.path === '/v1/models') {
      json(response, 200, { object: 'list', data: [{ id: 'tiny', object: 'model' }, { id: 'other' }] });
    } else if (seen.path === '/v1/embeddings') {
      json(response, 200, {
        object: 'list',
        data: (seen.input ?? []).map((text, index) => ({
          index,
          object: 'embedding',
          embedding: encoded(text),
        })),
        model: seen.model,
      });
    } else json(response, 404, { error: { message: 'There is nothing here.' } });
  }

  function encoded(text: string): number[] | string {
    const vector = vectorOfText(text, server.dimensions, server.seed);
    return server.encoding === 'float' ? [...vector] : Buffer.from(vector.buffer).toString('base64');
  }

  const start = (at: number) =>
    new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(at, '127.0.0.1', () => {
        port = (http.address() as AddressInfo).port;
        resolve();
      });
    });
  const stop = () =>
    new Promise<void>(resolve => {
      http.close(() => resolve());
      http.closeAllConnections();
    });

  await start(0);
  const server: EmbeddingServer = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    seen: [],
    intervene: undefined,
    encoding: 'float',
    dimensions: 8,
    seed: 1,
    die: stop,
    async comeBack() {
      http = listen();
      await start(port);
    },
    close: stop,
  };
  return server;
}

/** An answer of the server. */
export function json(response: ServerResponse, status: number, body: unknown, headers = {}): true {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  return true;
}
