import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat, ExportHeader, Records } from '../format.ts';
import { recordText } from '../records.ts';

async function* encode(header: ExportHeader, records: Records): AsyncGenerator<Uint8Array> {
  const { writeSqlite } = await import('./sqlite/write-sqlite.ts');
  yield* writeSqlite(header, records);
}

/** A database with a table of chunks; vectors are blobs as sqlite-vec takes them: little-endian float32, or int8. */
export const sqlite: ExportFormat = {
  id: 'sqlite',
  name: 'SQLite',
  readBy: 'sqlite3, Datasette, sqlite-vec',
  mediaType: 'application/vnd.sqlite3',
  precisions: ['float32', 'int8'],
  optional: EXPORT_COLUMNS,
  files: [{ extension: 'sqlite', encode }],
  preview: recordText,
};
