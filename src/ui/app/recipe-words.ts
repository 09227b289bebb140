import { embeddingKey, type Recipe, recipeKey } from '../../domain/recipe.ts';
import type { RecipePlan } from '../../workspace/api.ts';
import { duration, number, plural } from '../parts/format.ts';

/** Whether the chunks themselves change, and not only what is made of them. */
export function rechunks(before: Recipe, after: Recipe): boolean {
  return recipeKey({ ...after, ...vectorPart(before) }) !== recipeKey(before);
}

/** What decides a vector besides its chunk's text. */
function vectorPart(recipe: Recipe): Partial<Recipe> {
  const { modelId, documentPrefix, queryPrefix, pooling, normalize, dimensions } = recipe;
  return { modelId, documentPrefix, queryPrefix, pooling, normalize, dimensions };
}

/** Said when a recipe is applied. */
export function appliedWords(before: Recipe, after: Recipe): string {
  if (recipeKey(before) === recipeKey(after)) return 'Applied. Nothing had to be embedded again.';
  const what = embeddingKey(before) === embeddingKey(after) ? 'chunking' : 'recipe';
  return `The new ${what} is being worked in. The old vectors serve until the new ones are whole.`;
}

/** Said while a collection is on its way from one recipe to another. */
export function underWayWords(before: Recipe, after: Recipe): string {
  const how = embeddingKey(before) === embeddingKey(after) ? 'chunked' : 'embedded';
  return `The collection is being ${how} anew. The old vectors serve until the new ones are whole.`;
}

/** Said when that is given up. */
export function cancelledWords(before: Recipe, after: Recipe): string {
  const what = embeddingKey(before) === embeddingKey(after) ? 'chunking' : 'recipe';
  return `Cancelled. The collection keeps its old ${what}.`;
}

/** '212 chunks in 14 files, 180 to embed again, about 4 s', or '…, after 900 sentences, about 8 s' */
export function planWords(plan: RecipePlan): string {
  if (plan.files === 0) return 'Nothing to embed again.';
  const parts = [`${plural(plan.chunks, 'chunk')} in ${plural(plan.files, 'file')}`];
  parts.push(plan.toEmbed === 0 ? 'nothing to embed again' : `${number(plan.toEmbed)} to embed again`);
  if (plan.sentences > 0) parts.push(`after ${plural(plan.sentences, 'sentence')}`);
  if (plan.seconds !== undefined && plan.toEmbed + plan.sentences > 0)
    parts.push(`about ${duration(plan.seconds)}`);
  return parts.join(', ');
}
