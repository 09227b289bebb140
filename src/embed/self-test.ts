import { VecdropError } from '../domain/errors.ts';
import type { ModelInfo } from '../domain/model.ts';
import { dot, leastCosine, rowOf } from './compare.ts';
import type { EngineText } from './embed-api.ts';
import type { EngineRecipe } from './engine-factory.ts';
import type { PoolCheck } from './pool.ts';
import type { Samples } from './samples.ts';

export interface SelfTestOptions {
  samples: Samples;
  /** How near a vector must be to its shipped one, and on inexact engines to itself. */
  leastCosine: number;
  /** Whether the engine gives the same bits for the same text, always. */
  exact: boolean;
  asText?: boolean;
}

/**
 * A check that every instance of an engine goes through before it serves: vectors of the right length, finite, of
 * norm 1 where the recipe normalises; the same when asked again and from every instance; and near the shipped ones
 * where there are any. Rejects with 'engine/failed'.
 */
export function selfTest(
  { dimensions }: ModelInfo,
  { normalize }: EngineRecipe,
  { samples, leastCosine: bar, exact, asText }: SelfTestOptions,
): PoolCheck {
  const texts = samples.inputs.map(({ text, ids }): EngineText => (asText ? text : ids));
  let known: Float32Array | undefined;

  return async embed => {
    const vectors = await embed(texts);
    if (vectors.length !== texts.length * dimensions) fail('vectors of the wrong length');
    for (const [row] of texts.entries()) {
      const vector = rowOf(vectors, row, dimensions);
      const norm = Math.sqrt(dot(vector, vector));
      if (!Number.isFinite(norm) || norm === 0) fail('vectors that are not of finite numbers');
      if (normalize && Math.abs(norm - 1) > 1e-4) fail('vectors that are not of length 1');
    }
    const { expected } = samples;
    if (expected && !(leastCosine(vectors, expected, dimensions) >= bar)) {
      fail('vectors other than the model’s own');
    }
    // The other way round, so that what came before a text is another each time.
    known ??= reversed(await embed(texts.toReversed()), dimensions);
    const same = exact ? sameBits(vectors, known) : leastCosine(vectors, known, dimensions) >= bar;
    if (!same) fail('other vectors for the same text');
  };
}

function fail(what: string): never {
  throw new VecdropError(
    'engine/failed',
    `The embedding engine did not pass its self-test: it gave ${what}. Another browser, or its newest version, may do better.`,
  );
}

function reversed(vectors: Float32Array, dimensions: number): Float32Array {
  const data = new Float32Array(vectors.length);
  const count = vectors.length / dimensions;
  for (let row = 0; row < count; row++) {
    data.set(rowOf(vectors, count - 1 - row, dimensions), row * dimensions);
  }
  return data;
}

function sameBits(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
