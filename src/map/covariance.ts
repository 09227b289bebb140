/** Means and covariances of rows that come in batches; what is kept is one matrix, whatever the number of rows. */
export interface Covariance {
  /** Takes in `count` rows of `dimensions` floats. */
  add(rows: Float32Array, count: number): void;
  /** The mean of all rows, and the symmetric covariance matrix, row-major. Call it once, at the end. */
  finish(): { mean: Float64Array; matrix: Float64Array };
}

/** Rows multiplied together: so many products share one load and store of the sum. */
const AT_ONCE = 8;

export function createCovariance(dimensions: number): Covariance {
  const sums = new Float64Array(dimensions);
  const products = new Float64Array(dimensions * dimensions);
  const held = new Float64Array(AT_ONCE * dimensions);
  let waiting = 0;
  let count = 0;

  /** Adds the products of the held rows, the upper triangle only. Rows past `waiting` are zeros. */
  function flush() {
    if (waiting === 0) return;
    held.fill(0, waiting * dimensions);
    const d = dimensions;
    for (let i = 0; i < d; i++) {
      const a = held[i] as number;
      const b = held[d + i] as number;
      const c = held[2 * d + i] as number;
      const e = held[3 * d + i] as number;
      const f = held[4 * d + i] as number;
      const g = held[5 * d + i] as number;
      const h = held[6 * d + i] as number;
      const k = held[7 * d + i] as number;
      sums[i] = (sums[i] as number) + (a + b + c + e + f + g + h + k);
      const row = i * d;
      for (let j = i; j < d; j++) {
        products[row + j] =
          (products[row + j] as number) +
          (a * (held[j] as number) +
            b * (held[d + j] as number) +
            c * (held[2 * d + j] as number) +
            e * (held[3 * d + j] as number) +
            f * (held[4 * d + j] as number) +
            g * (held[5 * d + j] as number) +
            h * (held[6 * d + j] as number) +
            k * (held[7 * d + j] as number));
      }
    }
    waiting = 0;
  }

  return {
    add(rows, n) {
      for (let row = 0; row < n; row++) {
        held.set(rows.subarray(row * dimensions, (row + 1) * dimensions), waiting * dimensions);
        waiting += 1;
        count += 1;
        if (waiting === AT_ONCE) flush();
      }
    },
    finish() {
      flush();
      const n = Math.max(1, count);
      const mean = sums.map(sum => sum / n);
      for (let i = 0; i < dimensions; i++) {
        for (let j = i; j < dimensions; j++) {
          const value =
            (products[i * dimensions + j] as number) / n - (mean[i] as number) * (mean[j] as number);
          products[i * dimensions + j] = value;
          products[j * dimensions + i] = value;
        }
      }
      return { mean, matrix: products };
    },
  };
}
