/** The vector at length 1 (L2), summed in float64. A vector of zeros stays as it is. */
export function normalized(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const norm = Math.sqrt(squares);
  return norm > 0 ? vector.map(value => value / norm) : vector;
}
