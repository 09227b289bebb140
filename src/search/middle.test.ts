import { describe, expect, it } from 'vitest';
import { cosine } from './exact.ts';
import { VectorMatrix } from './matrix.ts';
import { closenessTo, fartherThan, middleOf } from './middle.ts';
import { madeVectors } from './testing.ts';

const DIMENSIONS = 24;

/** Vectors that have `common` in common, as those of some models have. */
function rowsAround(common: number, count: number): Float32Array {
  return madeVectors(count, DIMENSIONS, 5).map((value, i) => value + (i % DIMENSIONS === 0 ? common : 0));
}

async function matrixOf(rows: Float32Array): Promise<VectorMatrix> {
  const matrix = await VectorMatrix.create(DIMENSIONS);
  matrix.set(0, rows);
  return matrix;
}

describe('what is usual among vectors', () => {
  it('is the mean cosine of a query with all of them, whatever they have in common', async () => {
    for (const common of [0, 10]) {
      const rows = rowsAround(common, 300);
      const matrix = await matrixOf(rows);
      const query = rowsAround(common, 301).slice(-DIMENSIONS);
      const cosines = Array.from({ length: 300 }, (_, i) =>
        cosine(query, rows.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS)),
      );
      const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
      const closeness = closenessTo(query, middleOf(matrix) as Float32Array);
      expect(closeness(mean)).toBeCloseTo(0, 5);
      expect(closeness(1)).toBeCloseTo(1, 12);
    }
  });

  it('is not told of a few, and follows what comes', async () => {
    const rows = rowsAround(0, 400);
    const matrix = await matrixOf(rows.subarray(0, 19 * DIMENSIONS));
    expect(middleOf(matrix)).toBeUndefined();
    expect(fartherThan(matrix, 0)).toBeUndefined();
    matrix.set(19, rows.subarray(19 * DIMENSIONS));
    const all = await matrixOf(rows);
    expect(middleOf(matrix)).toEqual(middleOf(all));
  });
});

it('tells how many lie farther from the middle', async () => {
  const rows = rowsAround(6, 200);
  // One looks the other way.
  rows.subarray(77 * DIMENSIONS, 78 * DIMENSIONS).forEach((value, i, own) => {
    own[i] = -value;
  });
  const matrix = await matrixOf(rows);
  expect(fartherThan(matrix, 77)).toBe(0);
  matrix.remove({ first: 77, end: 78 });
  expect(fartherThan(matrix, 77)).toBeUndefined();
  const ranks = Array.from({ length: 200 }, (_, row) => fartherThan(matrix, row) ?? -1);
  expect(ranks.filter(rank => rank >= 0).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 199 }, (_, i) => i),
  );
});
