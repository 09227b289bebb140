import { expect, it } from 'vitest';
import { embeddingKey, type Recipe, recipeKey, sharesVectors, thresholdsOf, withModel } from './recipe.ts';

/** As stored by versions that knew no thresholds, with the keys that they stored. */
const stored: Recipe = {
  modelId: 'm',
  strategy: 'semantic',
  chunkSize: 200,
  overlap: 0,
  embedHeadings: true,
  documentPrefix: 'passage: ',
  queryPrefix: 'query: ',
  pooling: 'mean',
  normalize: true,
  dimensions: 384,
  versions: { parser: 1, chunker: 2, tokenizer: 1 },
};
const STORED_EMBEDDING_KEY = '["m",true,"passage: ","mean",true,384,1]';
const STORED_RECIPE_KEY = JSON.stringify([STORED_EMBEDDING_KEY, 'semantic', 200, 0, 1, 2]);

it('a recipe of before keeps its key: nothing is worked on again', () => {
  expect(recipeKey(stored)).toBe(STORED_RECIPE_KEY);
});

it('other thresholds are another recipe, with the same vectors for the same text', () => {
  const finer = { ...stored, breakPercentile: 60 };
  expect(recipeKey(finer)).not.toBe(recipeKey(stored));
  expect(recipeKey({ ...finer, leastSize: 30 })).not.toBe(recipeKey(finer));
  expect(recipeKey({ ...stored, leastSize: 60 })).not.toBe(recipeKey(finer));
  expect(embeddingKey(finer)).toBe(embeddingKey(stored));
});

it('vectors serve whether headings are embedded or not: the text hashes tell', () => {
  const without = { ...stored, embedHeadings: false };
  expect(sharesVectors(STORED_EMBEDDING_KEY, stored)).toBe(true);
  expect(sharesVectors(STORED_EMBEDDING_KEY, without)).toBe(true);
  expect(sharesVectors(embeddingKey(stored), without)).toBe(true);
  expect(recipeKey(without)).not.toBe(recipeKey(stored));
  expect(sharesVectors(STORED_EMBEDDING_KEY, { ...stored, documentPrefix: '' })).toBe(false);
  expect(sharesVectors(STORED_EMBEDDING_KEY, { ...stored, dimensions: 256 })).toBe(false);
});

it('thresholds are the usual ones where a recipe has none, and never above the size', () => {
  expect(thresholdsOf(stored)).toEqual({ breakPercentile: 80, leastSize: 30 });
  expect(thresholdsOf({ chunkSize: 64, leastSize: 100 })).toEqual({ breakPercentile: 80, leastSize: 64 });
  const small = { id: 'n', contextLength: 128, dimensions: 8, pooling: 'cls' } as Parameters<
    typeof withModel
  >[1];
  expect(withModel({ ...stored, leastSize: 150 }, small)).toMatchObject({ chunkSize: 128, leastSize: 128 });
  expect(withModel(stored, small)).not.toHaveProperty('leastSize');
});
