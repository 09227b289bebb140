import sqlite3InitModule, { type Database, type Sqlite3Static } from '@sqlite.org/sqlite-wasm';

/** Bytes handed on at once. */
const PIECE = 1 << 20;
/** The pool of files puts a header of its own before each of them. */
const POOL_HEADER = 4096;
const MAGIC = 'SQLite format 3\0';

/** A database that is being written, on disk where the browser has files for it, else in memory. */
export interface DatabaseFile {
  db: Database;
  /** Closes the database and gives its bytes, in one memory that is used again for each piece. */
  pieces(): AsyncGenerator<Uint8Array>;
  /** Closes it if need be, and leaves nothing on disk. */
  remove(): Promise<void>;
}

/** What is used of a file in the hands of a worker; types for pages, which others are checked by, do not know it. */
interface WorkerFile {
  getFile(): Promise<File>;
  createSyncAccessHandle(): Promise<{
    getSize(): number;
    read(buffer: Uint8Array, options: { at: number }): number;
    close(): void;
  }>;
}

let loaded: Promise<Sqlite3Static> | undefined;

/** An empty database. */
export async function createDatabaseFile(): Promise<DatabaseFile> {
  loaded ??= sqlite3InitModule();
  const sqlite3 = await loaded.catch(error => {
    loaded = undefined;
    throw error;
  });
  // Without files that can be written synchronously (some private windows, Node) there is memory.
  return (await onDisk(sqlite3).catch(() => undefined)) ?? inMemory(sqlite3);
}

function inMemory(sqlite3: Sqlite3Static): DatabaseFile {
  const db = new sqlite3.oo1.DB();
  return {
    db,
    async *pieces() {
      const bytes = sqlite3.capi.sqlite3_js_db_export(db);
      db.close();
      for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
    },
    async remove() {
      db.close();
    },
  };
}

async function onDisk(sqlite3: Sqlite3Static): Promise<DatabaseFile> {
  const root = await navigator.storage.getDirectory();
  const directory = `export-${crypto.randomUUID()}`;
  const pool = await sqlite3.installOpfsSAHPoolVfs({ name: directory, directory, initialCapacity: 2 });
  const db = new pool.OpfsSAHPoolDb('/export.sqlite');
  return {
    db,
    async *pieces() {
      db.close();
      // The pool's own way out holds the whole database: read it from where it lies instead.
      pool.pauseVfs();
      const access = await (
        await poolFile(await root.getDirectoryHandle(directory))
      ).createSyncAccessHandle();
      try {
        const buffer = new Uint8Array(PIECE);
        const size = access.getSize();
        for (let at = POOL_HEADER; at < size; at += PIECE) {
          yield buffer.subarray(0, access.read(buffer, { at }));
        }
      } finally {
        access.close();
      }
    },
    async remove() {
      db.close();
      await pool.removeVfs().catch(() => false);
      await root.removeEntry(directory, { recursive: true }).catch(() => {});
    },
  };
}

/** The one file of the pool that holds a database. */
async function poolFile(folder: FileSystemDirectoryHandle): Promise<WorkerFile> {
  for await (const handle of folder.values()) {
    if (handle.kind === 'directory') return poolFile(handle as FileSystemDirectoryHandle);
    const candidate = handle as unknown as WorkerFile;
    const file = await candidate.getFile();
    const start = await file.slice(POOL_HEADER, POOL_HEADER + MAGIC.length).text();
    if (start === MAGIC) return candidate;
  }
  throw new Error('The database is not where its pool of files keeps it.');
}
