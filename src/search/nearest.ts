import { cosine, type VectorMatrix } from './matrix.ts';
import type { RowRange } from './ranges.ts';
import { type Ranking, ranked } from './ranking.ts';

/** Candidates of rounded vectors whose exact ones are asked for: four times as many as wanted, and some. */
const TIMES = 4;
const MORE = 32;

/**
 * Gives the exact vectors of rows, row-major, in their order; zeros for a row that is no longer there. Asked only
 * where the matrix holds rounded ones.
 */
export type ReadVectors = (rows: Int32Array) => Promise<Float32Array>;

/** The `k` rows with the largest cosine, exactly, whatever the matrix holds. */
export async function nearest(
  matrix: VectorMatrix,
  query: Float32Array,
  k: number,
  read: ReadVectors,
  within?: readonly RowRange[],
): Promise<Ranking> {
  if (matrix.packing === 'float32') return matrix.topK(query, k, within);
  const { rows } = matrix.topK(query, k * TIMES + MORE, within);
  const vectors = await read(rows);
  const { dimensions } = matrix;
  const scores = Float64Array.from(rows, (_, i) =>
    cosine(query, vectors.subarray(i * dimensions, (i + 1) * dimensions)),
  );
  return ranked(rows, scores, k);
}
