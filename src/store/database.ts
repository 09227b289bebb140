import { deleteDB, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { errorCode, VecdropError } from '../domain/errors.ts';
import { SCHEMA_VERSION, type VecdropSchema } from './schema.ts';

type Store = StoreNames<VecdropSchema>;
export type Transaction<Mode extends IDBTransactionMode = 'readonly'> = IDBPTransaction<
  VecdropSchema,
  Store[],
  Mode
>;

/** Hands out the database's revisions inside a writing transaction: every changed record gets one of its own. */
export type Stamp = () => number;

/** The one way to the database. */
export interface Database {
  /** Reads in one transaction. Only IndexedDB may be awaited inside `work`. */
  read<R>(stores: Store[], work: (tx: Transaction) => Promise<R>): Promise<R>;
  /**
   * Writes in one transaction; resolves when it is committed, and tells every tab if `stamp` was called.
   * Rejects with 'storage/quota' or 'storage/failed', nothing written.
   */
  write<R>(stores: Store[], work: (tx: Transaction<'readwrite'>, stamp: Stamp) => Promise<R>): Promise<R>;
  /** Calls back after changes of any tab, at most ten times a second, with the newest revision. */
  onChange(listener: (revision: number) => void): () => void;
  close(): void;
}

const EVENT_INTERVAL_MS = 100;

/** Every object store that holds what a person put in: for Delete everything. */
export const DATA_STORES: Store[] = [
  'collections',
  'files',
  'blobs',
  'documents',
  'chunks',
  'vectors',
  'models',
];

export interface OpenOptions {
  name?: string;
  /** Another tab must reload first, or this one must because a newer version wants in. */
  onBlocked: (sentence: string) => void;
}

/** Opens the database, making or upgrading it. Rejects with 'storage/newer' where a later version wrote it. */
export async function openDatabase({ name = 'vecdrop', onBlocked }: OpenOptions): Promise<Database> {
  let idb: IDBPDatabase<VecdropSchema>;
  try {
    idb = await openDB<VecdropSchema>(name, SCHEMA_VERSION, {
      upgrade,
      blocked: () => onBlocked('Another tab has an older Vecdrop open. Close or reload it to go on.'),
      blocking: () => {
        idb.close();
        onBlocked('A newer Vecdrop was opened in another tab. Reload this one to go on.');
      },
      terminated: () =>
        onBlocked('The browser closed the database. Reload to go on; nothing stored is lost.'),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'VersionError') {
      throw new VecdropError(
        'storage/newer',
        'Your data was written by a newer Vecdrop. It is left as it is: reload to get that version.',
        error,
      );
    }
    throw storageError(error);
  }
  return wrap(idb, name);
}

/** Removes the whole database; for tests and for starting over. */
export async function deleteDatabase(name = 'vecdrop'): Promise<void> {
  await deleteDB(name);
}

function upgrade(db: IDBPDatabase<VecdropSchema>, from: number): void {
  if (from < 1) {
    db.createObjectStore('meta', { keyPath: 'key' });
    db.createObjectStore('collections', { keyPath: 'id' });
    const files = db.createObjectStore('files', { keyPath: 'id' });
    files.createIndex('byPath', ['collectionId', 'path']);
    files.createIndex('byRevision', ['collectionId', 'revision']);
    files.createIndex('byQueue', 'queue');
    files.createIndex('byContent', 'sha256');
    files.createIndex('byDeletion', 'deletedAt');
    db.createObjectStore('blobs', { keyPath: 'fileId' });
    db.createObjectStore('documents', { keyPath: ['document', 'page'] });
    db.createObjectStore('chunks', { keyPath: 'generation' });
    db.createObjectStore('vectors', { keyPath: ['generation', 'first'] });
    db.createObjectStore('models', { keyPath: 'id' });
  }
}

function wrap(idb: IDBPDatabase<VecdropSchema>, name: string): Database {
  const listeners = new Set<(revision: number) => void>();
  const channel = new BroadcastChannel(`${name}-changes`);
  let newest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let toSend = 0;
  let lastFired = 0;

  const fire = () => {
    timer = undefined;
    lastFired = Date.now();
    if (toSend > 0) channel.postMessage(toSend);
    toSend = 0;
    for (const listener of listeners) listener(newest);
  };
  const schedule = () => {
    timer ??= setTimeout(fire, Math.max(0, lastFired + EVENT_INTERVAL_MS - Date.now()));
  };
  channel.onmessage = ({ data }: MessageEvent<number>) => {
    newest = Math.max(newest, data);
    schedule();
  };

  async function run<R, Mode extends 'readonly' | 'readwrite'>(
    tx: Transaction<Mode>,
    work: (tx: Transaction<Mode>) => Promise<R>,
  ): Promise<R> {
    // Awaited below in every path; this keeps an early abort from being reported as unhandled.
    tx.done.catch(() => {});
    try {
      const result = await work(tx);
      await tx.done;
      return result;
    } catch (error) {
      try {
        tx.abort();
      } catch {
        // It had ended already.
      }
      await tx.done.catch(() => {});
      // An aborted transaction's requests all say AbortError; the reason is the transaction's own.
      throw storageError(tx.error ?? error);
    }
  }

  const begin = <Mode extends 'readonly' | 'readwrite'>(stores: Store[], mode: Mode): Transaction<Mode> => {
    try {
      return idb.transaction(stores, mode, { durability: 'relaxed' });
    } catch (error) {
      throw storageError(error);
    }
  };

  return {
    read: async (stores, work) => run(begin(stores, 'readonly'), work),
    async write(stores, work) {
      const scope: Store[] = stores.includes('meta') ? stores : [...stores, 'meta'];
      let revision = 0;
      let stamped = false;
      const result = await run(begin(scope, 'readwrite'), async tx => {
        const meta = tx.objectStore('meta');
        const stored = await meta.get('revision');
        revision = stored?.key === 'revision' ? stored.value : 0;
        const value = await work(tx, () => {
          stamped = true;
          revision += 1;
          return revision;
        });
        if (stamped) await meta.put({ key: 'revision', value: revision });
        return value;
      });
      if (stamped) {
        newest = Math.max(newest, revision);
        toSend = newest;
        schedule();
      }
      return result;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      clearTimeout(timer);
      if (toSend > 0) channel.postMessage(toSend);
      channel.close();
      idb.close();
    },
  };
}

function storageError(error: unknown): unknown {
  if (errorCode(error) !== 'internal') return error;
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return new VecdropError(
      'storage/quota',
      'The browser gives Vecdrop no more disk space. Remove files or collections you no longer need, or free space on the disk, then resume.',
      error,
    );
  }
  if (error instanceof DOMException) {
    return new VecdropError(
      'storage/failed',
      'The browser could not read or write its database. Reload and try again.',
      error,
    );
  }
  return error;
}
