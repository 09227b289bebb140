import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosine, VectorMatrix } from './matrix.ts';
import { madeVectors } from './testing.ts';

const golden: { texts: { vector: number[] }[] } = JSON.parse(
  readFileSync(new URL('../embed/golden.json', import.meta.url), 'utf8'),
);

/** The rows that a plain computation in 64 bits finds. */
function expected(vectors: ReadonlyMap<number, Float32Array>, query: Float32Array, k: number) {
  return [...vectors]
    .map(([row, vector]) => ({ row, score: cosine(query, vector) }))
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, k);
}

/** The same rows in the same order, unless their scores are the same but for rounding. */
function expectSame(
  { rows, scores }: { rows: Int32Array; scores: Float64Array },
  vectors: ReadonlyMap<number, Float32Array>,
  query: Float32Array,
  k: number,
) {
  const wanted = expected(vectors, query, k);
  expect(rows.length).toBe(wanted.length);
  for (const [i, { row, score }] of wanted.entries()) {
    expect(scores[i]).toBeCloseTo(score, 12);
    if (rows[i] !== row) {
      const other = vectors.get(rows[i] as number);
      expect(other && cosine(query, other)).toBeCloseTo(score, 12);
    }
  }
}

describe('VectorMatrix', () => {
  it.each([1, 3, 17, 384, 385, 768, 1024])('finds what 64 bits find, %i dimensions', async dimensions => {
    const matrix = await VectorMatrix.create(dimensions);
    const block = madeVectors(300, dimensions, 1);
    matrix.set(0, block);
    const vectors = new Map(
      Array.from({ length: 300 }, (_, i) => [i, block.subarray(i * dimensions, (i + 1) * dimensions)]),
    );
    for (let i = 0; i < 10; i++) {
      const query = madeVectors(1, dimensions, 100 + i);
      expectSame(matrix.topK(query, 10), vectors, query, 10);
    }
  });

  it('finds what 64 bits find among real vectors', async () => {
    const vectors = new Map(golden.texts.map(({ vector }, i) => [i, Float32Array.from(vector)]));
    const matrix = await VectorMatrix.create(384);
    for (const [row, vector] of vectors) matrix.set(row, vector);
    for (const query of vectors.values()) expectSame(matrix.topK(query, 10), vectors, query, 10);
  });

  it('finds what 64 bits find whatever was set, set again and removed', async () => {
    const change = fc.record({
      set: fc.boolean(),
      first: fc.nat(60),
      count: fc.integer({ min: 1, max: 20 }),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(change, { maxLength: 12 }),
        fc.array(fc.nat(80), { maxLength: 4 }),
        async (dimensions, changes, cuts) => {
          const matrix = await VectorMatrix.create(dimensions);
          const vectors = new Map<number, Float32Array>();
          for (const { set, first, count, seed } of changes) {
            const block = madeVectors(count, dimensions, seed);
            if (set) matrix.set(first, block);
            else matrix.remove({ first, end: first + count });
            for (let i = 0; i < count; i++) {
              if (set) vectors.set(first + i, block.subarray(i * dimensions, (i + 1) * dimensions));
              else vectors.delete(first + i);
            }
          }
          expect(matrix.count).toBe(vectors.size);
          const query = madeVectors(1, dimensions, 99);
          expectSame(matrix.topK(query, 7), vectors, query, 7);
          const within = cuts.map((cut, i) => ({ first: cut, end: cut + i * 5 }));
          const allowed = new Map(
            [...vectors].filter(([row]) => within.some(({ first, end }) => row >= first && row < end)),
          );
          expectSame(matrix.topK(query, 7, within), allowed, query, 7);
        },
      ),
      { numRuns: 150 },
    );
  });
});
