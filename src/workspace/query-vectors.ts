import { VecdropError } from '../domain/errors.ts';
import { embeddingKey, type Recipe } from '../domain/recipe.ts';
import type { EmbedService } from './embed-service.ts';
import type { Models } from './models.ts';
import { tokenizerOf } from './tokenizers.ts';

/** The vectors of queries, made by the recipe's model with its query prefix; the last ones are remembered. */
export interface QueryVectors {
  /** Loads the model, where that is here: an endpoint is asked nothing before there is a query. */
  warm(recipe: Recipe): Promise<void>;
  /** Rejects with AbortError, 'model/missing', 'chunk/too-long', or as the engine does. */
  get(recipe: Recipe, text: string, signal: AbortSignal): Promise<Float32Array>;
}

const REMEMBERED = 100;

export function createQueryVectors(
  models: Pick<Models, 'open'>,
  embedder: Pick<EmbedService, 'embed'>,
): QueryVectors {
  /** The one last used is the last. */
  const known = new Map<string, Float32Array>();
  return {
    async warm(recipe) {
      const { info } = await models.open(recipe.modelId);
      if (!info.remote) await embed(recipe, '', new AbortController().signal);
    },
    async get(recipe, text, signal) {
      const key = JSON.stringify([embeddingKey(recipe), recipe.queryPrefix, text]);
      const vector = known.get(key) ?? (await embed(recipe, text, signal));
      known.delete(key);
      known.set(key, vector);
      for (const oldest of [...known.keys()].slice(0, -REMEMBERED)) known.delete(oldest);
      return vector;
    },
  };

  async function embed(recipe: Recipe, text: string, signal: AbortSignal): Promise<Float32Array> {
    const model = await models.open(recipe.modelId);
    signal.throwIfAborted();
    const asked = recipe.queryPrefix + text;
    const { ids } = tokenizerOf(model).encode(asked);
    const { contextLength, name } = model.info;
    if (ids.length > contextLength) {
      throw new VecdropError(
        'chunk/too-long',
        `Found by words only: the query has ${ids.length} tokens, and ${name} reads ${contextLength} at once. Make it shorter to search by meaning.`,
      );
    }
    return embedder.embed(recipe, [{ text: asked, ids }], signal);
  }
}
