import { expect, it } from 'vitest';
import { findNeighbours } from './neighbours.ts';
import { seededRandom } from './random.ts';
import { layOut } from './umap.ts';

const WIDTH = 32;
const CENTRES = 12;

/** Clusters that overlap in the plane of any two of their coordinates. */
function clusters(count: number): Float32Array {
  const random = seededRandom(5);
  const normal = () => random() + random() + random() + random() - 2;
  const middle = Float32Array.from({ length: CENTRES * WIDTH }, normal);
  return Float32Array.from({ length: count * WIDTH }, (_, i) => {
    const row = Math.floor(i / WIDTH);
    return (middle[(row % CENTRES) * WIDTH + (i % WIDTH)] ?? 0) + 0.5 * normal();
  });
}

function umapOf(rows: Float32Array): Float32Array {
  const count = rows.length / WIDTH;
  const plane = Float32Array.from({ length: 2 * count }, (_, i) => rows[(i >> 1) * WIDTH + (i % 2)] ?? 0);
  layOut(plane, findNeighbours(rows, WIDTH, 15));
  return plane;
}

/** How far neighbours in the plane are neighbours: 1 for all (Venna and Kaski 2001). */
function trustworthiness(rows: Float32Array, plane: Float32Array, k: number): number {
  const count = plane.length / 2;
  const order = (values: Float32Array, width: number, row: number) => {
    const squares = Array.from({ length: count }, (_, other) => {
      let sum = 0;
      for (let i = 0; i < width; i++)
        sum += ((values[row * width + i] ?? 0) - (values[other * width + i] ?? 0)) ** 2;
      return sum;
    });
    squares[row] = -1;
    return squares.map((_, i) => i).sort((a, b) => (squares[a] ?? 0) - (squares[b] ?? 0));
  };
  let strangers = 0;
  for (let row = 0; row < count; row++) {
    const ranks = new Int32Array(count);
    order(rows, WIDTH, row).forEach((other, rank) => {
      ranks[other] = rank;
    });
    for (const other of order(plane, 2, row).slice(1, k + 1))
      strangers += Math.max(0, (ranks[other] ?? 0) - k);
  }
  return 1 - (2 / (count * k * (2 * count - 3 * k - 1))) * strangers;
}

it('keeps neighbours together: trustworthiness above 0.9 where the start has little', () => {
  const rows = clusters(480);
  const start = Float32Array.from({ length: 960 }, (_, i) => rows[(i >> 1) * WIDTH + (i % 2)] ?? 0);
  expect(trustworthiness(rows, start, 10)).toBeLessThan(0.75);
  expect(trustworthiness(rows, umapOf(rows), 10)).toBeGreaterThan(0.9);
});

it('the same rows end in the same places, to the bit', () => {
  const rows = clusters(200);
  expect(umapOf(rows)).toEqual(umapOf(rows.slice()));
});

it('copies of one row, and very few rows, come to places that are numbers', () => {
  expect(umapOf(new Float32Array(50 * WIDTH)).every(Number.isFinite)).toBe(true);
  for (const count of [1, 2, 3, 5]) expect(umapOf(clusters(count)).every(Number.isFinite)).toBe(true);
});
