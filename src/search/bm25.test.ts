import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeywordIndex } from './bm25.ts';
import type { RowRange } from './ranges.ts';
import { queryTerms } from './terms.ts';

/** BM25 as its formula is written, word by word, over texts of plain words. */
function reference(texts: ReadonlyMap<number, string>, query: string[], beginning?: string) {
  const words = new Map([...texts].map(([row, text]) => [row, text.split(' ').filter(Boolean)]));
  const total = [...words.values()].reduce((sum, { length }) => sum + length, 0);
  const parts: [(word: string) => boolean, number][] = [...new Set(query)].map(term => [
    word => word === term,
    1,
  ]);
  if (beginning) parts.push([word => word.startsWith(beginning), 0.5]);
  const scores = new Map<number, number>();
  for (const [matches, weight] of parts) {
    const having = [...words].filter(([, list]) => list.some(matches)).length;
    const idf = Math.log(1 + (words.size - having + 0.5) / (having + 0.5));
    for (const [row, list] of words) {
      const f = list.filter(matches).length;
      const score = (weight * idf * f * 2.2) / (f + 1.2 * (0.25 + (0.75 * list.length * words.size) / total));
      if (f > 0) scores.set(row, (scores.get(row) ?? 0) + score);
    }
  }
  return [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

function expectSame(
  index: KeywordIndex,
  query: string,
  wanted: [number, number][],
  typing = false,
  within?: RowRange[],
) {
  const { rows, scores } = index.topK(queryTerms(query, typing), 10, within);
  expect(scores.length).toBe(Math.min(10, wanted.length));
  for (const [i, score] of scores.entries()) {
    expect(score).toBeCloseTo(wanted[i]?.[1] as number, 9);
    // Equal scores may differ in their last bit.
    const same = wanted.filter(([, other]) => Math.abs(other - score) < 1e-9).map(([row]) => row);
    expect(same).toContain(rows[i]);
  }
}

const WORDS = ['sea', 'seal', 'season', 'a', 'harbour', 'harvest', 'lock', 'locks', 'tide', 'bird'];
const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 30 }).map(words => words.join(' '));

describe('KeywordIndex', () => {
  it('ranks as the formula does, whatever was set, set again and removed', async () => {
    const change = fc.record({ row: fc.nat(40), text: fc.option(text, { nil: undefined, freq: 3 }) });
    const query = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 60 }),
        query,
        fc.boolean(),
        async (changes, words, typing) => {
          const index = new KeywordIndex();
          const texts = new Map<number, string>();
          for (const { row, text } of changes) {
            if (text === undefined) {
              index.remove({ first: row, end: row + 3 });
              for (let i = 0; i < 3; i++) texts.delete(row + i);
            } else {
              index.set(row, text);
              texts.set(row, text);
            }
          }
          expect(index.count).toBe(texts.size);
          const last = words.at(-1) as string;
          const wanted = reference(texts, words, typing && last.length > 1 ? last : undefined);
          expectSame(index, words.join(' '), wanted, typing);
          const some = wanted.filter(([row]) => row >= 5 && row < 20);
          expectSame(index, words.join(' '), some, typing, [{ first: 5, end: 20 }]);

          const pieces: Uint8Array[] = [];
          for await (const piece of index.save()) pieces.push(piece);
          const loaded = await KeywordIndex.load(pieces);
          expectSame(loaded, words.join(' '), wanted, typing);
          loaded.set(50, 'lock sea');
          expectSame(loaded, 'sea', reference(new Map([...texts, [50, 'lock sea']]), ['sea']));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('ranks the same after most texts came and went, and does not grow by them', () => {
    const textOf = (row: number) =>
      Array.from({ length: 20 }, (_, i) => `word${(row * 7 + i * i) % 97}`).join(' ');
    const fresh = new KeywordIndex();
    const used = new KeywordIndex();
    for (let row = 0; row < 3000; row++) fresh.set(row, textOf(row));
    for (let round = 5; round >= 0; round--) {
      for (let row = 0; row < 3000; row++) used.set(row, textOf(row + round));
    }
    const query = queryTerms('word5 word50 word9', true);
    expect(used.count).toBe(3000);
    expect(used.topK(query, 20)).toEqual(fresh.topK(query, 20));
    expect(used.frequency('word5')).toBe(fresh.frequency('word5'));
    expect(used.bytes).toBeLessThan(2.5 * fresh.bytes);
  });

  it('keeps to its budget, made or loaded', async () => {
    const budget = 300_000;
    const index = new KeywordIndex({ budget });
    let rows = 0;
    const fill = () => {
      for (; rows < 1e6; rows++) index.set(rows, `word${rows % 5000} word${(rows * 7) % 911} of all`);
    };
    expect(fill).toThrow('More words than 0 MB');
    expect(index.count).toBe(rows);
    expect(rows).toBeGreaterThan(3_000);
    expect(index.bytes).toBeLessThan(1.3 * budget);
    expect(index.frequency('all')).toBe(rows);
    const pieces: Uint8Array[] = [];
    for await (const piece of index.save()) pieces.push(piece);
    await expect(KeywordIndex.load(pieces, { budget: 50_000 })).rejects.toThrow('More words');
    expect((await KeywordIndex.load(pieces, { budget: 1e6 })).frequency('all')).toBe(rows);
  });
});
