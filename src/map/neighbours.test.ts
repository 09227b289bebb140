import { expect, it } from 'vitest';
import { descend, findNeighbours } from './neighbours.ts';
import { seededRandom } from './random.ts';

const WIDTH = 16;

function randomRows(count: number, centres: number): Float32Array {
  const random = seededRandom(3);
  const middle = Float32Array.from({ length: centres * WIDTH }, () => 4 * random());
  return Float32Array.from({ length: count * WIDTH }, (_, i) => {
    const row = Math.floor(i / WIDTH);
    return (middle[(row % centres) * WIDTH + (i % WIDTH)] ?? 0) + random();
  });
}

/** The nearest of one row by sorting all. */
function sorted(rows: Float32Array, row: number, k: number): number[] {
  const squares = Array.from({ length: rows.length / WIDTH }, (_, other) => {
    let sum = 0;
    for (let i = 0; i < WIDTH; i++)
      sum += ((rows[row * WIDTH + i] ?? 0) - (rows[other * WIDTH + i] ?? 0)) ** 2;
    return { other, sum };
  });
  return squares
    .filter(({ other }) => other !== row)
    .sort((a, b) => a.sum - b.sum)
    .slice(0, k)
    .map(({ other }) => other);
}

it('few rows: the neighbours are the nearest, nearest first', () => {
  const rows = randomRows(300, 5);
  const { indexes, k } = findNeighbours(rows, WIDTH, 10);
  for (let row = 0; row < 300; row += 7)
    expect(Array.from(indexes.subarray(row * k, (row + 1) * k))).toEqual(sorted(rows, row, 10));
});

it('by descent: nearly all neighbours are the nearest, and twice the same', () => {
  const rows = randomRows(2_000, 20);
  const { indexes, k } = descend(rows, WIDTH, 15);
  let found = 0;
  for (let row = 0; row < 2_000; row += 40) {
    const mine = new Set(indexes.subarray(row * k, (row + 1) * k));
    found += sorted(rows, row, k).filter(other => mine.has(other)).length;
  }
  expect(found / (50 * k)).toBeGreaterThan(0.95);
  expect(descend(rows, WIDTH, 15).indexes).toEqual(indexes);
});

it('fewer rows than neighbours, and rows that are all alike', () => {
  expect(findNeighbours(randomRows(4, 1), WIDTH, 10).k).toBe(3);
  expect(findNeighbours(randomRows(1, 1), WIDTH, 10).k).toBe(0);
  const alike = descend(new Float32Array(1_000 * WIDTH), WIDTH, 5);
  expect(alike.indexes.every(index => index >= 0)).toBe(true);
});
