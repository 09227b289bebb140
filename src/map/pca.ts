import { eigenOfSmall } from './jacobi.ts';
import { seededRandom } from './random.ts';

/** The directions in which rows differ most, largest first. */
export interface Axes {
  dimensions: number;
  count: number;
  mean: Float64Array;
  /** count × dimensions: each row an axis of length 1. */
  directions: Float64Array;
  /** Variance along each axis. */
  variances: number[];
}

/** Directions carried along beside those asked for: they let the last ones settle. */
const SPARE = 12;
const MOST_ROUNDS = 300;
/** Rounds end when no variance asked for moves by more than this share of the largest. */
const SETTLED = 1e-12;

/**
 * The principal axes of a covariance matrix (row-major, symmetric) by block power iteration with Rayleigh–Ritz steps
 * (Halko, Martinsson and Tropp 2011, 4.5). The start is seeded and every axis points to where its largest part is
 * positive, so that the same matrix gives the same bits.
 */
export function principalAxes(
  { mean, matrix }: { mean: Float64Array; matrix: Float64Array },
  wanted: number,
): Axes {
  const d = mean.length;
  const count = Math.min(wanted, d);
  const width = Math.min(d, count + SPARE);
  const random = seededRandom(1);
  // A column of the usual notation is a row here: products then run along memory.
  let basis: Float64Array = Float64Array.from({ length: width * d }, () => random() - 0.5);
  orthonormalize(basis, width, d);
  let variances: number[] = [];

  for (let round = 0; round < MOST_ROUNDS; round++) {
    const image = times(matrix, basis, width, d);
    const { values, vectors } = eigenOfSmall(gram(basis, image, width, d), width);
    const before = variances;
    variances = values;
    const bound = SETTLED * Math.max(values[0] ?? 0, Number.MIN_VALUE);
    const settled =
      before.length > 0 && values.slice(0, count).every((v, i) => Math.abs(v - (before[i] ?? 0)) <= bound);
    // On the last round the Ritz vectors themselves, before that what the matrix makes of them.
    basis = combine(settled ? basis : image, vectors, width, d);
    orthonormalize(basis, width, d);
    if (settled) break;
  }
  for (let axis = 0; axis < count; axis++) point(basis.subarray(axis * d, (axis + 1) * d));
  return {
    dimensions: d,
    count,
    mean,
    directions: basis.slice(0, count * d),
    variances: variances.slice(0, count).map(v => Math.max(0, v)),
  };
}

/**
 * Where rows lie along the axes: `count` rows of `axes.dimensions` floats in, `axes.count` floats a row into `out` from
 * row `first` on.
 */
export function project(
  axes: Axes,
  rows: Float32Array,
  count: number,
  out: Float32Array,
  first: number,
): void {
  const { dimensions: d, count: width, mean, directions } = axes;
  const centred = new Float64Array(d);
  for (let row = 0; row < count; row++) {
    const from = row * d;
    for (let i = 0; i < d; i++) centred[i] = (rows[from + i] as number) - (mean[i] as number);
    const to = (first + row) * width;
    for (let axis = 0; axis < width; axis++) out[to + axis] = dot(directions, axis * d, centred, d);
  }
}

function dot(a: Float64Array, from: number, b: Float64Array, length: number): number {
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    even += (a[from + i] as number) * (b[i] as number);
    odd += (a[from + i + 1] as number) * (b[i + 1] as number);
  }
  if (i < length) even += (a[from + i] as number) * (b[i] as number);
  return even + odd;
}

/** Every row of `basis` times a symmetric matrix. */
function times(matrix: Float64Array, basis: Float64Array, width: number, d: number): Float64Array {
  const image = new Float64Array(width * d);
  for (let i = 0; i < d; i++) {
    const column = matrix.subarray(i * d, (i + 1) * d);
    for (let row = 0; row < width; row++) image[row * d + i] = dot(basis, row * d, column, d);
  }
  return image;
}

/** basis · imageᵀ, made exactly symmetric. */
function gram(basis: Float64Array, image: Float64Array, width: number, d: number): Float64Array {
  const small = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    const row = image.subarray(i * d, (i + 1) * d);
    for (let j = 0; j <= i; j++) {
      const value = dot(basis, j * d, row, d);
      small[i * width + j] = value;
      small[j * width + i] = value;
    }
  }
  return small;
}

/** Rows mixed by the columns of `vectors`. */
function combine(rows: Float64Array, vectors: Float64Array, width: number, d: number): Float64Array {
  const mixed = new Float64Array(width * d);
  for (let to = 0; to < width; to++) {
    for (let from = 0; from < width; from++) {
      const share = vectors[from * width + to] as number;
      for (let i = 0; i < d; i++)
        mixed[to * d + i] = (mixed[to * d + i] as number) + share * (rows[from * d + i] as number);
    }
  }
  return mixed;
}

/** Gram–Schmidt, twice over for the sake of rounding. A row that vanishes (less variance than axes) becomes zeros. */
function orthonormalize(rows: Float64Array, width: number, d: number): void {
  for (let row = 0; row < width; row++) {
    const mine = rows.subarray(row * d, (row + 1) * d);
    const before = Math.sqrt(dot(mine, 0, mine, d));
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < row; other++) {
        const share = dot(rows, other * d, mine, d);
        for (let i = 0; i < d; i++) mine[i] = (mine[i] as number) - share * (rows[other * d + i] as number);
      }
    }
    const length = Math.sqrt(dot(mine, 0, mine, d));
    const scale = length > 1e-12 * before && length > 0 ? 1 / length : 0;
    for (let i = 0; i < d; i++) mine[i] = (mine[i] as number) * scale;
  }
}

function point(axis: Float64Array): void {
  let largest = 0;
  for (const part of axis) if (Math.abs(part) > Math.abs(largest)) largest = part;
  if (largest < 0) for (let i = 0; i < axis.length; i++) axis[i] = -(axis[i] as number);
}
