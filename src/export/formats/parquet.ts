import type { SchemaElement } from 'hyparquet';
import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFile, ExportFormat, ExportHeader, ExportRecord, Records } from '../format.ts';
import { batches } from '../pieces.ts';
import { recordText } from '../records.ts';
import { recipeMetadata, type TableColumn, tableColumns } from '../table.ts';

/** Rows of a row group: its vectors and texts are held until it is written. */
const ROWS = 320;

async function* encode(header: ExportHeader, records: Records): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const columns = tableColumns(header);
  const bytes = new ByteWriter();
  const parquet = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(schemaOf)],
    kvMetadata: Object.entries(recipeMetadata(header)).map(([key, value]) => ({ key, value })),
    createdBy: 'Vecdrop',
    // Of numbers in vectors and of texts nobody asks for the least and the largest.
    statistics: false,
  });
  for await (const batch of batches(records(), ROWS)) {
    await parquet.write({
      columnData: columns.map(column => ({
        name: column.name,
        data: batch.map(record => cell(column.value(record))),
        // Vectors do not shrink, and time is lost in trying.
        ...(column.type === 'vector' ? { codec: 'UNCOMPRESSED' as const, encoding: 'PLAIN' as const } : {}),
      })),
      rowGroupSize: ROWS,
    });
    yield bytes.getBytes();
    bytes.index = 0;
  }
  await parquet.finish();
  yield bytes.getBytes();
}

/** The writer takes lists as plain arrays only. */
function cell(value: ReturnType<TableColumn['value']>) {
  return typeof value === 'object' ? Array.from<string | number>(value) : value;
}

function schemaOf({ name, type }: TableColumn): SchemaElement[] {
  const list = (element: SchemaElement): SchemaElement[] => [
    {
      name,
      repetition_type: 'REQUIRED',
      num_children: 1,
      converted_type: 'LIST',
      logical_type: { type: 'LIST' },
    },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { ...element, name: 'element', repetition_type: 'REQUIRED' },
  ];
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
  switch (type) {
    case 'text':
      return [{ name, ...text, repetition_type: 'REQUIRED' }];
    case 'integer':
      return [{ name, type: 'INT32', repetition_type: 'REQUIRED' }];
    case 'optional integer':
      return [{ name, type: 'INT32', repetition_type: 'OPTIONAL' }];
    case 'float':
      return [{ name, type: 'FLOAT', repetition_type: 'REQUIRED' }];
    case 'texts':
      return list({ name, ...text });
    case 'vector':
      return list({ name, type: 'FLOAT' });
    case 'int8 vector':
      return list({ name, type: 'INT32', converted_type: 'INT_8' });
  }
}

const file: ExportFile = { extension: 'parquet', encode };

/** Apache Parquet: vectors as lists of float32 (with int8: of 8-bit integers, and a scale), the recipe in the footer. */
export const parquet: ExportFormat = {
  id: 'parquet',
  name: 'Parquet',
  readBy: 'DuckDB, pandas, Polars, Spark',
  mediaType: 'application/vnd.apache.parquet',
  precisions: ['float32', 'int8'],
  optional: EXPORT_COLUMNS,
  files: [file],
  preview: (record: ExportRecord, header: ExportHeader) => recordText(record, header),
};
