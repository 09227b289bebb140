import type { Recipe } from '../domain/recipe.ts';
import type { ImportOrigin } from './format.ts';
import { isPlainObject } from './table.ts';

/** What is said once in a file about all of it, by the names that our exports and OpenAI give. */
export function originOf(said: ReadonlyMap<string, unknown>): ImportOrigin {
  const text = (name: string) => {
    const value = said.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const collection = text('collection');
  const model = text('model');
  const recipe = recipeOf(said.get('recipe'));
  return {
    ...(collection === undefined ? {} : { collection }),
    ...(model === undefined ? {} : { model }),
    ...(recipe === undefined ? {} : { recipe }),
  };
}

const KINDS: Record<string, 'string' | 'number' | 'boolean'> = {
  modelId: 'string',
  strategy: 'string',
  chunkSize: 'number',
  overlap: 'number',
  embedHeadings: 'boolean',
  documentPrefix: 'string',
  queryPrefix: 'string',
  pooling: 'string',
  normalize: 'boolean',
  dimensions: 'number',
};
const OPTIONAL = ['breakPercentile', 'leastSize'];
const VERSIONS = ['parser', 'chunker', 'tokenizer'];

/** A recipe as an export wrote it, with nothing else in it; undefined where it is not whole. */
function recipeOf(value: unknown): Recipe | undefined {
  if (!isPlainObject(value) || !isPlainObject(value.versions)) return undefined;
  const { versions } = value;
  const recipe: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(KINDS)) {
    if (typeof value[name] !== kind) return undefined;
    recipe[name] = value[name];
  }
  for (const name of OPTIONAL) if (typeof value[name] === 'number') recipe[name] = value[name];
  if (VERSIONS.some(name => typeof versions[name] !== 'number')) return undefined;
  recipe.versions = Object.fromEntries(VERSIONS.map(name => [name, versions[name]]));
  return recipe as unknown as Recipe;
}
