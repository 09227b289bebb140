/** How rows are held: as they came, or rounded to 8 bits with a scale for each. */
export type Packing = 'float32' | 'int8';

/** Bytes from one row of a matrix to the next: what pads a row to whole vectors of the processor is zero. */
export function strideOf(dimensions: number, packing: Packing): number {
  return packing === 'float32' ? Math.ceil(dimensions / 4) * 16 : Math.ceil(dimensions / 16) * 16;
}

/**
 * Rounds a query to 16 bits for products with rows of 8, whose sum in 32 bits must not overflow: 127 · most · dimensions
 * < 2³¹. Returns what brings the products back.
 */
export function roundQuery(query: Float32Array, out: Int16Array): number {
  const most = Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * query.length)));
  const largest = query.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  out.set(query.map(value => Math.round((value / largest) * most)));
  return largest / most;
}

/** Rows that a matrix rounds at a time. */
export const BLOCK = 4096;
/** Where its memory has what: products and then scores of a block, or scales of packed rows; factors; indices found; the query. */
export const AT = { scores: 0, factors: BLOCK * 4, found: BLOCK * 8, staging: BLOCK * 12 };

/** Where rows begin, behind a query in either form. */
export function rowsAt(dimensions: number): number {
  return AT.staging + Math.ceil(dimensions / 16) * 64;
}
