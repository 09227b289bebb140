import { VecdropError } from '../../domain/errors.ts';
import { chromaRecords } from '../formats/chroma.ts';
import { type Database, type DatabaseClient, type Distance, MARK, OWNER } from './database.ts';
import { createHttp } from './http.ts';

/** Records of one request at the most, whatever the server would take. */
const MOST = 250;
const PAGE = 1_000;

const DISTANCES: Record<string, Distance> = { cosine: 'cosine', ip: 'dot', l2: 'euclid' };

interface StoredCollection {
  id?: unknown;
  name?: unknown;
  dimension?: number | null;
  metadata?: Record<string, unknown> | null;
  configuration_json?: { hnsw?: { space?: string } | null; spann?: { space?: string } | null };
}

interface Got {
  ids?: string[];
  metadatas?: (Record<string, unknown> | null)[] | null;
}

/** Chroma by its REST interface, version 2 (a server describes it at /openapi.json). */
export const chroma: Database = {
  id: 'chroma',
  name: 'Chroma',
  address: 'http://localhost:8000',
  scopes: ['tenant', 'database'],
  open(options): DatabaseClient {
    const { ask, wrongAnswer } = createHttp({
      ...options,
      name: 'Chroma',
      headers: options.key ? { 'x-chroma-token': options.key } : {},
      howToAllow: `Chroma answers no page unless it was told to: put “cors_allow_origins: ["${options.origin}"]” into a file and start “chroma run” with that file, or set CHROMA_CORS_ALLOW_ORIGINS='["${options.origin}"]' for its container (CHROMA_SERVER_CORS_ALLOW_ORIGINS before version 1).`,
    });
    /** Paths of collections are by id, which a name is looked up for once. */
    const ids = new Map<string, string>();
    let scope: Promise<string> | undefined;

    /** Where the collections are: as the person says, else what the server says that the key is for. */
    async function readScope(signal: AbortSignal): Promise<string> {
      let { tenant, database } = options.scope ?? {};
      if (!tenant || !database) {
        const identity = (await ask('GET', '/api/v2/auth/identity', signal, { missing: true })) as
          | { tenant?: unknown; databases?: unknown }
          | undefined;
        tenant ||= named(identity?.tenant) ?? 'default_tenant';
        const databases = Array.isArray(identity?.databases) ? identity.databases : [];
        database ||= (databases.length === 1 ? named(databases[0]) : undefined) ?? 'default_database';
      }
      return `/api/v2/tenants/${encodeURIComponent(tenant)}/databases/${encodeURIComponent(database)}/collections`;
    }

    async function base(signal: AbortSignal): Promise<string> {
      scope ??= readScope(signal);
      try {
        return await scope;
      } catch (error) {
        scope = undefined;
        throw error;
      }
    }

    async function find(collection: string, signal: AbortSignal): Promise<StoredCollection | undefined> {
      const path = `${await base(signal)}/${encodeURIComponent(collection)}`;
      const found = (await ask('GET', path, signal, { missing: true })) as StoredCollection | undefined;
      if (found) remember(collection, found);
      return found;
    }

    function remember(collection: string, { id }: StoredCollection): string {
      if (typeof id !== 'string') throw wrongAnswer('its collection has no id');
      ids.set(collection, id);
      return id;
    }

    async function at(collection: string, signal: AbortSignal): Promise<string> {
      const id = ids.get(collection) ?? (await find(collection, signal))?.id;
      if (typeof id !== 'string') {
        throw new VecdropError(
          'database/refused',
          `“${collection}” is not in this Chroma any more. Send again.`,
        );
      }
      return `${await base(signal)}/${id}`;
    }

    async function get(collection: string, body: object, signal: AbortSignal): Promise<Got> {
      const answer = (await ask('POST', `${await at(collection, signal)}/get`, signal, {
        body: JSON.stringify({ include: ['metadatas'], ...body }),
      })) as Got | undefined;
      if (!Array.isArray(answer?.ids)) throw wrongAnswer('its answer has no “ids”');
      return answer;
    }

    return {
      async check(signal) {
        const version = await ask('GET', '/api/v2/version', signal, { missing: true });
        if (typeof version !== 'string') throw wrongAnswer('it tells no version at /api/v2');
        const path = await base(signal);
        const list = await ask('GET', path, signal, { missing: true });
        if (list === undefined) {
          throw new VecdropError(
            'database/refused',
            'This Chroma has no such tenant or database. Check their names under Advanced.',
          );
        }
        if (!Array.isArray(list)) throw wrongAnswer('its collections are no list');
        return { version, collections: (list as StoredCollection[]).map(({ name }) => String(name)) };
      },
      async look(collection, signal) {
        const found = await find(collection, signal);
        if (!found) return undefined;
        const { dimension, metadata, configuration_json: configuration } = found;
        const space =
          configuration?.hnsw?.space ?? configuration?.spann?.space ?? metadata?.['hnsw:space'] ?? 'l2';
        return {
          ...(typeof dimension === 'number' ? { dimensions: dimension } : {}),
          distance: DISTANCES[String(space)] ?? 'other',
          points: Number(await ask('GET', `${await at(collection, signal)}/count`, signal)),
        };
      },
      async prepare(collection, make, signal) {
        if (!make) return;
        const body = JSON.stringify({ name: collection, configuration: { hnsw: { space: 'cosine' } } });
        remember(collection, (await ask('POST', await base(signal), signal, { body })) as StoredCollection);
      },
      async most(signal) {
        const limits = (await ask('GET', '/api/v2/pre-flight-checks', signal, { missing: true })) as
          | { max_batch_size?: unknown }
          | undefined;
        const { max_batch_size: most } = limits ?? {};
        return typeof most === 'number' && most > 0 ? Math.min(most, MOST) : MOST;
      },
      async upsert(collection, points, header, signal) {
        const body = chromaRecords(
          points.map(({ record }) => record),
          header,
          points.map(({ marks }) => marks),
        );
        await ask('POST', `${await at(collection, signal)}/upsert`, signal, { body });
      },
      async marks(collection, wanted, signal) {
        const { ids: there = [], metadatas } = await get(collection, { ids: wanted }, signal);
        return new Map(there.map((id, i) => [id, String(metadatas?.[i]?.[MARK] ?? '')]));
      },
      async *owned(collection, owner, signal) {
        for (let offset = 0; ; offset += PAGE) {
          const page = { where: { [OWNER]: owner }, limit: PAGE, offset };
          const { ids: there = [], metadatas } = await get(collection, page, signal);
          yield there.map((id, i) => ({
            id,
            file: String(metadatas?.[i]?.file),
            ordinal: Number(metadatas?.[i]?.ordinal),
          }));
          if (there.length < PAGE) return;
        }
      },
      async remove(collection, unwanted, signal) {
        const body = JSON.stringify({ ids: unwanted });
        await ask('POST', `${await at(collection, signal)}/delete`, signal, { body });
      },
    };
  },
};

/** A name that a server gives; '*' and '' mean any. */
function named(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== '*' ? value : undefined;
}
