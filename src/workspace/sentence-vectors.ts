import { strategyOf } from '../chunk/registry.ts';
import type { SentenceTurns, Span } from '../chunk/strategy.ts';
import { turnsOf } from '../chunk/topic-breaks.ts';
import type { ChunkColumns } from '../domain/chunk.ts';
import type { Recipe } from '../domain/recipe.ts';
import { CALL_TOKENS } from '../embed/calls.ts';
import type { EmbedInput } from '../embed/embedder.ts';
import { normalized } from '../embed/normalize.ts';
import type { EmbedService } from './embed-service.ts';
import type { ReadResult } from './ingest-service.ts';
import type { KnownText, Reader, ReaderModel } from './reader.ts';
import { tokenizerOf } from './tokenizers.ts';

/** What goes to the engine at once: enough for a few instances, little enough that what is lost by an abort is small. */
const BATCH_TOKENS = 8 * CALL_TOKENS;
/** What is kept of the texts last worked on; a text whose vectors alone are more is cut without them. */
const MEMORY_BYTES = 96 << 20;

/** A text whose sentences may have to be embedded, and how it is to be chunked. */
type Asked = [reader: Reader, text: KnownText, recipe: Recipe, model: ReaderModel, signal: AbortSignal];

/** Chunks texts, after embedding their sentences where the strategy works on how the text turns between them. */
export interface SentenceVectorStore {
  /**
   * Reads a file and chunks it. `textId` names its text, which never changes under that name. Rejects as the reader
   * and the engine do.
   */
  read(
    reader: Reader,
    file: { blob: Blob; path: string; textId: string },
    recipe: Recipe,
    model: ReaderModel,
    signal: AbortSignal,
  ): Promise<ReadResult>;
  /**
   * Chunks of a text under a recipe. What the strategy needs is embedded first and kept, also what was made before an
   * abort; `onProgress` hears how many sentences of how many are done. A text of too many sentences is cut as by
   * `recursive`, which the columns say. Rejects as the reader and the engine do.
   */
  rechunk(...asked: [...Asked, onProgress?: (done: number, all: number) => void]): Promise<ChunkColumns>;
  /** Sentences that `rechunk` would have to embed, and all of the text; none where the strategy needs none. */
  missing(...asked: Asked): Promise<{ missing: number; all: number }>;
}

/** How a text turns, or what is made for it so far. In memory only. */
interface Entry {
  /** Sentences, and those that have a vector: the first `done` rows of `data`. */
  all: number;
  done: number;
  /** Empty once the turns are known. */
  spans: readonly Span[];
  data: Float32Array;
  turns?: SentenceTurns;
}

export function createSentenceVectors(
  engine: Pick<EmbedService, 'embed'>,
  memoryBytes = MEMORY_BYTES,
): SentenceVectorStore {
  /** The one last used is the last. */
  const entries = new Map<string, Entry>();

  /** Undefined where the recipe needs no vectors, or the text would have too many. */
  async function find(...[reader, text, recipe, model, signal]: Asked): Promise<Entry | undefined> {
    if (!strategyOf(recipe.strategy).needsVectors) return undefined;
    const key = JSON.stringify([text.id, recipe.modelId, recipe.pooling, recipe.documentPrefix]);
    let entry = entries.get(key);
    if (!entry) {
      const { dimensions } = model.info;
      const spans = await reader.sentences(text, recipe.documentPrefix, model, signal);
      if (spans.length * dimensions * Float32Array.BYTES_PER_ELEMENT > memoryBytes) return undefined;
      // Another call may have begun with the same text meanwhile.
      entry = entries.get(key) ?? {
        all: spans.length,
        done: 0,
        spans,
        data: new Float32Array(spans.length * dimensions),
      };
    }
    entries.delete(key);
    entries.set(key, entry);
    let bytes = 0;
    for (const held of entries.values()) bytes += bytesOf(held);
    for (const [oldest, held] of entries) {
      if (bytes <= memoryBytes) break;
      entries.delete(oldest);
      bytes -= bytesOf(held);
    }
    return entry;
  }

  async function complete(
    entry: Entry,
    [, text, recipe, model, signal]: Asked,
    onProgress: (done: number, all: number) => void,
  ): Promise<SentenceTurns> {
    if (entry.turns) return entry.turns;
    const { spans, all } = entry;
    const { dimensions } = model.info;
    const tokenizer = tokenizerOf(model);
    const whole = (await text.parts()).pages.join('');
    while (entry.done < all) {
      onProgress(entry.done, all);
      const first = entry.done;
      const inputs: EmbedInput[] = [];
      for (let tokens = 0; tokens < BATCH_TOKENS && first + inputs.length < all; ) {
        const { start, end } = spans[first + inputs.length] as Span;
        const sentence = recipe.documentPrefix + whole.slice(start, end);
        const { ids } = tokenizer.encode(sentence);
        inputs.push({ text: sentence, ids });
        tokens += ids.length;
      }
      const rows = await engine.embed({ ...recipe, dimensions }, inputs, signal);
      // Two calls on one text write the same rows, and the other one may have ended.
      if (entry.turns) break;
      for (let at = 0; at < rows.length; at += dimensions)
        entry.data.set(normalized(rows.subarray(at, at + dimensions)), first * dimensions + at);
      entry.done = Math.max(entry.done, first + inputs.length);
    }
    entry.turns ??= turnsOf({ spans, data: entry.data, dimensions });
    entry.spans = [];
    entry.data = new Float32Array();
    return entry.turns;
  }

  async function rechunk(
    ...[reader, text, recipe, model, signal, onProgress = () => {}]: Parameters<
      SentenceVectorStore['rechunk']
    >
  ): Promise<ChunkColumns> {
    const asked: Asked = [reader, text, recipe, model, signal];
    const entry = await find(...asked);
    const turns = entry && (await complete(entry, asked, onProgress));
    return reader.rechunk(text, recipe, model, signal, turns);
  }

  return {
    rechunk,
    async read(reader, { blob, path, textId }, recipe, model, signal) {
      const result = await reader.read(blob, path, recipe, model, signal);
      if (!strategyOf(recipe.strategy).needsVectors) return result;
      const { columns: _, format: __, ...parts } = result;
      const text = { id: textId, length: parts.length, parts: async () => parts };
      return { ...result, columns: await rechunk(reader, text, recipe, model, signal) };
    },
    async missing(...asked) {
      const entry = await find(...asked);
      return entry ? { missing: entry.all - entry.done, all: entry.all } : { missing: 0, all: 0 };
    },
  };
}

function bytesOf({ data, turns }: Entry): number {
  return data.byteLength + (turns ? turns.starts.byteLength * 2 + turns.depths.byteLength : 0);
}
