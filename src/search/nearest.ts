import { cosine } from './exact.ts';
import type { VectorMatrix } from './matrix.ts';
import type { RowRange } from './ranges.ts';
import { type Ranking, ranked } from './ranking.ts';

/** Candidates by rounded vectors, the best of which are looked at exactly: four times as many as wanted, and some. */
const TIMES = 4;
const MORE = 32;

/**
 * Gives the exact vectors of rows, row-major, in their order; zeros for a row that is no longer there. Asked only
 * where the matrix holds rounded ones.
 */
export type ReadVectors = (rows: Int32Array) => Promise<Float32Array>;

/**
 * The `k` rows with the largest cosine, exactly, whatever the matrix holds. Of rounded vectors the exact ones are asked
 * for in two steps: of the best, then of those that may yet come before the last of them.
 */
export async function nearest(
  matrix: VectorMatrix,
  query: Float32Array,
  k: number,
  read: ReadVectors,
  within?: readonly RowRange[],
): Promise<Ranking> {
  if (matrix.packing === 'float32') return matrix.topK(query, k, within);
  const exact = async (rows: Int32Array) => {
    const vectors = rows.length > 0 ? await read(rows) : new Float32Array();
    const { dimensions } = matrix;
    return Array.from(rows, (_, i) => cosine(query, vectors.subarray(i * dimensions, (i + 1) * dimensions)));
  };
  const { rows, scores } = matrix.topK(query, k * TIMES + MORE, within);
  const best = rows.subarray(0, k);
  const known = await exact(best);
  const last = Math.min(...known);
  const others = rows.subarray(k).filter((row, i) => (scores[k + i] as number) + matrix.doubt(row) >= last);
  return ranked([...best, ...others], [...known, ...(await exact(others))], k);
}
