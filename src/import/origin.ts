import type { Recipe } from '../domain/recipe.ts';
import { recipeOf } from './archive-records.ts';
import { fieldsOf } from './fields.ts';
import type { ImportOrigin } from './format.ts';

/** What is said once in a file about all of it, by the names that our exports and OpenAI give. */
export function originOf(said: ReadonlyMap<string, unknown>): ImportOrigin {
  const text = (name: string) => {
    const value = said.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const collection = text('collection');
  const model = text('model');
  const recipe = wholeRecipe(said.get('recipe'));
  return {
    ...(collection === undefined ? {} : { collection }),
    ...(model === undefined ? {} : { model }),
    ...(recipe === undefined ? {} : { recipe }),
  };
}

/** A recipe as an export wrote it, with nothing else in it; undefined where it is not whole. */
function wholeRecipe(value: unknown): Recipe | undefined {
  try {
    return recipeOf(fieldsOf(value));
  } catch {
    // Another program's word: the file is good without it.
    return undefined;
  }
}
