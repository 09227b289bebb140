import { expect, it } from 'vitest';
import { type Compared, nearDuplicates, outliers } from './duplicates.ts';
import { cosine } from './exact.ts';

const DIMENSIONS = 96;
const rest = async () => {};

/** Seeded numbers around 0. */
function generator(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

const random = generator(7);
const vectorOf = () => Float32Array.from({ length: DIMENSIONS }, random);

/** Rows that are held as they are. */
const held = (vectors: readonly Float32Array[]): Compared => ({
  vector: row => vectors[row],
  between: (a, b) => cosine(vectors[a] ?? [], vectors[b] ?? []),
});

/** A vector with a cosine of about .98 to another. */
const nearTo = (vector: Float32Array) => vector.map(value => value + random() * 0.2);

it('finds what says nearly the same, in groups, and nothing else', async () => {
  const vectors = Array.from({ length: 1500 }, vectorOf);
  const expected = [
    [3, 700, 701, 1499],
    [10, 11],
    [42, 900],
  ];
  for (const [first, ...others] of expected as [number, ...number[]][]) {
    for (const other of others) vectors[other] = nearTo(vectors[first] as Float32Array);
  }
  const rows = vectors.map((_, row) => row);
  const groups = await nearDuplicates(rows, held(vectors), { threshold: 0.95, rest });
  expect(groups).toEqual(expected);
  expect(await nearDuplicates(rows, held(vectors), { threshold: 0.95, rest })).toEqual(groups);
  expect(await nearDuplicates([1, 2, 5], held(vectors), { rest })).toEqual([]);
  expect(await nearDuplicates([1, 2], held([]), { rest })).toEqual([]);
});

it('names every row of what is said a thousand times once, and finds nearly all pairs among many', async () => {
  const same = vectorOf();
  const vectors = Array.from({ length: 12_000 }, (_, row) => (row % 40 === 7 ? same : vectorOf()));
  for (let row = 0; row < 2_000; row += 40) vectors[row + 6_001] = nearTo(vectors[row] as Float32Array);
  const rows = vectors.map((_, row) => row);
  const [largest, ...pairs] = await nearDuplicates(rows, held(vectors), { rest });
  expect(largest).toEqual(rows.filter(row => row % 40 === 7));
  expect(pairs.every(([a, b]) => b === (a ?? 0) + 6_001)).toBe(true);
  expect(pairs.length).toBeGreaterThan(45);
});

it('gives others a turn, and ends where they say so', async () => {
  const vectors = Array.from({ length: 2000 }, vectorOf);
  const stop = async () => {
    throw new DOMException('Enough.', 'AbortError');
  };
  const rows = vectors.map((_, row) => row);
  await expect(nearDuplicates(rows, held(vectors), { rest: stop })).rejects.toThrow('Enough.');
});

it('names the rows that are like no others', async () => {
  const theme = vectorOf();
  const vectors = Array.from({ length: 300 }, () => nearTo(theme));
  vectors[17] = theme.map(value => -value);
  vectors[200] = vectorOf();
  const rows = vectors.map((_, row) => row);
  const found = await outliers(rows, row => vectors[row], 2, rest);
  expect(found.map(({ row }) => row)).toEqual([17, 200]);
  expect(found[0]?.cosine).toBeLessThan(-0.9);
});
