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
  /** Of the turns between sentences, those above this percentile (0 to 99) are breaks; see `thresholdsOf`. */
  breakPercentile?: number;
  /** Tokens below which a chunk joins a neighbour where both fit, with strategies that break at turns; see `thresholdsOf`. */
  leastSize?: number;
  embedHeadings: boolean;
  documentPrefix: string;
  queryPrefix: string;
  pooling: Pooling;
  normalize: boolean;
  dimensions: number;
  versions: { parser: number; chunker: number; tokenizer: number };
}

/** Raise one when the same input would come out otherwise. */
export const VERSIONS = { parser: 1, chunker: 3, tokenizer: 1 } as const;

/** What decides a vector besides its chunk's text, as stored generations have it. */
function vectorKey(recipe: Recipe): string {
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

/**
 * What decides a vector besides what is hashed of its chunk, headings included: equal keys may share vectors by text
 * hash. Stored keys are held against a recipe by `sharesVectors`.
 */
export function embeddingKey(recipe: Recipe): string {
  return vectorKey({ ...recipe, embedHeadings: false });
}

/** Whether vectors stored under a key may serve a recipe. Older keys hold whether headings were embedded, too. */
export function sharesVectors(storedKey: string, recipe: Recipe): boolean {
  return [false, true].some(embedHeadings => storedKey === vectorKey({ ...recipe, embedHeadings }));
}

/** What decides a document's chunks and their vectors: equal keys need no work. The query prefix is not part of it. */
export function recipeKey(recipe: Recipe): string {
  const { strategy, chunkSize, overlap, breakPercentile, leastSize, versions } = recipe;
  // Recipes of before have no thresholds: their key is as it was.
  const thresholds =
    breakPercentile === undefined && leastSize === undefined ? [] : [breakPercentile, leastSize];
  return JSON.stringify([
    vectorKey(recipe),
    strategy,
    chunkSize,
    overlap,
    versions.parser,
    versions.chunker,
    ...thresholds,
  ]);
}

/** The best of those tried on the tuning documents of scripts/eval-semantic.ts. */
const USUAL_PERCENTILE = 80;
const USUAL_LEAST_SHARE = 0.15;

/** What of a recipe breaks a text by meaning, with what is usual where it does not say. `chunkSize` is the largest. */
export function thresholdsOf({
  chunkSize,
  breakPercentile = USUAL_PERCENTILE,
  leastSize = Math.ceil(chunkSize * USUAL_LEAST_SHARE),
}: Pick<Recipe, 'chunkSize' | 'breakPercentile' | 'leastSize'>): {
  breakPercentile: number;
  leastSize: number;
} {
  return { breakPercentile, leastSize: Math.min(leastSize, chunkSize) };
}

/**
 * The recipe with another model: its pooling, dimensions and prefixes come along, and the chunking stays as far as it
 * fits into the model's context.
 */
export function withModel(recipe: Recipe, model: ModelInfo): Recipe {
  const chunkSize = Math.min(recipe.chunkSize, model.contextLength);
  const { leastSize } = recipe;
  return {
    ...recipe,
    ...(leastSize === undefined ? {} : { leastSize: Math.min(leastSize, chunkSize) }),
    modelId: model.id,
    chunkSize,
    overlap: Math.min(recipe.overlap, Math.floor(chunkSize / 2)),
    documentPrefix: model.prefixes?.document ?? '',
    queryPrefix: model.prefixes?.query ?? '',
    pooling: model.pooling,
    dimensions: model.dimensions,
  };
}
