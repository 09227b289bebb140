import { VecdropError } from '../../domain/errors.ts';
import { qdrantPoint } from '../formats/qdrant.ts';
import {
  type Database,
  type DatabaseClient,
  type Distance,
  MARK,
  OWNER,
  type OwnedPoint,
} from './database.ts';
import { createHttp } from './http.ts';

/** Points of one request: the server's own limit is on bytes. */
const MOST = 250;
const PAGE = 1_000;

const DISTANCES: Record<string, Distance> = { Cosine: 'cosine', Dot: 'dot', Euclid: 'euclid' };

interface StoredPoint {
  id: string | number;
  payload?: Record<string, unknown> | null;
}

/** Qdrant by its REST interface (its OpenAPI description, versions 1.0 and later). */
export const qdrant: Database = {
  id: 'qdrant',
  name: 'Qdrant',
  address: 'http://localhost:6333',
  scopes: [],
  open(options): DatabaseClient {
    const { ask, wrongAnswer } = createHttp({
      ...options,
      name: 'Qdrant',
      headers: options.key ? { 'api-key': options.key } : {},
      howToAllow:
        'Qdrant answers every page unless it was told not to: start it with QDRANT__SERVICE__ENABLE_CORS=true.',
    });
    const at = (collection: string) => `/collections/${encodeURIComponent(collection)}`;

    async function result<R>(asked: Promise<unknown>): Promise<R | undefined> {
      const answer = (await asked) as { result?: R } | undefined;
      if (answer === undefined) return undefined;
      if (answer?.result === undefined) throw wrongAnswer('its answer has no “result”');
      return answer.result;
    }

    return {
      async check(signal) {
        const { version } = ((await ask('GET', '/', signal)) ?? {}) as { version?: unknown };
        if (typeof version !== 'string') throw wrongAnswer('it tells no version');
        const list = await result<{ collections?: { name: string }[] }>(ask('GET', '/collections', signal));
        return { version, collections: (list?.collections ?? []).map(({ name }) => name) };
      },
      async look(collection, signal) {
        const found = await result<{
          points_count?: number | null;
          config?: { params?: { vectors?: { size?: unknown; distance?: unknown } } };
        }>(ask('GET', at(collection), signal, { missing: true }));
        if (!found) return undefined;
        const { size, distance } = found.config?.params?.vectors ?? {};
        if (typeof size !== 'number' || typeof distance !== 'string') {
          throw new VecdropError(
            'database/mismatch',
            `“${collection}” in this Qdrant holds vectors by names, or none. Choose another name: a collection with one vector a point is made then.`,
          );
        }
        return {
          dimensions: size,
          distance: DISTANCES[distance] ?? 'other',
          points: found.points_count ?? 0,
        };
      },
      async prepare(collection, make, signal) {
        if (make) {
          const body = JSON.stringify({ vectors: { size: make.dimensions, distance: 'Cosine' } });
          await ask('PUT', at(collection), signal, { body });
        }
        // Servers in strict mode, as Qdrant's own cloud runs them, filter by nothing else.
        const body = JSON.stringify({ field_name: OWNER, field_schema: 'keyword' });
        await ask('PUT', `${at(collection)}/index?wait=true`, signal, { body });
      },
      most: async () => MOST,
      async upsert(collection, points, header, signal) {
        const body = `{"points":[${points.map(({ record, marks }) => qdrantPoint(record, header, marks)).join(',')}]}`;
        await ask('PUT', `${at(collection)}/points?wait=true`, signal, { body });
      },
      async marks(collection, ids, signal) {
        const body = JSON.stringify({ ids, with_payload: [MARK], with_vector: false });
        const found = await result<StoredPoint[]>(ask('POST', `${at(collection)}/points`, signal, { body }));
        return new Map((found ?? []).map(({ id, payload }) => [String(id), String(payload?.[MARK] ?? '')]));
      },
      async *owned(collection, owner, signal) {
        const filter = { must: [{ key: OWNER, match: { value: owner } }] };
        let offset: string | number | null | undefined;
        do {
          const body = JSON.stringify({
            filter,
            limit: PAGE,
            with_payload: ['file', 'ordinal'],
            with_vector: false,
            ...(offset === undefined ? {} : { offset }),
          });
          const page = await result<{ points?: StoredPoint[]; next_page_offset?: string | number | null }>(
            ask('POST', `${at(collection)}/points/scroll`, signal, { body }),
          );
          yield (page?.points ?? []).map(
            ({ id, payload }): OwnedPoint => ({
              id: String(id),
              file: String(payload?.file),
              ordinal: Number(payload?.ordinal),
            }),
          );
          offset = page?.next_page_offset;
        } while (offset !== undefined && offset !== null);
      },
      async remove(collection, ids, signal) {
        const body = JSON.stringify({ points: ids });
        await ask('POST', `${at(collection)}/points/delete?wait=true`, signal, { body });
      },
    };
  },
};
