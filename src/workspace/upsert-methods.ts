import { VecdropError } from '../domain/errors.ts';
import { identifier } from '../export/place.ts';
import type { DatabaseClient, Fetch } from '../export/upsert/database.ts';
import { checkFit } from '../export/upsert/fit.ts';
import { findLeftOver, removePoints } from '../export/upsert/left-over.ts';
import { databases } from '../export/upsert/registry.ts';
import { sendRecords } from '../export/upsert/send.ts';
import { abortable } from '../rpc/abort-port.ts';
import type { Database } from '../store/database.ts';
import { openRecords } from './collection-records.ts';
import type { Keys } from './keys.ts';
import type { Models } from './models.ts';
import type { DatabaseLook, UpsertApi, UpsertTarget } from './upsert-api.ts';

export interface UpsertMethodsOptions {
  db: Database;
  models: Models;
  keys: Keys;
  /** The only way out. */
  fetch: Fetch;
  /** The page's address. */
  baseUrl: string;
}

/** A person who waits for an answer wants to hear soon that there is none. */
const LOOK_RETRIES = 1;
/** Shortest name of a collection in Chroma. */
const SHORTEST_NAME = 3;

/** The workspace's methods of filling databases. */
export function upsertMethods({ db, models, keys, fetch, baseUrl }: UpsertMethodsOptions): UpsertApi {
  async function connect(target: UpsertTarget, retries?: number): Promise<DatabaseClient> {
    const database = databases.find(({ id }) => id === target.database);
    if (!database) {
      throw new VecdropError('input/invalid', 'There is no such kind of database. Choose one of the list.');
    }
    const address = cleanAddress(target.address, database.address);
    return database.open({
      address,
      key: target.key || (await keys.load(address)),
      scope: { tenant: target.tenant, database: target.scopeDatabase },
      fetch,
      origin: new URL(baseUrl).origin,
      ...(retries === undefined ? {} : { retries }),
    });
  }

  async function remember({ address, key, keepKey = false }: UpsertTarget): Promise<void> {
    if (key) await keys.set(cleanAddress(address), key, keepKey);
  }

  return {
    async databases() {
      return databases.map(({ id, name, address, scopes }) => ({ id, name, address, scopes }));
    },
    async upsertOffer(collectionId, selection) {
      const { header, unfinished } = await openRecords(db, models, collectionId, selection);
      const name = identifier(header.collection);
      return {
        collection: name.length < SHORTEST_NAME ? `vecdrop_${name}` : name,
        records: header.records,
        dimensions: header.dimensions,
        unfinished,
      };
    },
    databaseKey: async address => (URL.canParse(address) ? keys.known(cleanAddress(address)) : 'none'),
    forgetDatabaseKey: address => keys.set(cleanAddress(address), undefined, false),
    lookAtDatabase: (collectionId, target, port) =>
      abortable(port, async signal => {
        const client = await connect(target, LOOK_RETRIES);
        const { version, collections } = await client.check(signal);
        await remember(target);
        const look: DatabaseLook = { version, collections };
        try {
          const there = await client.look(target.collection, signal);
          if (!there) return look;
          const { points, dimensions } = there;
          look.there = { points, ...(dimensions === undefined ? {} : { dimensions }) };
          const { header } = await openRecords(db, models, collectionId, {});
          const note = checkFit(target.collection, there, header);
          return note === undefined ? look : { ...look, note };
        } catch (error) {
          if (!(error instanceof VecdropError) || error.code !== 'database/mismatch') throw error;
          return { ...look, problem: { code: error.code, message: error.message } };
        }
      }),
    upsertCollection: (collectionId, target, selection, port, progress) =>
      abortable(port, async signal => {
        const { collection } = target;
        const client = await connect(target);
        const { header, records, chunksOf } = await openRecords(db, models, collectionId, selection);
        const there = await client.look(collection, signal);
        if (there) checkFit(collection, there, header);
        await client.prepare(collection, there ? undefined : { dimensions: header.dimensions }, signal);
        const total = header.records;
        progress({ done: 0, total });
        // Only one that was made just now is known to be empty: Qdrant's count is a guess while it tidies up.
        const empty = there === undefined;
        const counts = await sendRecords({
          client,
          collection,
          header,
          records: records(signal),
          owner: collectionId,
          empty,
          signal,
          progress: ({ added, updated, unchanged }) => progress({ done: added + updated + unchanged, total }),
        });
        const part = selection.fileIds !== undefined || selection.places !== undefined;
        const known = (path: string) => chunksOf.get(path) ?? 0;
        const leftOver =
          part || empty ? [] : await findLeftOver(client, collection, collectionId, known, signal);
        return { ...counts, leftOver: leftOver.length };
      }),
    removeLeftOver: (collectionId, target, port) =>
      abortable(port, async signal => {
        const client = await connect(target);
        const { chunksOf } = await openRecords(db, models, collectionId, {});
        const known = (path: string) => chunksOf.get(path) ?? 0;
        const ids = await findLeftOver(client, target.collection, collectionId, known, signal);
        await removePoints(client, target.collection, ids, signal);
        return ids.length;
      }),
  };
}

/** An address as requests begin with it. Rejects with 'input/invalid'. */
function cleanAddress(given: string, like = 'http://localhost:6333'): string {
  const text = given.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new VecdropError(
      'input/invalid',
      `This is not the address of a database. It looks like “${like}”.`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
