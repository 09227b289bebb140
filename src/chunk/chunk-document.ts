import type { Chunk, ChunkColumns } from '../domain/chunk.ts';
import { toColumns } from '../domain/chunk.ts';
import type { Document } from '../domain/document.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { Tokenizer } from '../tokenize/tokenizer.ts';
import { placeFinder } from './outline.ts';
import { strategyOf } from './registry.ts';
import { hashChunks } from './text-hashes.ts';
import { tokenCounts } from './token-counts.ts';

/** What of a recipe decides the chunks. */
export type ChunkRecipe = Pick<Recipe, 'strategy' | 'chunkSize' | 'overlap' | 'documentPrefix'>;

/**
 * Cuts a document. No chunk has more tokens than the recipe's chunk size (with `whole`: than the model's context),
 * special tokens and prefix included; each non-blank character is in some chunk; starts strictly increase;
 * chunk.tokens is tokenizer.count(documentPrefix + text.slice(start, end)). The same input gives the same chunks.
 * Throws 'chunk/too-long' where the size leaves no room for a single character.
 */
export function chunkDocument(
  document: Document,
  recipe: ChunkRecipe,
  tokenizer: Tokenizer,
  contextLength: number,
): Chunk[] {
  const strategy = strategyOf(recipe.strategy);
  const chunkSize = strategy.sizes ? Math.min(recipe.chunkSize, contextLength) : contextLength;
  const counts = tokenCounts(document.text, recipe.documentPrefix, tokenizer);
  const spans = strategy.split({
    document,
    chunkSize,
    // With more than half of it repeated, a document would be mostly repetition.
    overlap: strategy.overlaps ? Math.min(recipe.overlap, chunkSize >> 1) : 0,
    countTokens: (start, end) => counts.count(start, end),
  });
  const placeOf = placeFinder(document);
  return spans.map(({ start, end }, ordinal) => ({
    ordinal,
    start,
    end,
    tokens: counts.count(start, end),
    unknown: counts.unknown(start, end),
    ...placeOf({ start, end }),
  }));
}

/** The chunks of a document as columns, with the hashes of their texts. Throws as chunkDocument does. */
export async function chunkColumns(
  document: Document,
  recipe: ChunkRecipe,
  tokenizer: Tokenizer,
  contextLength: number,
): Promise<ChunkColumns> {
  const chunks = chunkDocument(document, recipe, tokenizer, contextLength);
  return toColumns(chunks, await hashChunks(document.text, chunks, recipe.documentPrefix));
}
