import type { VectorMatrix } from './matrix.ts';

/** Rows that the middle is taken of, spread evenly: more would change nothing that is told by it. */
const SAMPLE = 4096;
/** Among fewer rows nothing is usual. */
const FEWEST = 20;
/** The middle is taken anew when so large a share of the rows has come or gone. */
const CHANGE = 0.02;

const known = new WeakMap<VectorMatrix, { count: number; middle: Float32Array }>();

/**
 * The mean of a matrix's vectors, each at length 1: its product with a query at length 1 is the mean of the query's
 * cosines with all of them. Undefined where they are too few for anything to be usual.
 */
export function middleOf(matrix: VectorMatrix): Float32Array | undefined {
  const { count, rows, dimensions } = matrix;
  if (count < FEWEST) return undefined;
  const before = known.get(matrix);
  if (before && Math.abs(before.count - count) <= CHANGE * before.count) return before.middle;
  const middle = new Float32Array(dimensions);
  const step = Math.max(1, rows / SAMPLE);
  let taken = 0;
  for (let at = 0; at < rows; at += step) {
    const vector = matrix.direction(Math.floor(at));
    if (!vector) continue;
    taken += 1;
    for (let i = 0; i < dimensions; i++) middle[i] = (middle[i] as number) + (vector[i] as number);
  }
  if (taken < FEWEST) return undefined;
  for (let i = 0; i < dimensions; i++) middle[i] = (middle[i] as number) / taken;
  known.set(matrix, { count, middle });
  return middle;
}

/**
 * Tells how close a cosine with a query is: 0 for what the query has with any chunk, 1 for the same direction. Models
 * differ in what any two texts have in common (.1 with one, .7 with another); what stands out above it is alike.
 */
export function closenessTo(query: Float32Array, middle: Float32Array): (cosine: number) => number {
  let product = 0;
  let squares = 0;
  for (const [i, value] of query.entries()) {
    product += value * (middle[i] as number);
    squares += value * value;
  }
  const usual = squares > 0 ? product / Math.sqrt(squares) : 0;
  return cosine => (usual < 1 ? (cosine - usual) / (1 - usual) : 0);
}

/** How many rows lie farther from the middle of all than one of them; undefined where they are too few to tell. */
export function fartherThan(matrix: VectorMatrix, row: number): number | undefined {
  const middle = middleOf(matrix);
  if (!middle || !matrix.has(row)) return undefined;
  const cosines = matrix.scores(middle);
  const own = cosines[row] as number;
  let farther = 0;
  for (let other = 0; other < cosines.length; other++)
    if ((cosines[other] as number) < own && matrix.has(other)) farther += 1;
  return farther;
}
