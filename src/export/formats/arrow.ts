import type * as Arrow from 'apache-arrow';
import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat, ExportHeader, ExportRecord, Records } from '../format.ts';
import { batches } from '../pieces.ts';
import { toHalfBits } from '../precision.ts';
import { recordText } from '../records.ts';
import { recipeMetadata, type TableColumn, tableColumns } from '../table.ts';

/** Rows of a record batch, held until it is written. */
const ROWS = 2000;

async function* encode(header: ExportHeader, records: Records): AsyncGenerator<Uint8Array> {
  const arrow = await import('apache-arrow');
  const columns = tableColumns(header);
  const fields = columns.map(
    column => new arrow.Field(column.name, typeOf(arrow, column, header), column.type === 'optional integer'),
  );
  const schema = new arrow.Schema(fields, new Map(Object.entries(recipeMetadata(header))));

  const pieces: Uint8Array[] = [];
  // What the writer writes is handed on at once: its own queue would keep it until someone reads.
  class Pieces extends arrow.AsyncByteQueue {
    override write(piece: Uint8Array): void {
      if (piece.byteLength > 0) pieces.push(piece.slice());
    }
  }
  const writer = new arrow.RecordBatchFileWriter();
  writer.reset(new Pieces(), schema);
  for await (const batch of batches(records(), ROWS)) {
    const children = columns.map((column, i) =>
      dataOf(arrow, column, fields[i] as Arrow.Field, batch, header),
    );
    const data = arrow.makeData({
      type: new arrow.Struct(fields),
      length: batch.length,
      nullCount: 0,
      children,
    });
    writer.write(new arrow.RecordBatch(schema, data));
    yield* pieces.splice(0);
  }
  writer.finish();
  yield* pieces.splice(0);
}

function typeOf(arrow: typeof Arrow, { type }: TableColumn, header: ExportHeader): Arrow.DataType {
  const { dimensions, precision } = header;
  const vectorOf = (item: Arrow.DataType) =>
    new arrow.FixedSizeList(dimensions, new arrow.Field('item', item, false));
  switch (type) {
    case 'text':
      return new arrow.Utf8();
    case 'integer':
    case 'optional integer':
      return new arrow.Int32();
    case 'float':
      return new arrow.Float32();
    case 'texts':
      return new arrow.List(new arrow.Field('item', new arrow.Utf8(), false));
    case 'vector':
      return vectorOf(precision === 'float16' ? new arrow.Float16() : new arrow.Float32());
    case 'int8 vector':
      return vectorOf(new arrow.Int8());
  }
}

/** The cells of a column; vectors go in as one array of numbers, everything else by the library's builders. */
function dataOf(
  arrow: typeof Arrow,
  column: TableColumn,
  { type }: Arrow.Field,
  batch: readonly ExportRecord[],
  { dimensions, precision }: ExportHeader,
): Arrow.Data {
  if (!arrow.DataType.isFixedSizeList(type)) {
    const values = batch.map(record => column.value(record) ?? null);
    return arrow.vectorFromArray(values, type).data[0] as Arrow.Data;
  }
  const numbers = batch.length * dimensions;
  const item = (type as Arrow.FixedSizeList).children[0] as Arrow.Field;
  const data =
    column.type === 'int8 vector'
      ? new Int8Array(numbers)
      : precision === 'float16'
        ? new Uint16Array(numbers)
        : new Float32Array(numbers);
  for (const [row, record] of batch.entries()) {
    const values = column.value(record) as ArrayLike<number>;
    const half = data instanceof Uint16Array;
    data.set(half ? Array.from(values, toHalfBits) : values, row * dimensions);
  }
  const child = arrow.makeData({ type: item.type as Arrow.Float32, length: numbers, nullCount: 0, data });
  return arrow.makeData({ type: type as Arrow.FixedSizeList, length: batch.length, nullCount: 0, child });
}

/** Arrow's file format (Feather 2): vectors as lists of fixed size, the recipe in the schema's metadata. */
export const arrow: ExportFormat = {
  id: 'arrow',
  name: 'Arrow, Feather',
  readBy: 'LanceDB, pyarrow, pandas, Polars',
  mediaType: 'application/vnd.apache.arrow.file',
  precisions: ['float32', 'float16', 'int8'],
  optional: EXPORT_COLUMNS,
  files: [{ extension: 'arrow', encode }],
  preview: recordText,
};
