import type { ColumnChunk } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ExportHeader, Records } from '../../format.ts';
import { recipeMetadata, type TableColumn, tableColumns } from '../../table.ts';
import type { Column } from './column.ts';
import { columnOf } from './columns.ts';

/** Of a row group, about: it is held until it is whole, and readers want no smaller ones. */
const GROUP_BYTES = 8 * 1024 * 1024;

interface FilledColumn {
  value: TableColumn['value'];
  column: Column<never>;
}

/**
 * The bytes of a Parquet file. The library writes its begin and its end; of columns it makes lists of JavaScript's, for
 * levels too, and their garbage would be more than all else that an export holds. There are no statistics: of numbers
 * in vectors and of texts nobody asks for the least and the largest.
 */
export async function* writeParquet(header: ExportHeader, records: Records): AsyncGenerator<Uint8Array> {
  const columns = tableColumns(header).map(({ name, type, value }) => ({
    value,
    column: columnOf(name, type, header),
  }));
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'schema', num_children: columns.length },
      ...columns.flatMap(({ column }) => column.schema),
    ],
    kvMetadata: Object.entries(recipeMetadata(header)).map(([key, value]) => ({ key, value })),
    createdBy: 'Vecdrop',
  });
  yield taken(writer);
  let rows = 0;
  for await (const record of records()) {
    let bytes = 0;
    for (const { column, value } of columns) {
      column.add(value(record) as never);
      bytes += column.bytes;
    }
    rows += 1;
    if (bytes < GROUP_BYTES) continue;
    yield* endGroup(parquet, columns, rows);
    rows = 0;
  }
  if (rows > 0) yield* endGroup(parquet, columns, rows);
  await parquet.finish();
  yield taken(writer);
}

/** Hands on the columns of a row group, one after the other, and enters them in the footer. */
function* endGroup(
  parquet: ParquetWriter,
  columns: readonly FilledColumn[],
  rows: number,
): Generator<Uint8Array> {
  const { writer } = parquet;
  const start = writer.offset;
  const group = { columns: [] as ColumnChunk[], num_rows: BigInt(rows), total_byte_size: 0n };
  for (const { column } of columns) {
    const { bytes, ...written } = column.end(writer.offset);
    yield bytes;
    writer.offset += bytes.length;
    group.columns.push(written.chunk);
    group.total_byte_size += written.chunk.meta_data?.total_uncompressed_size ?? 0n;
    parquet.pendingIndexes.push(written);
  }
  parquet.row_groups.push({ ...group, total_compressed_size: BigInt(writer.offset - start) });
  parquet.num_rows += group.num_rows;
}

/** What the writer holds, which is its own again when the next piece is asked for. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes();
  writer.index = 0;
  return bytes;
}
