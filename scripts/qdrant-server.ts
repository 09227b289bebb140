import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Schemas } from '@qdrant/js-client-rest';
import {
  invalid,
  readCreate,
  readIndex,
  readLookup,
  readPoints,
  readQuery,
  readRemoval,
  readScroll,
  type StoredPoint,
  type Wanted,
} from './qdrant-bodies.ts';

/** One request as the server saw it. */
export interface SeenRequest {
  method: string;
  /** With its query. */
  path: string;
  key: string | undefined;
  body: unknown;
  /** The program that sent it. */
  agent: string | undefined;
}

/** Answers instead of the server; true where it has. */
export type Intervention = (seen: SeenRequest, response: ServerResponse) => boolean | Promise<boolean>;

export interface StoredCollection {
  size: number;
  distance: Schemas['Distance'];
  /** Fields that may be filtered by. */
  indexed: Set<string>;
  /** In the order of their ids. */
  points: Map<string, StoredPoint>;
}

export interface QdrantServer {
  address: string;
  collections: Map<string, StoredCollection>;
  seen: SeenRequest[];
  /** May be set at any time: what goes wrong from then on. */
  intervene: Intervention | undefined;
  /** Wanted of every request but to '/'. */
  key: string | undefined;
  /** Whether pages of other origins may read its answers. */
  cors: boolean;
  /** Bytes of a body. */
  limit: number;
  close(): Promise<void>;
}

/** What the server answers with: a result, or a refusal. */
type Answer = { result: unknown } | { status: number; error: string };

/**
 * A stand-in for Qdrant 1.17 in tests: keeps points and answers as the server does, typed by the official client's
 * types. It takes only what the server's OpenAPI description allows, in strict mode: filters by indexed fields alone.
 */
