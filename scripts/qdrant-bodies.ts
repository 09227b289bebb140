import type { Schemas } from '@qdrant/js-client-rest';

/** What requests to Qdrant may say, read as strictly as its OpenAPI description: a sentence where one is wrong. */

export interface StoredPoint {
  id: string;
  /** As stored: of length 1 where the collection compares by cosine, as the server does it. */
  vector: number[];
  payload: Record<string, unknown>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DISTANCES: readonly string[] = ['Cosine', 'Euclid', 'Dot', 'Manhattan'];

/** The answer to a body that cannot be read. */
export function invalid(what: string): { status: number; error: string } {
  return { status: 400, error: `Format error in JSON body: ${what}` };
}

/** An object with these fields and no others. */
function fields<K extends string>(value: unknown, names: readonly K[]): Record<K, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (Object.keys(value).some(name => !names.includes(name as K))) return undefined;
  return value as Record<K, unknown>;
}

export function readCreate(body: unknown): { size: number; distance: Schemas['Distance'] } | string {
  const vectors = fields(fields(body, ['vectors'])?.vectors, ['size', 'distance']);
  const { size, distance } = vectors ?? {};
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > 65_536) return 'vectors.size';
  if (!DISTANCES.includes(distance as string)) return 'vectors.distance';
  return { size, distance: distance as Schemas['Distance'] };
}

export function readIndex(body: unknown): { name: string; error?: undefined } | { error: string } {
  const read = fields(body, ['field_name', 'field_schema']);
  if (typeof read?.field_name !== 'string') return { error: 'field_name' };
  return read.field_schema === 'keyword' ? { name: read.field_name } : { error: 'field_schema' };
}

export function readPoints(
  body: unknown,
  { size, distance }: { size: number; distance: Schemas['Distance'] },
): StoredPoint[] | string {
  const points = fields(body, ['points'])?.points;
  if (!Array.isArray(points) || points.length === 0) return 'Empty update request';
  const read: StoredPoint[] = [];
  for (const point of points) {
    const { id, vector, payload } = fields(point, ['id', 'vector', 'payload']) ?? {};
    if (typeof id !== 'string' || !UUID.test(id)) return `value ${id} is not a valid point ID`;
    if (!Array.isArray(vector) || !vector.every(value => typeof value === 'number')) return 'vector';
    if (vector.length !== size) {
      return `Vector dimension error: expected dim: ${size}, got ${vector.length}`;
    }
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return 'payload';
    const norm = (distance === 'Cosine' && Math.hypot(...vector)) || 1;
    read.push({
      id,
      vector: vector.map(value => Math.fround(value / norm)),
      payload: payload as Record<string, unknown>,
    });
  }
  return read;
}

/** The ids of a request that removes points. */
export function readRemoval(body: unknown): string[] | string {
  const ids = fields(body, ['points'])?.points;
  return isIds(ids) ? ids : 'points';
}

/** Which fields of a payload are wanted. */
export type Wanted = boolean | string[];

export function readLookup(body: unknown): { ids: string[]; wanted: Wanted } | string {
  const { ids, with_payload: wanted = true } = fields(body, ['ids', 'with_payload', 'with_vector']) ?? {};
  if (!isIds(ids)) return 'ids';
  return isWanted(wanted) ? { ids, wanted } : 'with_payload';
}

export interface Scroll {
  /** A field and what it must be. */
  only?: { key: string; value: unknown };
  limit: number;
  offset?: string;
  wanted: Wanted;
}

export function readScroll(body: unknown): Scroll | string {
  const read = fields(body, ['filter', 'limit', 'offset', 'with_payload', 'with_vector']);
  const { filter, limit = 10, offset, with_payload: wanted = true } = read ?? {};
  const only = filter === undefined ? undefined : readFilter(filter);
  if (only === 'filter') return only;
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1) return 'limit';
  const first = offset ?? undefined;
  if (first !== undefined && !isIds([first])) return 'offset';
  if (!isWanted(wanted)) return 'with_payload';
  return { limit, wanted, ...(only ? { only } : {}), ...(first ? { offset: first as string } : {}) };
}

function readFilter(filter: unknown): { key: string; value: unknown } | 'filter' {
  const must = fields(filter, ['must'])?.must;
  const condition = fields(Array.isArray(must) && must.length === 1 ? must[0] : undefined, ['key', 'match']);
  const value = fields(condition?.match, ['value'])?.value;
  if (typeof condition?.key !== 'string' || value === undefined) return 'filter';
  return { key: condition.key, value };
}

/** Other clients' alone: nothing of a search is refused but what it cannot be done by. */
export function readQuery(body: unknown, size: number): { query: number[]; limit: number } | string {
  const { query: asked, limit = 10 } = (body ?? {}) as { query?: { nearest?: unknown }; limit?: unknown };
  const query = asked?.nearest ?? asked;
  if (!Array.isArray(query) || query.length !== size) return 'query';
  return typeof limit === 'number' ? { query, limit } : 'limit';
}

function isIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(id => typeof id === 'string' && UUID.test(id));
}

function isWanted(value: unknown): value is Wanted {
  if (typeof value === 'boolean') return true;
  return Array.isArray(value) && value.every(name => typeof name === 'string');
}
