import type { ModelInfo, Pooling } from './model.ts';

/** Everything that decides what the vectors of a collection are. Two recipes' vectors are never mixed. */
export interface Recipe {
  modelId: string;
  /** Id of a chunking strategy, as in the chunk registry. */
  strategy: string;
  /** Tokens a chunk at the most, special tokens and prefix included. */
  chunkSize: number;
  /** Tokens that a chunk repeats of the one before, at the most. */
  overlap: number;
  embedHeadings: boolean;
  documentPrefix: string;
  queryPrefix: string;
  pooling: Pooling;
  normalize: boolean;
  dimensions: number;
  versions: { parser: number; chunker: number; tokenizer: number };
}

/** Raise one when the same input would come out otherwise. */
export const VERSIONS = { parser: 1, chunker: 2, tokenizer: 1 } as const;

/** What decides a vector besides its text: equal keys may share vectors by text hash. */
export function embeddingKey(recipe: Recipe): string {
  const { modelId, embedHeadings, documentPrefix, pooling, normalize, dimensions, versions } = recipe;
  return JSON.stringify([
    modelId,
    embedHeadings,
    documentPrefix,
    pooling,
    normalize,
    dimensions,
    versions.tokenizer,
  ]);
}

/** What decides a document's chunks and their vectors: equal keys need no work. The query prefix is not part of it. */
export function recipeKey(recipe: Recipe): string {
  const { strategy, chunkSize, overlap, versions } = recipe;
  return JSON.stringify([
    embeddingKey(recipe),
    strategy,
    chunkSize,
    overlap,
    versions.parser,
    versions.chunker,
  ]);
}

/**
 * The recipe with another model: its pooling, dimensions and prefixes come along, and the chunking stays as far as it
 * fits into the model's context.
 */
export function withModel(recipe: Recipe, model: ModelInfo): Recipe {
  const chunkSize = Math.min(recipe.chunkSize, model.contextLength);
  return {
    ...recipe,
    modelId: model.id,
    chunkSize,
    overlap: Math.min(recipe.overlap, Math.floor(chunkSize / 2)),
    documentPrefix: model.prefixes?.document ?? '',
    queryPrefix: model.prefixes?.query ?? '',
    pooling: model.pooling,
    dimensions: model.dimensions,
  };
}