export async function startQdrantServer(): Promise<QdrantServer> {
  const http = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (server.cors) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Headers', 'api-key, content-type');
      response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT');
    }
    if (request.method === 'OPTIONS') return void response.writeHead(server.cors ? 200 : 405).end();
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const bytes = Buffer.concat(pieces);
    const { method = '', url = '' } = request;
    const key = request.headers['api-key'] as string | undefined;
    const body: unknown = bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined;
    const seen: SeenRequest = { method, path: url, key, body, agent: request.headers['user-agent'] };
    server.seen.push(seen);
    if (await server.intervene?.(seen, response)) return;
    if (url === '/') {
      const info: Schemas['VersionInfo'] = { title: 'qdrant - vector search engine', version: '1.17.0' };
      return send(response, 200, info);
    }
    if (server.key !== undefined && key !== server.key) {
      return void response.writeHead(401).end('Must provide an API key or an Authorization bearer token');
    }
    if (bytes.length > server.limit) {
      const error = `JSON payload (${bytes.length} bytes) is larger than allowed (limit: ${server.limit} bytes).`;
      return send(response, 413, { status: { error }, time: 0 });
    }
    if (body !== undefined && !/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      return send(response, 415, { status: { error: 'Content type error' }, time: 0 });
    }
    const answered = serve(seen);
    if ('error' in answered) {
      const failed: Schemas['ErrorResponse'] = { status: { error: answered.error }, time: 0.0001 };
      return send(response, answered.status, failed);
    }
    send(response, 200, { result: answered.result, status: 'ok', time: 0.0001 });
  }

  function serve({ method, path, body }: SeenRequest): Answer {
    const url = new URL(path, server.address);
    const [root, encoded, ...rest] = url.pathname.slice(1).split('/');
    const route = `${method} ${[root, encoded === undefined ? [] : '{name}', rest].flat().join('/')}`;
    if (route === 'GET collections') return { result: list() };
    const name = decodeURIComponent(encoded ?? '');
    const found = server.collections.get(name);
    if (route === 'PUT collections/{name}') {
      const vectors = readCreate(body);
      if (typeof vectors === 'string') return invalid(vectors);
      if (found) return { status: 409, error: `Wrong input: Collection \`${name}\` already exists!` };
      server.collections.set(name, { ...vectors, indexed: new Set(), points: new Map() });
      return { result: true };
    }
    if (!found) return { status: 404, error: `Not found: Collection \`${name}\` doesn't exist!` };
    const done: Schemas['UpdateResult'] = { operation_id: server.seen.length, status: 'completed' };
    switch (route) {
      case 'GET collections/{name}':
        return { result: infoOf(found) };
      case 'PUT collections/{name}/index': {
        const field = readIndex(body);
        if (field.error !== undefined) return invalid(field.error);
        found.indexed.add(field.name);
        return { result: done };
      }
      case 'PUT collections/{name}/points': {
        const points = readPoints(body, found);
        if (typeof points === 'string') return invalid(points);
        for (const point of points) found.points.set(point.id, point);
        return { result: done };
      }
      case 'POST collections/{name}/points': {
        const asked = readLookup(body);
        if (typeof asked === 'string') return invalid(asked);
        const there = asked.ids.flatMap(id => found.points.get(id) ?? []);
        return { result: there.map(point => shown(point, asked.wanted)) };
      }
      case 'POST collections/{name}/points/scroll':
        return scroll(found, body);
      case 'POST collections/{name}/points/query':
        return query(found, body);
      case 'POST collections/{name}/points/delete': {
        const ids = readRemoval(body);
        if (typeof ids === 'string') return invalid(ids);
        for (const id of ids) found.points.delete(id);
        return { result: done };
      }
      default:
        return { status: 404, error: 'Not found' };
    }
  }

  function list(): Schemas['CollectionsResponse'] {
    return { collections: [...server.collections.keys()].map(name => ({ name })) };
  }

  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  const server: QdrantServer = {
    address: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    collections: new Map(),
    seen: [],
    intervene: undefined,
    key: undefined,
    cors: true,
    limit: 32 * 1024 * 1024,
    close: () =>
      new Promise(resolve => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}

function infoOf({ size, distance, points, indexed }: StoredCollection): Schemas['CollectionInfo'] {
  return {
    status: 'green',
    optimizer_status: 'ok',
    indexed_vectors_count: 0,
    points_count: points.size,
    segments_count: 2,
    config: {
      params: {
        vectors: { size, distance },
        shard_number: 1,
        replication_factor: 1,
        write_consistency_factor: 1,
        on_disk_payload: true,
      },
      hnsw_config: {
        m: 16,
        ef_construct: 100,
        full_scan_threshold: 10_000,
        max_indexing_threads: 0,
        on_disk: false,
      },
      optimizer_config: {
        deleted_threshold: 0.2,
        vacuum_min_vector_number: 1000,
        default_segment_number: 0,
        indexing_threshold: 10_000,
        flush_interval_sec: 5,
      },
      wal_config: { wal_capacity_mb: 32, wal_segments_ahead: 0, wal_retain_closed: 1 },
    },
    payload_schema: Object.fromEntries(
      [...indexed].map(field => [field, { data_type: 'keyword' as const, points: points.size }]),
    ),
  };
}

function scroll(found: StoredCollection, body: unknown): Answer {
  const asked = readScroll(body);
  if (typeof asked === 'string') return invalid(asked);
  const { only, limit, offset, wanted } = asked;
  if (only && !found.indexed.has(only.key)) {
    const error = `Bad request: Index required but not found for "${only.key}" of one of the following types: [keyword]. Help: Create an index for this key or use a different filter.`;
    return { status: 400, error };
  }
  const all = [...found.points.values()]
    .filter(({ payload }) => !only || payload[only.key] === only.value)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const from = offset === undefined ? 0 : all.findIndex(({ id }) => id >= offset);
  const page = from < 0 ? [] : all.slice(from, from + limit);
  const next = from < 0 ? undefined : all[from + limit];
  const result: Schemas['ScrollResult'] = {
    points: page.map(point => shown(point, wanted)),
    next_page_offset: next?.id ?? null,
  };
  return { result };
}

/** The nearest, by comparing with all. */
function query(found: StoredCollection, body: unknown): Answer {
  const asked = readQuery(body, found.size);
  if (typeof asked === 'string') return invalid(asked);
  const norm = Math.hypot(...asked.query) || 1;
  const points = [...found.points.values()].map(({ id, vector }): Schemas['ScoredPoint'] => ({
    id,
    version: 0,
    score: vector.reduce((sum, value, at) => sum + value * (asked.query[at] ?? 0), 0) / norm,
  }));
  const result: Schemas['QueryResponse'] = {
    points: points.sort((a, b) => b.score - a.score).slice(0, asked.limit),
  };
  return { result };
}

/** A point as it is given out: with the fields that were asked for. */
function shown({ id, payload }: StoredPoint, wanted: Wanted): Schemas['Record'] {
  if (wanted === false) return { id };
  const chosen = Object.entries(payload).filter(([name]) => wanted === true || wanted.includes(name));
  return { id, payload: Object.fromEntries(chosen) as NonNullable<Schemas['Record']['payload']> };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
