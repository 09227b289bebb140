import { expect, it } from 'vitest';
import { lengthsOf, lengthWords } from './lengths.ts';

it('every chunk is in one bin, full ones in the last', () => {
  const lengths = lengthsOf(Uint32Array.of(200, 1, 50, 51, 200, 199), 200, 4);
  expect(lengths).toEqual({ least: 1, median: 51, most: 200, bins: [2, 1, 0, 3] });
  expect(lengthWords(lengths)).toBe('Shortest 1, median 51, longest 200 tokens');
});

it('nothing breaks where the scale ends before a chunk does, or there is one length only', () => {
  expect(lengthsOf(Uint32Array.of(90), 20, 4).bins).toEqual([0, 0, 0, 1]);
  expect(lengthWords(lengthsOf(Uint32Array.of(90, 90), 200, 4))).toBe('90 tokens each');
});
