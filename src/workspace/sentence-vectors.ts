import { strategyOf } from '../chunk/registry.ts';
import type { SentenceVectors, Span } from '../chunk/strategy.ts';
import type { ChunkColumns } from '../domain/chunk.ts';
import type { Recipe } from '../domain/recipe.ts';
import { CALL_TOKENS } from '../embed/calls.ts';
import type { EmbedInput } from '../embed/embedder.ts';
import { normalized } from '../embed/normalize.ts';
import type { EmbedService } from './embed-service.ts';
import type { KnownText, Reader, ReaderModel } from './reader.ts';
import { tokenizerOf } from './tokenizers.ts';

/** What goes to the engine at once: enough for a few instances, little enough that what is lost by an abort is small. */
const BATCH_TOKENS = 8 * CALL_TOKENS;
/** What is kept of the texts last worked on; a text whose vectors alone are more is cut without them. */
const MEMORY_BYTES = 96 << 20;

/** Chunks texts, with the vectors of their sentences where the strategy works on them. */
export interface SentenceVectorStore {
  /**
   * Chunks of a text under a recipe. What the strategy needs is embedded first and kept, also what was made before an
   * abort. A text of too many sentences is cut as by `recursive`, which the columns say. Rejects as the reader and the
   * engine do.
   */
  rechunk(
    reader: Reader,
    text: KnownText,
    recipe: Recipe,
    model: ReaderModel,
    signal: AbortSignal,
  ): Promise<ChunkColumns>;
  /** Sentences that `rechunk` would have to embed. */
  missing(
    reader: Reader,
    text: KnownText,
    recipe: Recipe,
    model: ReaderModel,
    signal: AbortSignal,
  ): Promise<number>;
}

/** Vectors of a text's sentences, of which the first `done` are made. They are in memory only. */
interface Entry extends SentenceVectors {
  spans: readonly Span[];
  done: number;
}

export function createSentenceVectors(
  engine: Pick<EmbedService, 'embed'>,
  memoryBytes = MEMORY_BYTES,
): SentenceVectorStore {
  /** The one last used is the last. */
  const entries = new Map<string, Entry>();

  /** Undefined where the recipe needs no vectors, or the text would have too many. */
  async function find(...asked: Parameters<SentenceVectorStore['missing']>): Promise<Entry | undefined> {
    const [reader, text, recipe, model, signal] = asked;
    if (!strategyOf(recipe.strategy).needsVectors) return undefined;
    const key = JSON.stringify([text.id, recipe.modelId, recipe.pooling, recipe.documentPrefix]);
    let entry = entries.get(key);
    if (!entry) {
      const { dimensions } = model.info;
      const spans = await reader.sentences(text, recipe.documentPrefix, model, signal);
      if (spans.length * dimensions * Float32Array.BYTES_PER_ELEMENT > memoryBytes) return undefined;
      // Another call may have begun with the same text meanwhile.
      entry = entries.get(key) ?? {
        spans,
        data: new Float32Array(spans.length * dimensions),
        dimensions,
        done: 0,
      };
    }
    entries.delete(key);
    entries.set(key, entry);
    let bytes = 0;
    for (const { data } of entries.values()) bytes += data.byteLength;
    for (const [oldest, { data }] of entries) {
      if (bytes <= memoryBytes) break;
      entries.delete(oldest);
      bytes -= data.byteLength;
    }
    return entry;
  }

  async function complete(
    entry: Entry,
    text: KnownText,
    recipe: Recipe,
    model: ReaderModel,
    signal: AbortSignal,
  ): Promise<void> {
    if (entry.done === entry.spans.length) return;
    const tokenizer = tokenizerOf(model);
    const whole = (await text.parts()).pages.join('');
    const { spans, data, dimensions } = entry;
    while (entry.done < spans.length) {
      const first = entry.done;
      const inputs: EmbedInput[] = [];
      for (let tokens = 0; tokens < BATCH_TOKENS && first + inputs.length < spans.length; ) {
        const { start, end } = spans[first + inputs.length] as Span;
        const sentence = recipe.documentPrefix + whole.slice(start, end);
        const { ids } = tokenizer.encode(sentence);
        inputs.push({ text: sentence, ids });
        tokens += ids.length;
      }
      const rows = await engine.embed({ ...recipe, dimensions }, inputs, signal);
      for (let at = 0; at < rows.length; at += dimensions)
        data.set(normalized(rows.subarray(at, at + dimensions)), first * dimensions + at);
      // Two calls on one text write the same rows.
      entry.done = Math.max(entry.done, first + inputs.length);
    }
  }

  return {
    async rechunk(reader, text, recipe, model, signal) {
      const entry = await find(reader, text, recipe, model, signal);
      if (!entry) return reader.rechunk(text, recipe, model, signal);
      await complete(entry, text, recipe, model, signal);
      const { spans, data, dimensions } = entry;
      return reader.rechunk(text, recipe, model, signal, { spans, data, dimensions });
    },
    async missing(...asked) {
      const entry = await find(...asked);
      return entry ? entry.spans.length - entry.done : 0;
    },
  };
}
