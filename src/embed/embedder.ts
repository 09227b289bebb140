import type { ModelInfo } from '../domain/model.ts';
import type { Vectors } from '../domain/vectors.ts';

/** One text to embed. `ids` carry the special tokens; `text` is for engines with a tokenizer of their own. */
export interface EmbedInput {
  text: string;
  ids: Int32Array;
}

/** How a batch is taken. */
export interface EmbedOptions {
  /** Before what waits already, as somebody waits for the answer; where the batch is short (one call), else in turn. */
  ahead?: boolean | undefined;
}

/**
 * Ids to vectors, pooled and, where the recipe says so, L2-normalised. Row i belongs to input i.
 * An aborted signal rejects with AbortError at once, whatever the engine is in.
 */
export interface Embedder {
  readonly model: ModelInfo;
  embed(batch: readonly EmbedInput[], signal: AbortSignal, options?: EmbedOptions): Promise<Vectors>;
  close(): Promise<void>;
}

/** What an engine does beside its vectors: for the page and the pool. */
export interface EngineInfo {
  /** As shown: 'wllama, CPU, F32'. */
  name: string;
  instances: number;
}
