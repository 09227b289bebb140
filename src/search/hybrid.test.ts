import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byFile, diverse, folded } from './arrange.ts';
import { KeywordIndex } from './bm25.ts';
import { find } from './hybrid.ts';
import { VectorMatrix } from './matrix.ts';
import { Rows } from './ranges.ts';
import { queryTerms } from './terms.ts';

/** Three chunks with words and vectors; a fourth that has no vector yet. */
async function indexes() {
  const words = new KeywordIndex();
  for (const [row, text] of ['the lock keeper', 'the harbour', 'sluice warden', 'lock lock lock'].entries()) {
    words.set(row, text);
  }
  const matrix = await VectorMatrix.create(2);
  matrix.set(0, Float32Array.of(1, 0.5, 0, 1, 1, 0.1));
  return { words, matrix, read: () => Promise.reject(new Error('Rows are exact.')) };
}

const asked = { vector: Float32Array.of(1, 0), terms: queryTerms('lock'), most: 10 };

describe('find', () => {
  it('ranks by words alone, by meaning alone, and by both', async () => {
    const all = await indexes();
    const rows = async (balance: number) => (await find(all, { ...asked, balance })).map(({ row }) => row);
    expect(await rows(0)).toEqual([3, 0]);
    expect(await rows(1)).toEqual([2, 0, 1]);
    expect(await rows(0.5)).toEqual([0, 2, 3, 1]);
  });

  it('gives scores from 0 to 1 that are the weighted mean, with what they were made of', async () => {
    const all = await indexes();
    const found = await find(all, { ...asked, balance: 0.25 });
    const cosines = [1 / Math.hypot(1, 0.5), 0, 1 / Math.hypot(1, 0.1)];
    const best = all.words.scores(asked.terms)[3] as number;
    for (const { row, score, cosine, words } of found) {
      const meaning = (cosine ?? 0) / (cosines[2] as number);
      expect(score).toBeCloseTo(0.25 * meaning + (0.75 * (words ?? 0)) / best, 6);
      if (row < 3) expect(cosine).toBeCloseTo(cosines[row] as number, 6);
      else expect(cosine).toBeUndefined();
    }
    expect(found[0]).toMatchObject({ row: 3, score: 0.75 });
  });

  it('looks within the rows that are asked for, and with what there is', async () => {
    const all = await indexes();
    const within = [{ first: 0, end: 2 }];
    expect((await find(all, { ...asked, balance: 0.5, within })).map(({ row }) => row)).toEqual([0, 1]);
    expect(
      (await find({ ...all, matrix: undefined }, { ...asked, balance: 1 })).map(({ row }) => row),
    ).toEqual([3, 0]);
    const { vector: _, ...withoutVector } = asked;
    expect((await find(all, { ...withoutVector, balance: 1 })).map(({ row }) => row)).toEqual([3, 0]);
    const { terms: __, ...withoutTerms } = asked;
    expect((await find(all, { ...withoutTerms, balance: 0 })).map(({ row }) => row)).toEqual([2, 0, 1]);
    expect(await find({ read: all.read }, { ...asked, balance: 0.5 })).toEqual([]);
  });
});

describe('what is done with hits', () => {
  const vectors = [
    Float32Array.of(1, 0),
    Float32Array.of(2, 0.1),
    Float32Array.of(1, 1),
    Float32Array.of(0, 1),
  ];
  const vector = (row: number) => vectors[row];
  const found = [
    { row: 0, score: 0.9 },
    { row: 1, score: 0.8 },
    { row: 2, score: 0.5 },
    { row: 3, score: 0.4 },
    { row: 4, score: 0.3 },
  ];

  it('folds near duplicates and equal texts into the better hit', () => {
    const kept = folded(found, { vector, sameText: (a, b) => a === 2 && b === 4 });
    expect(kept.map(hit => [hit.row, hit.folded])).toEqual([
      [0, [1]],
      [2, [4]],
      [3, []],
    ]);
  });

  it('takes hits that differ, the more so the more that is asked for', () => {
    const rows = (diversity: number) => diverse(found, 3, diversity, { vector }).map(({ row }) => row);
    expect(rows(0)).toEqual([0, 1, 2]);
    expect(rows(0.5)).toEqual([0, 3, 4]);
  });

  it('puts hits of one file together', () => {
    expect(byFile(['b1', 'a1', 'b2', 'c1', 'a2'], hit => hit.slice(0, 1))).toEqual([
      'b1',
      'b2',
      'a1',
      'a2',
      'c1',
    ]);
  });
});

describe('Rows', () => {
  it('never gives a row twice, and gives back what was given back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 9 }), { maxLength: 60 }), steps => {
        let rows = new Rows();
        const taken: { first: number; end: number }[] = [];
        for (const step of steps) {
          if (step > 0) taken.push(rows.take(step));
          else if (step === -5) rows = new Rows(taken);
          else for (const range of taken.splice(-step, 1)) rows.give(range);
          const all = taken.flatMap(({ first, end }) =>
            Array.from({ length: end - first }, (_, i) => first + i),
          );
          expect(new Set(all).size).toBe(all.length);
          expect(rows.end).toBe(Math.max(0, ...taken.map(({ end }) => end)));
        }
      }),
    );
    const rows = new Rows([
      { first: 0, end: 3 },
      { first: 5, end: 9 },
    ]);
    expect(rows.take(3)).toEqual({ first: 9, end: 12 });
    expect(rows.take(2)).toEqual({ first: 3, end: 5 });
  });
});
