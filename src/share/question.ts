import { VecdropError } from '../domain/errors.ts';
import type { Recipe } from '../domain/recipe.ts';
import { openKernel } from '../embed/kernel/engine.ts';
import { shaped } from '../embed/shape.ts';
import { readModel } from '../gguf/model-info.ts';
import { createTokenizer } from '../tokenize/create.ts';

/** Embeds what is asked, as the collection's recipe says. Rejects with 'chunk/too-long'. */
export type EmbedQuestion = (text: string) => Promise<Float32Array>;

/** Queries whose vectors are remembered. */
const REMEMBERED = 100;

/** Loads the model of a shared page. Rejects with 'model/corrupt' or 'model/unsupported'. */
export async function openQuestions(gguf: Blob, recipe: Recipe): Promise<EmbedQuestion> {
  const { info, tokenizer: spec } = await readModel(gguf, 'The model', recipe.modelId);
  const tokenizer = createTokenizer(spec);
  const { contextLength, dimensions } = info;
  const { pooling, normalize, queryPrefix } = recipe;
  const kernel = await openKernel(gguf, { contextLength, dimensions, pooling, normalize });
  const never = new AbortController().signal;
  /** The one last used is the last. */
  const known = new Map<string, Float32Array>();

  return async text => {
    const vector = known.get(text) ?? (await embed(text));
    known.delete(text);
    known.set(text, vector);
    for (const oldest of [...known.keys()].slice(0, -REMEMBERED)) known.delete(oldest);
    return vector;
  };

  async function embed(text: string): Promise<Float32Array> {
    const { ids } = tokenizer.encode(queryPrefix + text);
    if (ids.length > contextLength) {
      throw new VecdropError(
        'chunk/too-long',
        `Found by words only: this is ${ids.length} tokens long, and the model reads ${contextLength}. Make it shorter to search by meaning.`,
      );
    }
    return shaped({ data: await kernel.embed([ids], never), dimensions }, recipe).data;
  }
}
