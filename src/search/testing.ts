/** Numbers from 0 to 1, the same each time. */
export function random(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Vectors in every direction, of differing lengths, row-major, the same each time. */
export function madeVectors(count: number, dimensions: number, seed: number): Float32Array {
  const next = random(seed);
  // The sum of three even numbers is near enough to the normal law.
  return Float32Array.from({ length: count * dimensions }, () => next() + next() + next() - 1.5);
}
