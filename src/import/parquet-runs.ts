import type { PageHeader, SchemaTree } from 'hyparquet';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';

/** Runs of bits come in groups of 8 numbers, of which writers fill the last block up. */
const FILLED_UP = 4096;

/**
 * Checks the runs that levels and indices into a dictionary are written in (RLE and bit-packed, Parquet's Encodings.md)
 * before they are read: hyparquet believes their counts, and a changed byte would have it write for minutes. `page` is
 * unpacked, levels first. Throws RangeError.
 */
export function checkRuns(page: Uint8Array, header: PageHeader, type: string, path: SchemaTree[]): void {
  const { data_page_header: first, data_page_header_v2: second } = header;
  const values = (first ?? second)?.num_values ?? 0;
  const encoding = (first ?? second)?.encoding ?? 'PLAIN';
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const levels = [getMaxRepetitionLevel(path), getMaxDefinitionLevel(path)] as const;
  let at = 0;
  for (const [i, most] of levels.entries()) {
    const width = 32 - Math.clz32(most);
    if (second) {
      if (most > 0) check(view, at, width, values);
      at += i === 0 ? second.repetition_levels_byte_length : second.definition_levels_byte_length;
    } else if (most > 0) {
      check(view, at + 4, width, values);
      at += 4 + view.getUint32(at, true);
    }
  }
  if (type === 'BOOLEAN' && encoding === 'RLE') check(view, at + 4, 1, values);
  if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY') {
    // Pages of nulls alone may have no indices at all.
    if (at < view.byteLength) check(view, at + 1, view.getUint8(at), values);
  }
}

function check(view: DataView, from: number, width: number, values: number): void {
  for (const _ of runsOf(view, from, width, values));
}

/** Reads as many numbers of so many bits as there is room for. Throws RangeError where there are fewer. */
export function readRuns(
  view: DataView,
  from: number,
  width: number,
  output: Uint8Array | Uint32Array,
): void {
  let seen = 0;
  for (const { at, count, packed } of runsOf(view, from, width, output.length)) {
    const end = Math.min(output.length, seen + count);
    if (packed) {
      for (let bit = at * 8; seen < end; bit += width) output[seen++] = bitsAt(view, bit, width);
    } else {
      output.fill(bitsAt(view, at * 8, width), seen, end);
      seen = end;
    }
  }
  if (seen < output.length) throw new RangeError('Runs end too early.');
}

/** A number of up to 32 bits at any bit, the lowest first. */
function bitsAt(view: DataView, bit: number, width: number): number {
  let value = 0;
  let got = 0;
  for (let at = bit >>> 3, skip = bit & 7; got < width; at++, skip = 0) {
    value += (view.getUint8(at) >>> skip) * 2 ** got;
    got += 8 - skip;
  }
  return got > width ? value % 2 ** width : value;
}

/** A run of numbers: packed one after the other from a byte on, or one that is there so many times. */
interface Run {
  at: number;
  count: number;
  packed: boolean;
}

function* runsOf(view: DataView, from: number, width: number, values: number): Generator<Run> {
  if (width > 32) throw new RangeError('Numbers of more than 32 bits.');
  let at = from;
  let seen = 0;
  while (seen < values && at < view.byteLength) {
    let head = 0;
    let byte = 0x80;
    for (let shift = 0; byte >= 0x80; shift += 7) {
      if (shift > 28) throw new RangeError('A run has too long a head.');
      byte = view.getUint8(at);
      at += 1;
      head += (byte & 0x7f) * 2 ** shift;
    }
    const packed = head % 2 === 1;
    const half = Math.floor(head / 2);
    const count = packed ? half * 8 : half;
    if (count > values - seen + (packed ? FILLED_UP : 0)) throw new RangeError('A run is too long.');
    yield { at, count, packed };
    at += packed ? half * width : Math.ceil(width / 8);
    seen += count;
  }
}
