import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat, ExportHeader, Records } from '../format.ts';
import { recordText } from '../records.ts';

async function* encode(header: ExportHeader, records: Records): AsyncGenerator<Uint8Array> {
  const { writeParquet } = await import('./parquet/write-parquet.ts');
  yield* writeParquet(header, records);
}

/** Apache Parquet: vectors as lists of float32 (with int8: of 8-bit integers, and a scale), the recipe in the footer. */
export const parquet: ExportFormat = {
  id: 'parquet',
  name: 'Parquet',
  readBy: 'DuckDB, pandas, Polars, Spark',
  mediaType: 'application/vnd.apache.parquet',
  precisions: ['float32', 'int8'],
  optional: EXPORT_COLUMNS,
  files: [{ extension: 'parquet', encode }],
  preview: recordText,
};
