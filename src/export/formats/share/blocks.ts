import type { ShareTexts } from '../../../domain/share.ts';
import type { ExportHeader, ExportRecord } from '../../format.ts';
import { toHalfBits } from '../../precision.ts';

/** Units of text and records of a block at the most: what a reader takes in at a time. */
const TEXT_UNITS = 256 * 1024;
const TEXT_RECORDS = 1024;

/** Texts of records with their places, deflated; see domain/share.ts. */
export async function* textBlocks(
  records: AsyncIterable<ExportRecord>,
): AsyncGenerator<{ block: Uint8Array; count: number }> {
  let held: ExportRecord[] = [];
  let units = 0;
  for await (const record of records) {
    held.push(record);
    units += record.text.length;
    if (units < TEXT_UNITS && held.length < TEXT_RECORDS) continue;
    yield { block: await textBlock(held), count: held.length };
    held = [];
    units = 0;
  }
  if (held.length > 0) yield { block: await textBlock(held), count: held.length };
}

async function textBlock(records: readonly ExportRecord[]): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const texts = records.map(({ text }) => encoder.encode(text));
  const json = encoder.encode(JSON.stringify(placesOf(records, texts)));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  const deflated = new Blob([length, json, ...texts]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(deflated).arrayBuffer());
}

function placesOf(records: readonly ExportRecord[], texts: readonly Uint8Array[]): ShareTexts {
  const runs: ShareTexts['runs'] = [];
  const headingPaths = new Map<string, number>();
  const headingOf = records.map(({ file, headings }) => {
    const run = runs.at(-1);
    if (run?.[0] === file) run[1] += 1;
    else runs.push([file, 1]);
    const key = JSON.stringify(headings);
    const index = headingPaths.get(key) ?? headingPaths.size;
    headingPaths.set(key, index);
    return index;
  });
  return {
    runs,
    starts: records.map(({ start }) => start),
    ends: records.map(({ end }) => end),
    pages: records.map(({ page = 0 }) => page),
    headingPaths: [...headingPaths.keys()].map(key => JSON.parse(key)),
    headingOf,
    firstLines: records.map(({ lines }) => lines.first),
    lastLines: records.map(({ lines }) => lines.last),
    bytes: texts.map(({ length }) => length),
  };
}

/** Vectors of records in the precision of an export; the machines of browsers are little-endian, as the file is. */
export function vectorBlock(
  records: readonly ExportRecord[],
  { precision, dimensions }: Pick<ExportHeader, 'precision' | 'dimensions'>,
): Uint8Array {
  const count = records.length * dimensions;
  if (precision === 'float32') {
    const vectors = new Float32Array(count);
    for (const [row, { embedding }] of records.entries()) vectors.set(embedding, row * dimensions);
    return new Uint8Array(vectors.buffer);
  }
  if (precision === 'float16') {
    const halves = new Uint16Array(count);
    for (const [row, { embedding }] of records.entries()) {
      halves.set(Array.from(embedding, toHalfBits), row * dimensions);
    }
    return new Uint8Array(halves.buffer);
  }
  const block = new ArrayBuffer(records.length * 4 + count);
  const scales = new Float32Array(block, 0, records.length);
  const values = new Int8Array(block, scales.byteLength);
  for (const [row, { quantized }] of records.entries()) {
    scales[row] = quantized?.scale ?? 0;
    values.set(quantized?.values ?? [], row * dimensions);
  }
  return new Uint8Array(block);
}

/** The same bytes in pieces of one size; the last may be smaller. */
export async function* regrouped(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let held = new Uint8Array(size);
  let used = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + size - used);
      held.set(part, used);
      used += part.length;
      at += part.length;
      if (used < size) continue;
      yield held;
      held = new Uint8Array(size);
      used = 0;
    }
  }
  if (used > 0) yield held.subarray(0, used);
}
