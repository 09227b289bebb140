import type { DecodedArray, PageHeader, SchemaTree } from 'hyparquet';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { readRuns } from './parquet-runs.ts';

/** A list of floats: how deep its levels are. */
export interface VectorShape {
  type: 'FLOAT' | 'DOUBLE';
  /** 1 where the list itself may be null, and where its numbers may. */
  nullable: 0 | 1;
  nullableItems: 0 | 1;
}

/** The shape of a column that holds one list of floats a row; undefined for all others. */
export function vectorShape(path: readonly SchemaTree[], type: string): VectorShape | undefined {
  const [, list, repeated, item] = path;
  if ((type !== 'FLOAT' && type !== 'DOUBLE') || !list || !repeated || path.length > 4) return undefined;
  const simple =
    list.element.converted_type === 'LIST' &&
    list.element.repetition_type !== 'REPEATED' &&
    list.children.length === 1 &&
    repeated.element.repetition_type === 'REPEATED' &&
    repeated.children.length <= 1 &&
    item?.element.repetition_type !== 'REPEATED';
  if (!simple) return undefined;
  return {
    type,
    nullable: list.element.repetition_type === 'OPTIONAL' ? 1 : 0,
    nullableItems: item?.element.repetition_type === 'OPTIONAL' ? 1 : 0,
  };
}

/** The vectors of a page; the first may go on with the last one of the page before. */
interface VectorPage {
  rows: (Float32Array | undefined)[];
  continues: boolean;
}

/**
 * Reads a page of vectors without a list of JavaScript's for each of them, which takes five times as long. `page` is
 * unpacked, levels first. Numbers that are null are NaN. Throws RangeError.
 */
export function vectorPage(
  page: Uint8Array,
  { data_page_header: first, data_page_header_v2: second }: PageHeader,
  { type, nullable, nullableItems }: VectorShape,
  dictionary: DecodedArray | undefined,
): VectorPage {
  const { num_values: count = 0, encoding = 'PLAIN' } = first ?? second ?? {};
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const repeats = new Uint8Array(count);
  const defined = new Uint8Array(count);
  const most = nullable + 1 + nullableItems;
  let at = 0;
  for (const [levels, width] of [
    [repeats, 1],
    [defined, most > 1 ? 2 : 1],
  ] as const) {
    const length = second
      ? levels === repeats
        ? second.repetition_levels_byte_length
        : second.definition_levels_byte_length
      : view.getUint32(at, true);
    if (!second) at += 4;
    readRuns(view, at, width, levels);
    at += length;
  }
  let numbers = 0;
  for (let i = 0; i < count; i++) if (defined[i] === most) numbers += 1;
  const values = valuesOf(view, at, encoding, type, numbers, dictionary);
  return { rows: rowsOf(repeats, defined, values, most, nullable), continues: repeats[0] === 1 };
}

type Floats = Float32Array | Float64Array;

function valuesOf(
  view: DataView,
  at: number,
  encoding: string,
  type: VectorShape['type'],
  count: number,
  dictionary: DecodedArray | undefined,
): Floats {
  const Numbers = type === 'FLOAT' ? Float32Array : Float64Array;
  if (count === 0) return new Numbers(0);
  switch (encoding) {
    case 'PLAIN': {
      const from = view.byteOffset + at;
      const bytes = count * Numbers.BYTES_PER_ELEMENT;
      if (at + bytes > view.byteLength) throw new RangeError('A page has too few numbers.');
      return new Numbers((view.buffer as ArrayBuffer).slice(from, from + bytes));
    }
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      if (!dictionary) throw new RangeError('A dictionary is missing.');
      const places = new Uint32Array(count);
      readRuns(view, at + 1, view.getUint8(at), places);
      const values = new Numbers(count);
      for (let i = 0; i < count; i++) values[i] = Number(dictionary[places[i] as number]);
      return values;
    }
    case 'BYTE_STREAM_SPLIT':
      return byteStreamSplit({ view, offset: at }, count, type, undefined) as Floats;
    default:
      throw new RangeError(`Floats in the encoding ${encoding}.`);
  }
}

function rowsOf(
  repeats: Uint8Array,
  defined: Uint8Array,
  values: Floats,
  most: number,
  nullable: number,
): (Float32Array | undefined)[] {
  const rows: (Float32Array | undefined)[] = [];
  let taken = 0;
  for (let from = 0; from < repeats.length; ) {
    const next = repeats.indexOf(0, from + 1);
    const to = next < 0 ? repeats.length : next;
    const levels = defined.subarray(from, to);
    from = to;
    if ((levels[0] as number) <= nullable) {
      rows.push(undefined);
      continue;
    }
    const row = new Float32Array(levels.length);
    for (let i = 0; i < row.length; i++)
      row[i] = levels[i] === most ? (values[taken++] as number) : Number.NaN;
    rows.push(row);
  }
  return rows;
}
