import { expect, it } from 'vitest';
import { lineStarts } from '../../domain/lines.ts';
import { linesWords, pickedWords } from './citation.ts';

it('lines are said from 1, the line of the last character included', () => {
  const starts = lineStarts(['one\ntwo\n', 'three\n']);
  expect(linesWords(starts, { start: 0, end: 3 })).toBe('1');
  expect(linesWords(starts, { start: 2, end: 9 })).toBe('1–3');
  // The line end belongs to the line that it ends.
  expect(linesWords(starts, { start: 4, end: 8 })).toBe('2');
});

it('a strategy is said where the recipe leaves it open or it could not be had', () => {
  const strategies = [
    { id: 'auto', name: 'Automatic' },
    { id: 'semantic', name: 'By meaning' },
    { id: 'markdown', name: 'By sections' },
    { id: 'recursive', name: 'By structure' },
  ];
  expect(pickedWords({}, { strategy: 'recursive' }, strategies)).toBeUndefined();
  expect(pickedWords({ picked: 'markdown' }, { strategy: 'auto' }, strategies)).toBe(
    'by sections, picked automatically',
  );
  expect(pickedWords({ picked: 'recursive' }, { strategy: 'semantic' }, strategies)).toBe(
    'by structure, not by meaning',
  );
});
