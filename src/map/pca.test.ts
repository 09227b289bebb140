import { expect, it } from 'vitest';
import { createCovariance } from './covariance.ts';
import { eigenOfSmall } from './jacobi.ts';
import { principalAxes, project } from './pca.ts';
import { seededRandom } from './random.ts';

/** Rows of random numbers with an own spread along every axis, turned so that no axis is a coordinate's. */
function randomRows(count: number, dimensions: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const normal = () => random() + random() + random() + random() - 2;
  const turn = Float64Array.from({ length: dimensions * dimensions }, normal);
  const rows = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const own = Array.from({ length: dimensions }, (_, k) => normal() / (1 + k));
    for (let i = 0; i < dimensions; i++) {
      let value = i / dimensions;
      for (let k = 0; k < dimensions; k++) value += (turn[i * dimensions + k] ?? 0) * (own[k] ?? 0);
      rows[row * dimensions + i] = value;
    }
  }
  return rows;
}

/** The covariance by its definition. */
function plainCovariance(rows: Float32Array, d: number): Float64Array {
  const count = rows.length / d;
  const at = (row: number, i: number) => rows[row * d + i] ?? 0;
  const mean = Array.from({ length: d }, (_, i) => {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += at(row, i);
    return sum / count;
  });
  return Float64Array.from({ length: d * d }, (_, ij) => {
    const [i, j] = [Math.floor(ij / d), ij % d];
    let sum = 0;
    for (let row = 0; row < count; row++)
      sum += (at(row, i) - (mean[i] ?? 0)) * (at(row, j) - (mean[j] ?? 0));
    return sum / count;
  });
}

function covarianceOf(rows: Float32Array, d: number, batch = 100) {
  const covariance = createCovariance(d);
  for (let at = 0; at < rows.length; at += batch * d) {
    const some = rows.subarray(at, at + batch * d);
    covariance.add(some, some.length / d);
  }
  return covariance.finish();
}

it.each([1, 7, 40])('covariances are those of the definition, %i rows a batch', batch => {
  const rows = randomRows(333, 21, 5);
  const { matrix } = covarianceOf(rows, 21, batch);
  const expected = plainCovariance(rows, 21);
  for (let i = 0; i < matrix.length; i++) expect(matrix[i]).toBeCloseTo(expected[i] ?? 0, 9);
});

it.each([
  [500, 40, 6],
  [800, 96, 32],
  [20, 12, 12],
])('axes of %i × %i are those of a full eigen decomposition', (count, d, wanted) => {
  const rows = randomRows(count, d, 11);
  const axes = principalAxes(covarianceOf(rows, d), wanted);
  const { values, vectors } = eigenOfSmall(plainCovariance(rows, d), d);
  expect(axes.count).toBe(wanted);
  for (let axis = 0; axis < wanted; axis++) {
    const expected = values[axis] ?? 0;
    expect(Math.abs((axes.variances[axis] ?? 0) - expected)).toBeLessThan(1e-6 * (values[0] ?? 0));
    let cosine = 0;
    for (let i = 0; i < d; i++) cosine += (axes.directions[axis * d + i] ?? 0) * (vectors[i * d + axis] ?? 0);
    // Where two variances are almost one, their axes are anyone's choice; here none are.
    expect(Math.abs(cosine)).toBeGreaterThan(0.999);
  }
});

it('a projection has the variances of its axes and no mean', () => {
  const [count, d] = [700, 30];
  const rows = randomRows(count, d, 3);
  const axes = principalAxes(covarianceOf(rows, d), 4);
  const flat = new Float32Array(count * 4);
  project(axes, rows.subarray(0, 300 * d), 300, flat, 0);
  project(axes, rows.subarray(300 * d), 400, flat, 300);
  for (let axis = 0; axis < 4; axis++) {
    const along = Array.from({ length: count }, (_, row) => flat[row * 4 + axis] ?? 0);
    const mean = along.reduce((sum, v) => sum + v, 0) / count;
    const variance = along.reduce((sum, v) => sum + v * v, 0) / count;
    expect(Math.abs(mean)).toBeLessThan(1e-5);
    expect(variance / (axes.variances[axis] ?? 1)).toBeCloseTo(1, 4);
  }
});

it('the same rows give the same bits, however they are batched', () => {
  const rows = randomRows(400, 24, 9);
  expect(principalAxes(covarianceOf(rows, 24, 64), 8)).toEqual(principalAxes(covarianceOf(rows, 24, 1), 8));
});

it('rows that do not differ, or differ in one direction only, have axes too', () => {
  const same = principalAxes(covarianceOf(new Float32Array(50).fill(0.5), 5), 2);
  expect(same.variances.every(v => v < 1e-12)).toBe(true);
  const line = Float32Array.from({ length: 50 }, (_, i) => (i % 5 === 2 ? i : 0));
  const axes = principalAxes(covarianceOf(line, 5), 2);
  expect(Array.from(axes.directions.subarray(0, 5), part => Math.round(part) + 0)).toEqual([0, 0, 1, 0, 0]);
  const flat = new Float32Array(20);
  project(axes, line, 10, flat, 0);
  expect(flat.every(Number.isFinite)).toBe(true);
});
