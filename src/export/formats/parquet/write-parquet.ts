import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ExportHeader, ExportRecord, Records } from '../../format.ts';
import { recipeMetadata, type TableColumn, tableColumns } from '../../table.ts';
import { taken, VectorColumn } from './vector-column.ts';

/** Of a row group, about: all of it is held until it is written, and readers want no smaller ones. */
const GROUP_BYTES = 8 * 1024 * 1024;

/** The bytes of a Parquet file, by row groups. */
export async function* writeParquet(header: ExportHeader, records: Records): AsyncGenerator<Uint8Array> {
  const group = new RowGroup(header);
  const bytes = new ByteWriter();
  const parquet = new ParquetWriter({
    writer: bytes,
    schema: group.schema,
    kvMetadata: Object.entries(recipeMetadata(header)).map(([key, value]) => ({ key, value })),
    createdBy: 'Vecdrop',
    // Of numbers in vectors and of texts nobody asks for the least and the largest.
    statistics: false,
  });
  for await (const record of records()) {
    group.add(record);
    if (group.isFull) yield* group.write(parquet, bytes);
  }
  yield* group.write(parquet, bytes);
  await parquet.finish();
  yield bytes.getBytes();
}

/** What a column other than that of vectors has. */
type Cell = string | number | readonly string[] | undefined;

/** The records of a row group by columns. */
class RowGroup {
  readonly schema: SchemaElement[];
  readonly #columns: (TableColumn & { cells: Cell[] })[];
  readonly #vectors: (TableColumn & { column: VectorColumn }) | undefined;
  #rows = 0;
  #bytes = 0;

  constructor(header: ExportHeader) {
    const all = tableColumns(header);
    this.#columns = all.filter(column => !isVector(column)).map(column => ({ ...column, cells: [] }));
    const vectors = all.find(isVector);
    this.#vectors = vectors && { ...vectors, column: new VectorColumn(vectors.name, header, GROUP_BYTES) };
    // The library writes the columns that it knows, ours goes behind them.
    const ordered = [...this.#columns, ...(vectors ? [vectors] : [])];
    this.schema = [{ name: 'schema', num_children: ordered.length }, ...ordered.flatMap(schemaOf)];
  }

  add(record: ExportRecord): void {
    for (const { cells, value } of this.#columns) {
      const cell = value(record) as Cell;
      cells.push(cell);
      this.#bytes += sizeOf(cell);
    }
    if (this.#vectors) {
      const { column, value } = this.#vectors;
      this.#bytes += column.add(value(record) as ArrayLike<number>);
    }
    this.#rows += 1;
  }

  get isFull(): boolean {
    return this.#bytes >= GROUP_BYTES || this.#vectors?.column.isFull === true;
  }

  /** What was added, if anything was; `bytes` is what `parquet` writes into. */
  *write(parquet: ParquetWriter, bytes: ByteWriter): Generator<Uint8Array> {
    if (this.#rows === 0) return;
    parquet.write({
      columnData: this.#columns.map(({ name, cells }) => ({ name, data: cells })),
      rowGroupSize: this.#rows,
    });
    yield taken(bytes);
    const group = parquet.row_groups.at(-1);
    if (group && this.#vectors) {
      const written = yield* this.#vectors.column.write(bytes);
      group.columns.push(written.chunk);
      const size = written.chunk.meta_data?.total_compressed_size ?? 0n;
      group.total_byte_size += size;
      group.total_compressed_size = (group.total_compressed_size ?? 0n) + size;
      parquet.pendingIndexes.push(written);
    }
    for (const column of this.#columns) column.cells = [];
    this.#rows = 0;
    this.#bytes = 0;
  }
}

const isVector = ({ type }: TableColumn) => type === 'vector' || type === 'int8 vector';

/** Bytes of a cell, about. */
function sizeOf(cell: Cell): number {
  if (typeof cell !== 'object') return typeof cell === 'string' ? cell.length : 4;
  return cell.reduce((sum, { length }) => sum + length, 0);
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
