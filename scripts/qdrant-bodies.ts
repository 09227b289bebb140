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

/** The ids of a request that looks points up, or removes them. */
export function readIds(body: unknown, where: 'ids' | 'points'): string[] | string {
  const names = where === 'ids' ? ([where, 'with_payload', 'with_vector'] as const) : ([where] as const);
  const read: Partial<Record<string, unknown>> = fields<string>(body, names) ?? {};
  const ids = read[where];
  if (!Array.isArray(ids) || !ids.every(id => typeof id === 'string' && UUID.test(id))) return where;
  if (where === 'ids' && !isNames(read.with_payload)) return 'with_payload';
  return ids;
}

export function readScroll(
  body: unknown,
): { key: string; value: unknown; limit: number; offset?: string; fields: string[] } | string {
  const read = fields(body, ['filter', 'limit', 'offset', 'with_payload', 'with_vector']);
  const must = fields(read?.filter, ['must'])?.must;
  const condition = fields(Array.isArray(must) && must.length === 1 ? must[0] : undefined, ['key', 'match']);
  const match = fields(condition?.match, ['value']);
  if (typeof condition?.key !== 'string' || match?.value === undefined) return 'filter';
  const { limit, offset, with_payload: names } = read ?? {};
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1) return 'limit';
  if (offset !== undefined && !(typeof offset === 'string' && UUID.test(offset))) return 'offset';
  if (!isNames(names)) return 'with_payload';
  return { key: condition.key, value: match.value, limit, fields: names, ...(offset ? { offset } : {}) };
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(name => typeof name === 'string');
}
