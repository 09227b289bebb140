import { expect, it } from 'vitest';
import { narrowingWords } from './filters.ts';

const rows = new Map([['a', { path: 'notes/bees.txt' }]]);
const offered = [{ id: 'pdf', name: 'PDF' }];
const none = { files: [], folder: undefined, formats: [] };
const wordsOf = (narrowing: Partial<typeof none> | object) =>
  narrowingWords({ ...none, ...narrowing }, rows, offered).map(({ words }) => words);

it('what is left out is said, each by itself', () => {
  expect(wordsOf({})).toEqual([]);
  expect(wordsOf({ files: ['a'] })).toEqual(['Only in bees.txt']);
  expect(wordsOf({ files: ['gone'] })).toEqual(['Only in a file that is gone']);
  expect(wordsOf({ files: ['a', 'b'], folder: 'notes/', formats: ['pdf', 'later'] })).toEqual([
    'Only in 2 files',
    'Only in notes/',
    'Only PDF, later',
  ]);
});

it('letting one go leaves the others', () => {
  const set = { files: ['a'], folder: 'notes/', formats: ['pdf'] };
  for (const { without } of narrowingWords(set, rows, offered)) {
    expect(narrowingWords({ ...set, ...without }, rows, offered)).toHaveLength(2);
  }
});
