import { hashKey } from '../domain/chunk.ts';
import { VecdropError } from '../domain/errors.ts';
import { embeddingKey, type Recipe, recipeKey } from '../domain/recipe.ts';
import type { Database } from '../store/database.ts';
import { liveFiles } from '../store/files.ts';
import type { FileRecord } from '../store/schema.ts';
import { readColumns } from '../store/vectors.ts';
import type { RecipePlan } from './api.ts';
import type { Models, OpenModel } from './models.ts';
import { storedText } from './prepare.ts';
import type { Reader } from './reader.ts';

/** Rejects with 'input/invalid' where a recipe asks for what cannot be. */
export async function checkRecipe(recipe: Recipe, models: Models): Promise<OpenModel> {
  const model = await models.open(recipe.modelId);
  const { contextLength } = model.info;
  if (!Number.isInteger(recipe.chunkSize) || recipe.chunkSize < 8 || recipe.chunkSize > contextLength) {
    throw new VecdropError(
      'input/invalid',
      `The chunk size must be between 8 and ${contextLength} tokens, this model's context.`,
    );
  }
  if (!Number.isInteger(recipe.overlap) || recipe.overlap < 0 || recipe.overlap > recipe.chunkSize / 2) {
    throw new VecdropError('input/invalid', 'The overlap must be between 0 and half the chunk size.');
  }
  return model;
}

/** What a recipe would cost a collection, by chunking every text anew without storing anything. */
export async function planRecipe(
  db: Database,
  reader: Reader,
  models: Models,
  collectionId: string,
  recipe: Recipe,
  signal: AbortSignal,
): Promise<RecipePlan> {
  const model = await checkRecipe(recipe, models);
  const key = recipeKey(recipe);
  const plan: RecipePlan = { files: 0, chunks: 0, toEmbed: 0, tokensToEmbed: 0 };
  for (const file of await liveFiles(db, collectionId)) {
    signal.throwIfAborted();
    const made = [file.current, file.growing].find(generation => generation?.recipeKey === key);
    if (made) {
      plan.chunks += made.chunks;
      continue;
    }
    const cost = await planFile(db, reader, model, file, recipe, signal);
    if (!cost) continue;
    plan.files += 1;
    plan.chunks += cost.chunks;
    plan.toEmbed += cost.toEmbed;
    plan.tokensToEmbed += cost.tokens;
  }
  return plan;
}

/** Undefined for a file that has no text yet: it is worked on in any case. */
async function planFile(
  db: Database,
  reader: Reader,
  model: OpenModel,
  file: FileRecord,
  recipe: Recipe,
  signal: AbortSignal,
): Promise<{ chunks: number; toEmbed: number; tokens: number } | undefined> {
  const text = await storedText(db, file, recipe);
  if (!text) return undefined;
  const columns = await reader.rechunk(text.parts, recipe, model, signal);
  const kept = new Set<string>();
  if (file.current?.embeddingKey === embeddingKey(recipe)) {
    const old = await readColumns(db, file.current.id);
    for (let i = 0; old && i < old.count; i++) kept.add(hashKey(old, i));
  }
  let toEmbed = 0;
  let tokens = 0;
  for (let i = 0; i < columns.count; i++) {
    if (kept.has(hashKey(columns, i))) continue;
    toEmbed += 1;
    tokens += columns.tokens[i] ?? 0;
  }
  return { chunks: columns.count, toEmbed, tokens };
}
