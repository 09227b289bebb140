import { expect, it } from 'vitest';
import type { ImportColumn } from '../../domain/import.ts';
import { columnsFor, mappedNames, missingWords, remapped } from './fields.ts';
import {
  chunkWords,
  freeName,
  importedWords,
  originalWords,
  progressWords,
  vectorCheckWords,
  vectorWords,
} from './words.ts';

const column = (name: string, kind: ImportColumn['kind']): ImportColumn => ({ name, kind, samples: [] });
const COLUMNS = [
  column('vector', 'vector'),
  column('body', 'text'),
  column('page', 'other'),
  column('n', 'number'),
];

it('a field is offered the columns that may hold it, and the one that it has', () => {
  const names = (...args: Parameters<typeof columnsFor>) => columnsFor(...args).map(({ name }) => name);
  expect(names('embedding', COLUMNS)).toEqual(['vector']);
  expect(names('page', COLUMNS)).toEqual(['page', 'n']);
  expect(names('text', COLUMNS, 'n')).toEqual(['body', 'n']);
});

it('what is missing is asked for, the vectors first', () => {
  expect(missingWords({}, [column('a', 'text')])).toMatch(/^No column of this file holds vectors/);
  expect(missingWords({}, [column('a', 'vector')])).toBe('Choose the column that holds the vectors.');
  expect(missingWords({ embedding: 'a' }, [column('a', 'vector')])).toMatch(/^No column .* holds texts/);
  expect(missingWords({ embedding: 'vector' }, COLUMNS)).toBe('Choose the column that holds the texts.');
  expect(missingWords({ embedding: 'vector', text: 'body' }, COLUMNS)).toBeUndefined();
});

it('a field takes another column, or none', () => {
  const mapping = { embedding: 'vector', page: 'n' };
  expect(remapped(mapping, 'page', 'page')).toEqual({ embedding: 'vector', page: 'page' });
  expect(remapped(mapping, 'page', undefined)).toEqual({ embedding: 'vector' });
  expect(mappedNames(remapped(mapping, 'file', 'body'))).toBe('File, Page');
});

it('an archive says what is not in it', () => {
  expect([chunkWords({ chunks: 1480, embedded: 1480 }), chunkWords({ chunks: 9, embedded: 4 })]).toEqual([
    '1,480',
    '9, 4 of them with a vector',
  ]);
  expect([
    originalWords({ originals: 0, files: 6 }),
    originalWords({ originals: 2, files: 6 }),
    originalWords({ originals: 6, files: 6 }),
  ]).toEqual(['not in it', 'of 2 of 6 files', 'of all 6 files']);
});

it('a cosine is never said to be more than it is', () => {
  expect(vectorCheckWords({ texts: 4, least: 0.999_99, agree: true }, 'tiny')).toBe(
    '4 texts embedded anew with tiny: cosine at least 0.9999. These are its vectors.',
  );
  expect(vectorCheckWords({ texts: 4, least: -0.012_39, agree: false }, 'tiny')).toMatch(
    /cosine as low as -0\.0124\. .* will not find them\.$/,
  );
});

it('the end says what came in, what was there, and new names', () => {
  const report = { collectionId: 'c', created: false, fileIds: ['a', 'b'], chunks: 1480, unchanged: 1 };
  expect(importedWords({ ...report, renamed: [['a.md', 'a (2).md']] })).toEqual({
    text: '1,480 chunks of 2 files imported · 1 file already here, unchanged.',
    details: ['a.md is kept as a (2).md: its name was taken.'],
  });
  expect(importedWords({ ...report, fileIds: [], unchanged: 6, renamed: [] }).text).toBe(
    '6 files already here, unchanged.',
  );
  expect(importedWords({ ...report, fileIds: [], unchanged: 0, renamed: [] }).text).toBe(
    'There was nothing to import.',
  );
});

it('a vector is shown by its first numbers', () => {
  expect(vectorWords([0.123_456_789, -4e-9, 1, 2, 3])).toBe('[0.1235, -4e-9, 1, 2, …]');
});

it('a new collection gets a name of its own', () => {
  const taken = new Set(['Notes', 'Notes (2)']);
  expect([freeName('Notes', taken), freeName('Letters', taken)]).toEqual(['Notes (3)', 'Letters']);
});

it('progress is told by what is counted, and how long it will take', () => {
  const progress = { done: 15_000, total: 200_000, share: 0.1, secondsLeft: 119 };
  expect(progressWords(progress, 'row')).toBe('15,000 of 200,000 rows · 2 min left');
  expect(progressWords({ done: 15_000, total: 0, share: 0.1 }, 'row')).toBe('15,000 rows');
  expect(progressWords({ done: 0, total: 0, share: 0.1 }, 'row')).toBe('Reading');
});

it('a column that says the same of every row is not offered as texts', () => {
  const said: ImportColumn = { ...column('object', 'text'), constant: true };
  expect(columnsFor('text', [said])).toEqual([]);
  expect(missingWords({ embedding: 'vector' }, [column('vector', 'vector'), said])).toMatch(
    /^No column .* texts/,
  );
});
