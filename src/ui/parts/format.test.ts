import { expect, it } from 'vitest';
import { compact, duration, percent, plural, size, splitPath } from './format.ts';

it('sizes read as people say them', () => {
  expect([0, 1, 999, 1000, 1_234_567, 25_282_304, 999_600, 3_100_000_000].map(size)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '1.2 MB',
    '25 MB',
    '1.0 MB',
    '3.1 GB',
  ]);
});

it('times lose what does not matter', () => {
  expect([0, 4.2, 59.7, 170, 3600, 4000].map(duration)).toEqual([
    '1 s',
    '4 s',
    '1 min',
    '3 min',
    '1 h',
    '1 h 7 min',
  ]);
});

it('counts agree with their nouns', () => {
  expect(plural(1, 'file')).toBe('1 file');
  expect(plural(2000, 'file')).toBe('2,000 files');
  expect(plural(0, 'reply', 'replies')).toBe('0 replies');
  expect(compact(4912)).toBe('4.9k');
  expect(percent(0.341)).toBe('34%');
});

it('a path is folders and a name', () => {
  expect(splitPath('a/b/c.md')).toEqual(['a/b/', 'c.md']);
  expect(splitPath('c.md')).toEqual(['', 'c.md']);
});
