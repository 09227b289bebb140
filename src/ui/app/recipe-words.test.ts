import { expect, it } from 'vitest';
import type { Recipe } from '../../domain/recipe.ts';
import { appliedWords, cancelledWords, planWords, rechunks, underWayWords } from './recipe-words.ts';

const recipe: Recipe = {
  modelId: 'm',
  strategy: 'recursive',
  chunkSize: 200,
  overlap: 20,
  embedHeadings: false,
  documentPrefix: '',
  queryPrefix: '',
  pooling: 'mean',
  normalize: true,
  dimensions: 384,
  versions: { parser: 1, chunker: 1, tokenizer: 1 },
};

it('what is said of a change depends on what it costs', () => {
  expect(appliedWords(recipe, { ...recipe, queryPrefix: 'query: ' })).toBe(
    'Applied. Nothing had to be embedded again.',
  );
  expect(appliedWords(recipe, { ...recipe, chunkSize: 100 })).toMatch(/^The new chunking /);
  expect(appliedWords(recipe, { ...recipe, pooling: 'cls' })).toMatch(/^The new recipe /);
  expect(underWayWords(recipe, { ...recipe, chunkSize: 100 })).toMatch(/being chunked anew/);
  expect(underWayWords(recipe, { ...recipe, modelId: 'n' })).toMatch(/being embedded anew/);
  expect(cancelledWords(recipe, { ...recipe, dimensions: 128 })).toMatch(/keeps its old recipe/);
});

it('a change of pooling leaves the chunks; one of their size does not', () => {
  expect(rechunks(recipe, { ...recipe, pooling: 'cls', modelId: 'n' })).toBe(false);
  expect(rechunks(recipe, { ...recipe, overlap: 0 })).toBe(true);
  // Headings take room in a chunk.
  expect(rechunks(recipe, { ...recipe, embedHeadings: true })).toBe(true);
});

it('a plan without work says so', () => {
  const none = { files: 0, chunks: 212, toEmbed: 0, tokensToEmbed: 0, sentences: 0 };
  expect(planWords(none)).toBe('Nothing to embed again.');
  expect(planWords({ ...none, files: 14, toEmbed: 180, seconds: 4 })).toBe(
    '212 chunks in 14 files, 180 to embed again, about 4 s',
  );
  expect(planWords({ ...none, files: 1, toEmbed: 180, sentences: 900, seconds: 8 })).toBe(
    '212 chunks in 1 file, 180 to embed again, after 900 sentences, about 8 s',
  );
});
