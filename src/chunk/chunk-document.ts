import { type Chunk, type ChunkColumns, toColumns } from '../domain/chunk.ts';
import type { Document } from '../domain/document.ts';
import { type Recipe, thresholdsOf } from '../domain/recipe.ts';
import type { SpanCounter, Tokenizer } from '../tokenize/tokenizer.ts';
import { budgetOf } from './budget.ts';
import { contextFinder } from './context.ts';
import { outlineOf } from './outline.ts';
import { strategyOf } from './registry.ts';
import { segment } from './segmentation.ts';
import { sentenceSpans } from './sentence-spans.ts';
import type { SentenceTurns, Span, Strategy } from './strategy.ts';
import { hashChunks } from './text-hashes.ts';
import { tokenCounts } from './token-counts.ts';

/** What of a recipe decides the chunks. */
export type ChunkRecipe = Pick<
  Recipe,
  'strategy' | 'chunkSize' | 'overlap' | 'breakPercentile' | 'leastSize' | 'documentPrefix' | 'embedHeadings'
>;

/** A document made ready to be chunked many times: what was counted and segmented once is not done again. */
export interface PreparedDocument {
  document: Document;
  /**
   * No chunk has more tokens than the recipe's chunk size (with `whole`: than the model's context), special tokens,
   * prefix and context included; each non-blank character is in some chunk; starts strictly increase; chunk.tokens
   * is tokenizer.count(documentPrefix + context + text.slice(start, end)). The same input gives the same chunks.
   * Throws 'chunk/too-long' where the size leaves no room for a single character.
   */
  chunks(recipe: ChunkRecipe, turns?: SentenceTurns): Chunk[];
  /** The same as columns, with the hashes of what is embedded. Rejects as `chunks` throws. */
  columns(recipe: ChunkRecipe, turns?: SentenceTurns): Promise<ChunkColumns>;
  /**
   * The sentences whose vectors a strategy with `needsVectors` is to have, each within the model's context with the
   * prefix: they do not depend on sizes, so each is embedded once for a document, model and prefix.
   */
  sentences(documentPrefix: string): Span[];
}

/** Reads a document for chunking; counting waits for the first chunks. */
export function prepareDocument(
  document: Document,
  tokenizer: Tokenizer,
  contextLength: number,
): PreparedDocument {
  const { text } = document;
  const segmentation = segment(document);
  const outline = outlineOf(document);
  let counted: { prefix: string; counts: SpanCounter } | undefined;
  const countsFor = (prefix: string) => {
    if (counted?.prefix !== prefix) counted = { prefix, counts: tokenCounts(text, prefix, tokenizer) };
    return counted.counts;
  };

  function chunks(
    recipe: ChunkRecipe,
    turns?: SentenceTurns,
    strategy: Strategy = strategyFor(recipe.strategy, document, turns),
  ): Chunk[] {
    const prefix = recipe.documentPrefix;
    const counts = countsFor(prefix);
    const chunkSize = strategy.sizes ? Math.min(recipe.chunkSize, contextLength) : contextLength;
    const contextAt = contextFinder(
      document,
      outline,
      segmentation.rules,
      tokenizer,
      { headings: recipe.embedHeadings, tableHeaders: strategy.carriesTableHeaders ?? false },
      chunkSize - counts.count(0, 0),
    );
    const { exact, ...budget } = budgetOf(text, prefix, tokenizer, counts, contextAt, chunkSize);
    const spans = strategy.split({
      document,
      segmentation,
      chunkSize,
      // With more than half of it repeated, a document would be mostly repetition.
      overlap: strategy.overlaps ? Math.min(recipe.overlap, chunkSize >> 1) : 0,
      ...thresholdsOf({ ...recipe, chunkSize }),
      ...budget,
      ...(turns ? { turns } : {}),
    });
    return spans.map(({ start, end }, ordinal) => {
      const page = outline.pageAt(start);
      return {
        ordinal,
        start,
        end,
        ...exact(start, end),
        context: contextAt(start),
        headings: outline.headingsAt(start),
        ...(page === undefined ? {} : { page }),
      };
    });
  }

  return {
    document,
    chunks,
    sentences(prefix) {
      const budget = budgetOf(text, prefix, tokenizer, countsFor(prefix), () => '', contextLength);
      return sentenceSpans({ document, segmentation, chunkSize: contextLength, overlap: 0, ...budget });
    },
    async columns(recipe, turns) {
      const strategy = strategyFor(recipe.strategy, document, turns);
      const made = chunks(recipe, turns, strategy);
      const columns = toColumns(made, await hashChunks(text, made, recipe.documentPrefix));
      return strategy.id === recipe.strategy ? columns : { ...columns, picked: strategy.id };
    },
  };
}

/** The strategy that an id means for a document: what `auto` picks, and `recursive` for want of vectors. */
function strategyFor(id: string, document: Document, turns: SentenceTurns | undefined): Strategy {
  const named = strategyOf(id);
  const strategy = named.pick ? strategyOf(named.pick(document)) : named;
  return strategy.needsVectors && !turns ? strategyOf('recursive') : strategy;
}

/** The chunks of a document, made once: see PreparedDocument. */
export function chunkDocument(
  document: Document,
  recipe: ChunkRecipe,
  tokenizer: Tokenizer,
  contextLength: number,
): Chunk[] {
  return prepareDocument(document, tokenizer, contextLength).chunks(recipe);
}

/** The chunks of a document as columns, made once: see PreparedDocument. */
export function chunkColumns(
  document: Document,
  recipe: ChunkRecipe,
  tokenizer: Tokenizer,
  contextLength: number,
): Promise<ChunkColumns> {
  return prepareDocument(document, tokenizer, contextLength).columns(recipe);
}
