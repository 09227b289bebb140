import type { PageHeader } from 'hyparquet';
import { expect, it } from 'vitest';
import { readRuns } from './parquet-runs.ts';
import { vectorPage } from './parquet-vectors.ts';

const bytesOf = (...parts: ArrayLike<number>[]) => Uint8Array.from(parts.flatMap(part => Array.from(part)));
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

it('numbers of any width are read from runs of both kinds', () => {
  // The example of Parquet's Encodings.md: 0 to 7 in three bits each; then 300 five times, in nine.
  const packed = new DataView(Uint8Array.of(0b11, 0b10001000, 0b11000110, 0b11111010).buffer);
  const eight = new Uint8Array(8);
  readRuns(packed, 0, 3, eight);
  expect([...eight]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const repeated = new DataView(Uint8Array.of(5 << 1, 300 & 255, 300 >> 8).buffer);
  const five = new Uint32Array(5);
  readRuns(repeated, 0, 9, five);
  expect([...five]).toEqual([300, 300, 300, 300, 300]);
  expect(() => readRuns(repeated, 0, 9, new Uint32Array(6))).toThrow(RangeError);
});

it('a vector that goes on from the page before is told apart from one that begins', () => {
  const repeats = [2, 0, 0, 0, 0b11, 0b1101];
  const defined = [2, 0, 0, 0, 4 << 1, 1];
  const page = bytesOf(repeats, defined, floats(3, 1, 2, 4));
  const header = { data_page_header: { num_values: 4, encoding: 'PLAIN' } } as PageHeader;
  const shape = { type: 'FLOAT', nullable: 0, nullableItems: 0 } as const;
  const { rows, continues } = vectorPage(page, header, shape, undefined);
  expect(continues).toBe(true);
  expect(rows).toEqual([Float32Array.of(3), Float32Array.of(1, 2, 4)]);
});
