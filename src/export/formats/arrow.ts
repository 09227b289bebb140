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

/**
 * The cells of a column as the format lays them out. The library's own builders compile functions from text, which
 * the page's policy forbids.
 */
function dataOf(
  arrow: typeof Arrow,
  column: TableColumn,
  { type }: Arrow.Field,
  batch: readonly ExportRecord[],
  { dimensions, precision }: ExportHeader,
): Arrow.Data {
  const { length } = batch;
  const values = batch.map(record => column.value(record));
  switch (column.type) {
    case 'text':
      return textData(arrow, values as string[]);
    case 'texts': {
      const lists = values as (readonly string[])[];
      const child = textData(arrow, lists.flat());
      const valueOffsets = offsetsOf(lists.map(list => list.length));
      return arrow.makeData({ type: type as Arrow.List, length, nullCount: 0, valueOffsets, child });
    }
    case 'optional integer': {
      const nullBitmap = bitmapOf(values.map(value => value !== undefined));
      const data = Int32Array.from(values as (number | undefined)[], value => value ?? 0);
      const nullCount = values.filter(value => value === undefined).length;
      return arrow.makeData({ type: type as Arrow.Int32, length, nullCount, nullBitmap, data });
    }
    case 'integer':
      return arrow.makeData({
        type: type as Arrow.Int32,
        length,
        nullCount: 0,
        data: Int32Array.from(values as number[]),
      });
    case 'float':
      return arrow.makeData({
        type: type as Arrow.Float32,
        length,
        nullCount: 0,
        data: Float32Array.from(values as number[]),
      });
    default: {
      const list = type as Arrow.FixedSizeList;
      const numbers = length * dimensions;
      const int8 = column.type === 'int8 vector';
      const half = precision === 'float16';
      const data = int8
        ? new Int8Array(numbers)
        : half
          ? new Uint16Array(numbers)
          : new Float32Array(numbers);
      for (const [row, value] of (values as ArrayLike<number>[]).entries()) {
        data.set(half ? Array.from(value, toHalfBits) : value, row * dimensions);
      }
      const item = (list.children[0] as Arrow.Field).type as Arrow.Float32;
      const child = arrow.makeData({ type: item, length: numbers, nullCount: 0, data });
      return arrow.makeData({ type: list, length, nullCount: 0, child });
    }
  }
}

function textData(arrow: typeof Arrow, texts: readonly string[]): Arrow.Data<Arrow.Utf8> {
  const encoder = new TextEncoder();
  const encoded = texts.map(text => encoder.encode(text));
  const valueOffsets = offsetsOf(encoded.map(bytes => bytes.length));
  const data = new Uint8Array(valueOffsets[texts.length] ?? 0);
  for (const [i, bytes] of encoded.entries()) data.set(bytes, valueOffsets[i]);
  return arrow.makeData({ type: new arrow.Utf8(), length: texts.length, nullCount: 0, valueOffsets, data });
}

/** Where each of some stretches starts, and the end of the last. */
function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  for (const [i, length] of lengths.entries()) offsets[i + 1] = (offsets[i] ?? 0) + length;
  return offsets;
}

/** A bit a value, the lowest first. */
function bitmapOf(valid: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(valid.length / 8));
  for (const [i, is] of valid.entries()) if (is) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  return bits;
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
