/** The sum of products, in 64 bits. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Cosine of two vectors in 64 bits; 0 where one has no length. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const lengths = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
  return lengths > 0 ? dot(a, b) / lengths : 0;
}

/** Lengths of vectors that single precision multiplies safely; others are brought to length 1 as they come. */
const SHORTEST = 1e-12;
const LONGEST = 1e12;

/** A vector as it can be multiplied, and what then brings it to length 1; undefined for one that points nowhere. */
export function scaledSafely(vector: Float32Array): { values: Float32Array; factor: number } | undefined {
  const length = Math.sqrt(dot(vector, vector));
  if (!(length > 0 && length < Number.POSITIVE_INFINITY)) return undefined;
  if (length > SHORTEST && length < LONGEST) return { values: vector, factor: 1 / length };
  return { values: vector.map(value => value / length), factor: 1 };
}
