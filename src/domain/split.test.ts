import { expect, test } from 'vitest';
import { groupParts, splitName } from './split.ts';

test('a part of a split GGUF names all its parts', () => {
  expect(splitName('q8/m-00002-of-00003.gguf')).toEqual({
    stem: 'q8/m',
    part: 2,
    parts: 3,
    names: ['q8/m-00001-of-00003.gguf', 'q8/m-00002-of-00003.gguf', 'q8/m-00003-of-00003.gguf'],
  });
});

test.each([
  'm.gguf',
  'm-00004-of-00003.gguf',
  'm-00000-of-00003.gguf',
  'm-1-of-3.gguf',
  'm-00001-of-00003.bin',
])('%s is no part', name => expect(splitName(name)).toBeUndefined());

test('parts are put together in order, by name, number of parts and folder', () => {
  const names = [
    'm-00002-of-00002.gguf',
    'a.gguf',
    'x/m-00001-of-00002.gguf',
    'm-00001-of-00002.gguf',
    'm-00001-of-00003.gguf',
  ];
  expect(groupParts(names, name => name)).toEqual([
    ['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf'],
    ['a.gguf'],
    ['x/m-00001-of-00002.gguf'],
    ['m-00001-of-00003.gguf'],
  ]);
});
