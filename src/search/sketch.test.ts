import { describe, expect, it } from 'vitest';
import { cosine } from './exact.ts';
import { VectorMatrix } from './matrix.ts';
import { ranked } from './ranking.ts';
import { Sketch } from './sketch.ts';
import { madeVectors } from './testing.ts';

const ROWS = 10_000;
const rowOf = (vectors: Float32Array, dimensions: number, row: number) =>
  vectors.subarray(row * dimensions, (row + 1) * dimensions);

/** Vectors of each kind that a model, or somebody who means harm, could give. */
const KINDS: Record<string, (dimensions: number) => Float32Array> = {
  'in all directions': dimensions => madeVectors(ROWS, dimensions, 1),
  'nearly all in one direction': dimensions => {
    const away = madeVectors(1, dimensions, 2);
    return madeVectors(ROWS, dimensions, 3).map(
      (value, i) => value * 0.05 + (away[i % dimensions] as number),
    );
  },
  'of a few texts, over and over': dimensions => {
    const few = madeVectors(7, dimensions, 4);
    return madeVectors(ROWS, dimensions, 5).map((value, i) => value * 1e-2 + (few[i % few.length] as number));
  },
  'some of one number alone, of all sizes': dimensions =>
    madeVectors(ROWS, dimensions, 6).map((value, i) => {
      const row = Math.floor(i / dimensions);
      if (row % 3 === 0) return i % dimensions === row % dimensions ? value + 1 : 0;
      return value * 10 ** ((row % 17) - 8);
    }),
};

describe('nearest by a sketch', () => {
  for (const [name, make] of Object.entries(KINDS)) {
    it.each([20, 385])(`are those of 64 bits: vectors ${name}, %i dimensions`, async dimensions => {
      const vectors = make(dimensions);
      const matrix = await VectorMatrix.create(dimensions);
      matrix.set(0, vectors);
      matrix.remove({ first: 40, end: 70 });
      matrix.set(50, rowOf(vectors, dimensions, 9000));
      const held = (row: number) => rowOf(vectors, dimensions, row === 50 ? 9000 : row);
      for (const query of [madeVectors(1, dimensions, 77), rowOf(vectors, dimensions, 4321)]) {
        const rows = Array.from({ length: ROWS }, (_, row) => row).filter(row => matrix.has(row));
        expect(rows).toHaveLength(ROWS - 29);
        const wanted = ranked(
          rows,
          rows.map(row => cosine(query, held(row))),
          10,
        );
        const found = matrix.topK(query, 10);
        for (const [i, score] of wanted.scores.entries()) expect(found.scores[i]).toBeCloseTo(score, 12);
        const scores = Array.from(found.rows, row => cosine(query, held(row)));
        expect(scores).toEqual([...found.scores]);
      }
    });
  }

  it('are looked for among few rows', async () => {
    const dimensions = 384;
    const vectors = madeVectors(ROWS, dimensions, 8);
    const sketch = await Sketch.create(dimensions);
    sketch.reserve(ROWS);
    sketch.set(
      0,
      vectors,
      Float32Array.from({ length: ROWS }, (_, row) => 1 / Math.hypot(...rowOf(vectors, dimensions, row))),
    );
    const all = [{ first: 0, end: ROWS }];
    const rows = sketch.candidates(madeVectors(1, dimensions, 9), 10, all);
    expect(rows?.length).toBeGreaterThanOrEqual(10);
    expect(rows?.length).toBeLessThan(ROWS / 20);
    sketch.remove({ first: 0, end: ROWS });
    expect(sketch.candidates(madeVectors(1, dimensions, 9), 10, all)).toEqual([]);
  });

  it('go without one where the budget is too small for it', async () => {
    const dimensions = 64;
    const vectors = madeVectors(ROWS, dimensions, 10);
    const own = ROWS * (dimensions * 4 + 20);
    const [small, large] = await Promise.all(
      [own + 300_000, own * 2].map(budget => VectorMatrix.create(dimensions, { budget })),
    );
    for (const matrix of [small, large]) matrix?.set(0, vectors);
    expect(small?.packing).toBe('float32');
    expect(small?.bytes).toBeLessThanOrEqual(own + 300_000);
    expect(large?.bytes).toBeGreaterThan(own + ROWS * dimensions);
    const query = madeVectors(1, dimensions, 11);
    expect(small?.topK(query, 10)).toEqual(large?.topK(query, 10));
  });
});
