import { VecdropError } from '../domain/errors.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import golden from './golden.json';

/** How near a vector must be to the one in golden.json, which was made with the original model in float32. */
const GOLDEN_COSINE = 0.9995;

/** Asks an engine for vectors, row-major. */
type Embed = (texts: readonly Int32Array[]) => Promise<Float32Array>;

/**
 * A check that every instance of an engine goes through before it serves: vectors of the right length, finite, of
 * norm 1 where the recipe normalises; the same bits when asked again and from every instance; and near the shipped
 * ones for the built-in model. Rejects with 'engine/failed'.
 */
export function selfTest(
  model: ModelInfo,
  { pooling, normalize }: Pick<Recipe, 'pooling' | 'normalize'>,
): (embed: Embed) => Promise<void> {
  const isGolden = model.id === golden.modelId && pooling === golden.pooling;
  const texts = isGolden ? golden.texts.map(({ ids }) => Int32Array.from(ids)) : sampleTexts(model);
  let expected: Float32Array | undefined;

  return async embed => {
    const vectors = await embed(texts);
    if (vectors.length !== texts.length * model.dimensions) fail('vectors of the wrong length');
    for (const [row] of texts.entries()) {
      const vector = rowOf(vectors, row, model.dimensions);
      const norm = Math.sqrt(dot(vector, vector));
      if (!Number.isFinite(norm) || norm === 0) fail('vectors that are not of finite numbers');
      if (normalize && Math.abs(norm - 1) > 1e-4) fail('vectors that are not of length 1');
      const original = isGolden ? golden.texts[row]?.vector : undefined;
      if (original && !(cosine(vector, original) >= GOLDEN_COSINE)) {
        fail('vectors other than the model’s own');
      }
    }
    // The other way round, so that what came before a text is another each time.
    expected ??= await reversed(embed, texts, model.dimensions);
    if (!sameBits(vectors, expected)) fail('other vectors for the same text');
  };
}

function fail(what: string): never {
  throw new VecdropError(
    'engine/failed',
    `The embedding engine did not pass its self-test: it gave ${what}. Another browser, or its newest version, may do better.`,
  );
}

/** Three short texts of any vocabulary: ids spread over it. */
function sampleTexts({ vocabularySize, contextLength }: ModelInfo): Int32Array[] {
  return [5, 9, 14].map(length =>
    Int32Array.from(
      { length: Math.min(length, contextLength) },
      (_, i) => (1009 * (i + length)) % vocabularySize,
    ),
  );
}

async function reversed(
  embed: Embed,
  texts: readonly Int32Array[],
  dimensions: number,
): Promise<Float32Array> {
  const vectors = await embed(texts.toReversed());
  const data = new Float32Array(vectors.length);
  for (const [row] of texts.entries()) {
    data.set(rowOf(vectors, texts.length - 1 - row, dimensions), row * dimensions);
  }
  return data;
}

function rowOf(vectors: Float32Array, row: number, dimensions: number): Float32Array {
  return vectors.subarray(row * dimensions, (row + 1) * dimensions);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function sameBits(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
