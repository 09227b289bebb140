/**
 * All eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations
 * (Golub and Van Loan, Matrix Computations, 8.5), largest value first; vector k is vectors[i * size + k].
 * The matrix is used up.
 */
export function eigenOfSmall(
  matrix: Float64Array,
  size: number,
): { values: number[]; vectors: Float64Array } {
  const at = (i: number, j: number) => matrix[i * size + j] as number;
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;

  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let i = 0; i < size; i++) {
      diagonal += at(i, i) ** 2;
      for (let j = i + 1; j < size; j++) off += at(i, j) ** 2;
    }
    if (off <= 1e-30 * diagonal) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(p, q);
  }

  const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => at(b, b) - at(a, a) || a - b);
  const sorted = new Float64Array(size * size);
  order.forEach((from, to) => {
    for (let i = 0; i < size; i++) sorted[i * size + to] = vectors[i * size + from] as number;
  });
  return { values: order.map(i => at(i, i)), vectors: sorted };

  /** Turns the plane of two axes so that their product vanishes. */
  function rotate(p: number, q: number) {
    const apq = at(p, q);
    if (apq === 0) return;
    const theta = (at(q, q) - at(p, p)) / (2 * apq);
    const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    const c = 1 / Math.sqrt(t * t + 1);
    const s = t * c;
    for (let k = 0; k < size; k++) {
      const kp = at(k, p);
      const kq = at(k, q);
      matrix[k * size + p] = c * kp - s * kq;
      matrix[k * size + q] = s * kp + c * kq;
    }
    for (let k = 0; k < size; k++) {
      const pk = at(p, k);
      const qk = at(q, k);
      matrix[p * size + k] = c * pk - s * qk;
      matrix[q * size + k] = s * pk + c * qk;
      const vp = vectors[k * size + p] as number;
      const vq = vectors[k * size + q] as number;
      vectors[k * size + p] = c * vp - s * vq;
      vectors[k * size + q] = s * vp + c * vq;
    }
  }
}
