import type { Recipe } from '../domain/recipe.ts';
import type { Vectors } from '../domain/vectors.ts';
import { normalized } from './normalize.ts';

/**
 * Vectors as a recipe wants them: a Matryoshka model's cut to its first `dimensions` values, and brought to length 1
 * again where the recipe normalises (Kusupati et al., 2022). The one place where vectors are cut.
 */
export function shaped(
  vectors: Vectors,
  { dimensions, normalize }: Pick<Recipe, 'dimensions' | 'normalize'>,
): Vectors {
  if (dimensions >= vectors.dimensions) return vectors;
  const count = vectors.data.length / vectors.dimensions;
  const data = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const at = row * vectors.dimensions;
    const cut = vectors.data.subarray(at, at + dimensions);
    data.set(normalize ? normalized(cut) : cut, row * dimensions);
  }
  return { data, dimensions };
}
