import type { ChunkColumns } from '../../domain/chunk.ts';
import { linesOf } from '../../domain/lines.ts';
import type { Recipe } from '../../domain/recipe.ts';
import { number } from '../parts/format.ts';

/** '12–18', or '12' for what stands on one line. `starts` are of lineStarts. */
export function linesWords(starts: Uint32Array, span: { start: number; end: number }): string {
  const { first, last } = linesOf(starts, span);
  return first === last ? number(first) : `${number(first)}–${number(last)}`;
}

/**
 * How a document was cut where the recipe alone does not say it: 'by sections, picked automatically', or what was taken
 * in place of a strategy that could not be had.
 */
export function pickedWords(
  { picked }: Pick<ChunkColumns, 'picked'>,
  { strategy }: Pick<Recipe, 'strategy'>,
  strategies: readonly { id: string; name: string }[],
): string | undefined {
  if (picked === undefined) return undefined;
  const nameOf = (id: string) => {
    const name = strategies.find(one => one.id === id)?.name ?? id;
    return name.charAt(0).toLowerCase() + name.slice(1);
  };
  return `${nameOf(picked)}, ${strategy === 'auto' ? 'picked automatically' : `not ${nameOf(strategy)}`}`;
}
