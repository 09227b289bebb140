import { expect, test } from 'vitest';
import type { ModelInfo } from '../../domain/model.ts';
import { aliasProblem, cleanAlias, nameFor } from './names.ts';

const model = (id: string, name: string, quantization: string) => ({ id, name, quantization }) as ModelInfo;
const first = model('aa', 'Notes', 'Q8_0');
const second = model('bb', 'Notes', 'F16');
const third = model('cc', 'Notes', 'F16');
const own = { aa: ['notes', 'notes-q8_0'], bb: ['notes', 'notes-f16'], cc: ['notes', 'notes-f16'] };
const names = { own, aliases: { mine: 'bb', old: 'zz' } };
const models = [first, second, third];

test('a name is compared as the API compares it', () => {
  expect(cleanAlias('  Text-Embedding-3 ')).toBe('text-embedding-3');
});

test('an empty, spaced, long or taken name is refused with a sentence', () => {
  expect(aliasProblem('', names, models)).toBe('Type a name first.');
  expect(aliasProblem('two words', names, models)).toMatch(/no spaces/);
  expect(aliasProblem('a'.repeat(101), names, models)).toMatch(/100 characters/);
  expect(aliasProblem('notes-f16', names, models)).toMatch(/already means Notes/);
  expect(aliasProblem('mine', names, models)).toMatch(/already means Notes/);
  expect(aliasProblem('old', names, models)).toMatch(/no longer here/);
  expect(aliasProblem('bb', names, models)).toMatch(/already means/);
});

test('a free name is taken, whatever objects inherit', () => {
  for (const free of ['new', 'constructor', '__proto__', 'org/model:1.0']) {
    expect(aliasProblem(free, names, models)).toBeUndefined();
  }
});

test('examples name a model so that the API finds this one', () => {
  expect(nameFor(first, own)).toBe('Notes');
  expect(nameFor(second, own)).toBe('Notes-F16');
  expect(nameFor(third, own)).toBe('cc');
});
