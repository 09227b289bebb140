import { type ChunkColumns, hashKey } from '../domain/chunk.ts';
import { VecdropError } from '../domain/errors.ts';
import type { ModelInfo } from '../domain/model.ts';
import { type Recipe, recipeKey, sharesVectors } from '../domain/recipe.ts';
import type { Database } from '../store/database.ts';
import { getFile, liveFiles } from '../store/files.ts';
import type { FileRecord } from '../store/schema.ts';
import { readColumns } from '../store/vectors.ts';
import type { RecipePlan } from './api.ts';
import type { Models, OpenModel } from './models.ts';
import { storedText } from './prepare.ts';
import type { Reader } from './reader.ts';
import type { SentenceVectorStore } from './sentence-vectors.ts';
import { tokenizerOf } from './tokenizers.ts';

/** Tokens of its own that a chunk must have room for beside the prefix and the special tokens. */
const LEAST_TOKENS = 8;
/** At 100 no turn would be a break. */
const MOST_PERCENTILE = 99;

/** Rejects with 'input/invalid' where a recipe asks for what cannot be. */
export async function checkRecipe(recipe: Recipe, models: Models): Promise<OpenModel> {
  const model = await models.open(recipe.modelId);
  const { contextLength } = model.info;
  const { chunkSize, overlap, documentPrefix, queryPrefix } = recipe;
  const { breakPercentile = 0, leastSize = 0 } = recipe;
  if (!Number.isInteger(chunkSize) || chunkSize < LEAST_TOKENS || chunkSize > contextLength) {
    throw invalid(
      `The chunk size must be between ${LEAST_TOKENS} and ${contextLength} tokens, this model's context.`,
    );
  }
  if (!Number.isInteger(overlap) || overlap < 0 || overlap > chunkSize / 2) {
    throw invalid('The overlap must be between 0 and half the chunk size.');
  }
  if (!Number.isInteger(breakPercentile) || breakPercentile < 0 || breakPercentile > MOST_PERCENTILE) {
    throw invalid(`The break percentile must be between 0 and ${MOST_PERCENTILE}.`);
  }
  if (!Number.isInteger(leastSize) || leastSize < 0 || leastSize > chunkSize) {
    throw invalid('The smallest chunk must be between 0 tokens and the chunk size.');
  }
  checkDimensions(recipe, model.info);
  const tokenizer = tokenizerOf(model);
  const least = tokenizer.count(documentPrefix) + LEAST_TOKENS;
  if (documentPrefix !== '' && least > chunkSize) {
    throw invalid(
      `The document prefix leaves no room for text: with it, chunks must have ${least} tokens at the least. Shorten it, or choose a larger chunk size.`,
    );
  }
  if (queryPrefix !== '' && tokenizer.count(queryPrefix) + LEAST_TOKENS > contextLength) {
    throw invalid(`The query prefix fills the model's context of ${contextLength} tokens. Shorten it.`);
  }
  return model;
}

/** Only lengths that a model was trained for are right; the whole vector always is. */
function checkDimensions({ dimensions }: Recipe, info: ModelInfo): void {
  if (dimensions === info.dimensions || info.matryoshka?.includes(dimensions)) return;
  throw invalid(
    info.matryoshka
      ? `Vectors of this model may be cut to ${info.matryoshka.join(', ')} dimensions. Choose one of these.`
      : `Vectors of this model have ${info.dimensions} dimensions, and it was not trained for shorter ones.`,
  );
}

function invalid(sentence: string): VecdropError {
  return new VecdropError('input/invalid', sentence);
}

/** Who chunks texts anew. */
interface Chunkers {
  db: Database;
  reader: Reader;
  sentences: SentenceVectorStore;
  models: Models;
}

/**
 * One document's chunks under a recipe, nothing stored; or what must be embedded first, where that are more than `most`
 * sentences. Rejects with 'input/invalid' for a recipe that cannot be, or a file that has no text yet.
 */
export async function previewRecipe(
  { db, reader, sentences, models }: Chunkers,
  { fileId, recipe, most }: { fileId: string; recipe: Recipe; most: number },
  signal: AbortSignal,
  onProgress: (done: number, all: number) => void,
): Promise<{ chunks: ChunkColumns } | { sentences: number; tokensToEmbed: number }> {
  const model = await checkRecipe(recipe, models);
  const file = await getFile(db, fileId);
  const text = file && (await storedText(db, file, recipe));
  if (!text)
    throw new VecdropError('input/invalid', 'This file has not been read yet. Look again when it has.');
  const { missing, all } = await sentences.missing(reader, text, recipe, model, signal);
  if (missing > most) {
    const ofText = ((file.current?.tokens ?? 0) * missing) / all;
    const around = tokenizerOf(model).count(recipe.documentPrefix);
    return { sentences: missing, tokensToEmbed: ofText + missing * around };
  }
  return { chunks: await sentences.rechunk(reader, text, recipe, model, signal, onProgress) };
}

/** What a recipe would cost a collection, by chunking every text anew without storing anything. */
export async function planRecipe(
  db: Database,
  reader: Reader,
  sentences: SentenceVectorStore,
  models: Models,
  collectionId: string,
  recipe: Recipe,
  signal: AbortSignal,
): Promise<RecipePlan> {
  const model = await checkRecipe(recipe, models);
  const key = recipeKey(recipe);
  const plan: RecipePlan = { files: 0, chunks: 0, toEmbed: 0, tokensToEmbed: 0, sentences: 0 };
  for (const file of await liveFiles(db, collectionId)) {
    signal.throwIfAborted();
    const made = [file.current, file.growing].find(generation => generation?.recipeKey === key);
    if (made) {
      plan.chunks += made.chunks;
      continue;
    }
    const cost = await planFile(db, reader, sentences, model, file, recipe, signal);
    if (!cost) continue;
    plan.files += 1;
    plan.chunks += cost.chunks;
    plan.toEmbed += cost.toEmbed;
    plan.tokensToEmbed += cost.tokens;
    plan.sentences += cost.sentences;
  }
  return plan;
}

/** Undefined for a file that has no text yet: it is worked on in any case. */
async function planFile(
  db: Database,
  reader: Reader,
  sentences: SentenceVectorStore,
  model: OpenModel,
  file: FileRecord,
  recipe: Recipe,
  signal: AbortSignal,
): Promise<{ chunks: number; toEmbed: number; tokens: number; sentences: number } | undefined> {
  const text = await storedText(db, file, recipe);
  if (!text) return undefined;
  const { missing } = await sentences.missing(reader, text, recipe, model, signal);
  // Without the vectors chunks are cut otherwise, but to the same size: enough for an estimate.
  const columns =
    missing > 0
      ? await reader.rechunk(text, recipe, model, signal)
      : await sentences.rechunk(reader, text, recipe, model, signal);
  const kept = new Set<string>();
  if (file.current && sharesVectors(file.current.embeddingKey, recipe)) {
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
  if (missing > 0) {
    // The sentences have the same text as the chunks, and each a prefix and special tokens of its own.
    for (const count of columns.tokens) tokens += count;
    tokens += missing * tokenizerOf(model).count(recipe.documentPrefix);
  }
  return { chunks: columns.count, toEmbed, tokens, sentences: missing };
}
