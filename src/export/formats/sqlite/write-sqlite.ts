import { VecdropError } from '../../../domain/errors.ts';
import type { ExportHeader, Records } from '../../format.ts';
import { recipeMetadata, type TableColumn, tableColumns } from '../../table.ts';
import { createDatabaseFile } from './database-file.ts';

const TYPES: Record<TableColumn['type'], string> = {
  text: 'TEXT NOT NULL',
  integer: 'INTEGER NOT NULL',
  'optional integer': 'INTEGER',
  float: 'REAL NOT NULL',
  // A JSON array, for the functions of SQLite's JSON.
  texts: 'TEXT NOT NULL',
  vector: 'BLOB NOT NULL',
  'int8 vector': 'BLOB NOT NULL',
};

function cell(value: ReturnType<TableColumn['value']>): string | number | Uint8Array | null {
  if (value === undefined) return null;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** The bytes of a database with the tables `chunks` and `about`, in pieces. */
export async function* writeSqlite(header: ExportHeader, records: Records): AsyncGenerator<Uint8Array> {
  const columns = tableColumns(header);
  const file = await createDatabaseFile();
  try {
    const { db } = file;
    // Nobody reads it before it is whole, so nothing needs to survive a crash.
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; BEGIN');
    const named = columns.map(
      ({ name, type }) => `"${name}" ${TYPES[type]}${name === 'id' ? ' UNIQUE' : ''}`,
    );
    db.exec(`CREATE TABLE chunks (${named.join(', ')})`);
    db.exec('CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
    for (const pair of Object.entries(recipeMetadata(header))) {
      db.exec({ sql: 'INSERT INTO about VALUES (?, ?)', bind: pair });
    }
    const insert = db.prepare(`INSERT INTO chunks VALUES (${columns.map(() => '?').join(', ')})`);
    try {
      for await (const record of records()) {
        insert.bind(columns.map(column => cell(column.value(record)))).stepReset();
      }
    } finally {
      insert.finalize();
    }
    db.exec('COMMIT');
    yield* file.pieces();
  } catch (error) {
    throw isFull(error)
      ? new VecdropError(
          'storage/quota',
          'The disk is full: a database is written there before it is downloaded. Free some space, or export another format.',
          error,
        )
      : error;
  } finally {
    await file.remove();
  }
}

/** SQLITE_FULL, or a write that the disk refused. */
function isFull(error: unknown): boolean {
  return error instanceof Error && /SQLITE_(FULL|IOERR)/.test(error.message);
}
