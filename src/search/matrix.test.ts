import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeywordIndex } from './bm25.ts';
import { cosine } from './exact.ts';
import { VectorMatrix } from './matrix.ts';
import { nearest } from './nearest.ts';
import { ranked } from './ranking.ts';
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
      { numRuns: 60 },
    );
  });

  it('leaves out rows that are all zeros or no numbers, and answers a query of zeros with nothing', async () => {
    const matrix = await VectorMatrix.create(3);
    matrix.set(
      0,
      Float32Array.of(0, 0, 0, Number.NaN, 1, 1, Number.POSITIVE_INFINITY, 0, 0, 1e-30, 0, 0, 2e20, 0, 0),
    );
    expect([0, 1, 2, 3, 4].map(row => matrix.has(row))).toEqual([false, false, false, true, true]);
    expect(matrix.topK(Float32Array.of(1, 0, 0), 9)).toEqual({
      rows: Int32Array.of(3, 4),
      scores: Float64Array.of(1, 1),
    });
    expect(matrix.scores(Float32Array.of(1, 0, 0))).toEqual(Float32Array.of(0, 0, 0, 1, 1));
    expect(matrix.topK(new Float32Array(3), 9).rows).toHaveLength(0);
  });

  it('finds the exact 10 best of 300,000 rows held as int8', async () => {
    const [count, dimensions] = [300_000, 24];
    const vectors = madeVectors(count, dimensions, 5);
    const matrix = await VectorMatrix.create(dimensions);
    for (let row = 0; row < count; row += 10_000) {
      matrix.set(row, vectors.subarray(row * dimensions, (row + 10_000) * dimensions));
    }
    expect(matrix.packing).toBe('int8');
    const vectorOf = (row: number) => vectors.subarray(row * dimensions, (row + 1) * dimensions);
    const read = async (rows: Int32Array) => {
      const result = new Float32Array(rows.length * dimensions);
      for (const [i, row] of rows.entries()) result.set(vectorOf(row), i * dimensions);
      return result;
    };
    for (let i = 0; i < 2; i++) {
      const query = madeVectors(1, dimensions, 1000 + i);
      const scores = Float64Array.from({ length: count }, (_, row) => cosine(query, vectorOf(row)));
      const tenth = scores.slice().sort().at(-10) as number;
      const rows = Array.from(scores.keys()).filter(row => (scores[row] as number) >= tenth);
      const wanted = ranked(
        rows,
        rows.map(row => scores[row] as number),
      );
      expect(await nearest(matrix, query, 10, read)).toEqual(wanted);
      const rounded = matrix.scores(query);
      expect(
        Math.max(
          ...wanted.rows.map((row, j) => Math.abs((rounded[row] as number) - (wanted.scores[j] as number))),
        ),
      ).toBeLessThan(0.01);
    }
  });

  it('keeps to its budget: int8 where float32 does not fit, and then no more', async () => {
    const dimensions = 64;
    const budget = 8e6;
    const matrix = await VectorMatrix.create(dimensions, { budget });
    const block = madeVectors(5000, dimensions, 2);
    let rows = 0;
    const fill = () => {
      for (; rows < 1e6; rows += 5000) matrix.set(rows, block);
    };
    expect(fill).toThrow('More vectors than 8 MB of memory hold');
    expect(matrix.packing).toBe('int8');
    expect(matrix.bytes).toBeLessThanOrEqual(budget);
    expect(rows * dimensions).toBeGreaterThan(budget * 0.8);
    expect(matrix.count).toBe(rows);
    expect(matrix.topK(block.subarray(0, dimensions), 1).rows).toEqual(Int32Array.of(0));
  });

  it.each(['float32', 'int8'] as const)(
    'gives the same answers after it was saved and loaded, %s',
    async packing => {
      const matrix = await VectorMatrix.create(33, { int8From: packing === 'int8' ? 0 : 1e6 });
      matrix.set(2, madeVectors(500, 33, 8));
      matrix.remove({ first: 7, end: 90 });
      const pieces = await piecesOf(matrix);
      const loaded = await VectorMatrix.load(pieces);
      const query = madeVectors(1, 33, 9);
      for (const each of [matrix, loaded]) each.set(600, madeVectors(40, 33, 3));
      expect(loaded.packing).toBe(packing);
      expect(loaded.count).toBe(457);
      expect(loaded.topK(query, 20)).toEqual(matrix.topK(query, 20));
      expect(loaded.scores(query)).toEqual(matrix.scores(query));
    },
  );

  it('refuses saved bytes that are damaged, cut off, missing or of two', async () => {
    const matrix = await VectorMatrix.create(8);
    matrix.set(0, madeVectors(40, 8, 1));
    const pieces = await piecesOf(matrix);
    const others = await piecesOf(matrix);
    const [first, second, third] = pieces as [Uint8Array, Uint8Array, Uint8Array];
    expect(pieces).toHaveLength(3);
    for (const piece of pieces) {
      for (const at of [0, 5, 9, 13, 17, 24, piece.length - 1]) {
        piece[at] = (piece[at] as number) ^ 4;
        await expect(VectorMatrix.load(pieces)).rejects.toThrow(/cannot be used/);
        piece[at] = (piece[at] as number) ^ 4;
      }
    }
    const broken = [[], [first], [first, third], [first, second], [first, second.subarray(0, 20), third]];
    for (const some of [...broken, [first, ...others.slice(1)], [...pieces, third], [first, third, second]]) {
      await expect(VectorMatrix.load(some)).rejects.toThrow(/cannot be used/);
    }
    await expect(KeywordIndex.load(pieces)).rejects.toThrow(/cannot be used/);
    expect((await VectorMatrix.load(pieces)).count).toBe(40);
  });
});

async function piecesOf(matrix: VectorMatrix): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of matrix.save()) pieces.push(piece);
  return pieces;
}
