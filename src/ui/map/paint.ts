import type { MapPoints } from '../../domain/map.ts';
import type { ChunkValues } from '../../domain/search.ts';

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Four bytes a point, by the group of its file; `colours` is indexed by group. */
export function paintGroups(
  files: MapPoints['files'],
  groupOfFile: Uint8Array,
  colours: readonly Rgb[],
): Uint8Array {
  const total = files.reduce((sum, { count }) => sum + count, 0);
  const bytes = new Uint8Array(4 * total);
  let at = 0;
  files.forEach(({ count }, file) => {
    const [red, green, blue] = colours[groupOfFile[file] as number] ?? [128, 128, 128];
    for (const end = at + 4 * count; at < end; at += 4) {
      bytes[at] = red;
      bytes[at + 1] = green;
      bytes[at + 2] = blue;
      bytes[at + 3] = 255;
    }
  });
  return bytes;
}

/** Four bytes a point, from `low` for 0 to `high` for the largest value. */
export function paintValues(values: Float32Array, low: Rgb, high: Rgb): Uint8Array {
  const most = values.reduce((a, b) => Math.max(a, b), 0) || 1;
  const bytes = new Uint8Array(4 * values.length);
  values.forEach((value, i) => {
    const share = Math.max(0, value) / most;
    for (let part = 0; part < 3; part++) {
      const from = low[part] as number;
      bytes[4 * i + part] = from + ((high[part] as number) - from) * share;
    }
    bytes[4 * i + 3] = 255;
  });
  return bytes;
}

/** A value for each point of a map, from values of chunks that may be more or fewer by now; 0 for none. */
export function valuesOfPoints(
  files: MapPoints['files'],
  { files: known, values }: ChunkValues,
): Float32Array {
  const spans = new Map<string, Float32Array>();
  let from = 0;
  for (const { fileId, count } of known) {
    spans.set(fileId, values.subarray(from, from + count));
    from += count;
  }
  const total = files.reduce((sum, { count }) => sum + count, 0);
  const ofPoints = new Float32Array(total);
  let at = 0;
  for (const { fileId, count } of files) {
    ofPoints.set(spans.get(fileId)?.subarray(0, count) ?? [], at);
    at += count;
  }
  return ofPoints;
}
