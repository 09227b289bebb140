/** Row `row` of row-major vectors. */
export function rowOf(vectors: Float32Array, row: number, dimensions: number): Float32Array {
  return vectors.subarray(row * dimensions, (row + 1) * dimensions);
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Cosine of the angle between two vectors; NaN where one of them is zero or not finite. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** The least cosine between rows of one index; NaN where any is. Both are row-major. */
export function leastCosine(a: Float32Array, b: Float32Array, dimensions: number): number {
  let least = a.length === b.length && a.length > 0 ? 1 : Number.NaN;
  for (let row = 0; row * dimensions < a.length; row++) {
    const found = cosine(rowOf(a, row, dimensions), rowOf(b, row, dimensions));
    // Not Math.min of what is right so far: a NaN must stay.
    if (!(found >= least)) least = found;
    if (Number.isNaN(least)) return least;
  }
  return least;
}

/** Whether every row is of finite numbers and not zero. */
export function isSane(vectors: Float32Array, dimensions: number): boolean {
  for (let row = 0; row * dimensions < vectors.length; row++) {
    const vector = rowOf(vectors, row, dimensions);
    const squares = dot(vector, vector);
    if (!(squares > 0 && squares < Number.POSITIVE_INFINITY)) return false;
  }
  return true;
}
