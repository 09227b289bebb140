import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import type { ExportHeader, ExportRecord } from '../../format.ts';
import { roundVector } from '../../precision.ts';
import { awkwardRecords, encoded } from '../../testing.ts';
import { parquet } from '../parquet.ts';

/** Not a multiple of 8, which packed runs are made of. */
const DIMENSIONS = 1021;
/** In a page, of 1 MB at the most. */
const FLOATS_A_PAGE = 256;
const BYTES_A_PAGE = 1027;
/** More than a row group of floats, and than a page of bytes. */
const ROWS = 2300;

/** Vectors of all kinds of bits, but for those of what is no number. */
const records: readonly ExportRecord[] = (() => {
  const bits = Uint32Array.from({ length: ROWS * DIMENSIONS }, (_, i) =>
    i % 50 === 0 ? 0x80000000 : Math.imul(i, 2654435761) & 0xbfffffff,
  );
  const numbers = new Float32Array(bits.buffer);
  return Array.from({ length: ROWS }, (_, ordinal) => ({
    ...(awkwardRecords[ordinal % 2] as ExportRecord),
    ordinal,
    embedding: numbers.subarray(ordinal * DIMENSIONS, (ordinal + 1) * DIMENSIONS),
  }));
})();

/** An export as a reader opens it that looks into the index of pages, and what it has read so far. */
async function opened(count: number, changes: Partial<ExportHeader> = {}) {
  const { buffer } = await encoded(parquet, records.slice(0, count), changes);
  const bytes = buffer as ArrayBuffer;
  const metadata = parquetMetadata(bytes);
  const asked = { bytes: 0 };
  const file = {
    byteLength: bytes.byteLength,
    slice(start: number, end = bytes.byteLength) {
      asked.bytes += end - start;
      return bytes.slice(start, end);
    },
  };
  const rows = (rowStart: number, rowEnd: number, columns?: string[]) =>
    parquetReadObjects({
      file,
      metadata,
      rowStart,
      rowEnd,
      useOffsetIndex: true,
      ...(columns ? { columns } : {}),
    });
  return { metadata, file, asked, rows };
}

/** Whether numbers are the same, −0 apart from 0. */
const same = (found: unknown, expected: ArrayLike<number>) =>
  Array.isArray(found) &&
  found.length === expected.length &&
  found.every((value, i) => Object.is(value, expected[i]));

it('vectors of many pages and row groups have the same bits', async () => {
  const { metadata, rows } = await opened(ROWS);
  const [first, second, ...others] = metadata.row_groups;
  expect(others).toEqual([]);
  expect(first?.total_byte_size).toBeGreaterThan(8_000_000n);
  const inFirst = Number(first?.num_rows);
  expect(inFirst + Number(second?.num_rows)).toBe(ROWS);
  for (const edge of [FLOATS_A_PAGE, inFirst]) {
    const found = await rows(edge - 1, edge + 1, ['ordinal', 'embedding']);
    expect(found.map(({ ordinal }) => ordinal)).toEqual([edge - 1, edge]);
    for (const { ordinal, embedding } of found) {
      expect(same(embedding, records[ordinal]?.embedding ?? [])).toBe(true);
    }
  }
});

it('a reader finds the page of a row without reading those before', async () => {
  const { asked, rows } = await opened(ROWS);
  await rows(3 * FLOATS_A_PAGE, 3 * FLOATS_A_PAGE + 1, ['embedding']);
  expect(asked.bytes).toBeLessThan(1_100_000);
});

it('numbers of 8 bits are those of the quantized vectors, and take a byte each', async () => {
  const count = BYTES_A_PAGE + 100;
  const { file, rows } = await opened(count, { precision: 'int8' });
  expect(file.byteLength).toBeLessThan(1.05 * count * DIMENSIONS);
  const found = await rows(BYTES_A_PAGE - 1, BYTES_A_PAGE + 1);
  expect(found).toHaveLength(2);
  for (const { ordinal, embedding, scale } of found) {
    const { quantized } = roundVector(records[ordinal]?.embedding ?? new Float32Array(), 'int8');
    expect(scale).toBe(quantized?.scale);
    expect(same(embedding, quantized?.values ?? [])).toBe(true);
  }
});

it('without vectors the rest is a table', async () => {
  const { rows } = await opened(ROWS, { columns: new Set(['text', 'page']) });
  const [{ id, text }] = records as [ExportRecord];
  const all = await rows(0, ROWS);
  expect(all).toHaveLength(ROWS);
  expect(all[0]).toEqual({ id, text, page: 3 });
});
