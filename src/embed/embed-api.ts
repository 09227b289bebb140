import type { Pooling } from '../domain/model.ts';

/** One text as an engine takes it: ids with the special tokens, or words for an engine that cuts them itself. */
export type EngineText = Int32Array | string;

/** What a loaded engine is set to; its vectors depend on nothing else but the model's file. */
export interface EngineSettings {
  /** Tokens a text at the most, special ones included. */
  contextLength: number;
  dimensions: number;
  pooling: Pooling;
  normalize: boolean;
  /** How the file has its weights; for the engine's name. */
  quantization?: string;
  /** Where it computes; the CPU where absent. */
  device?: 'cpu' | 'webgpu';
  /** Threads of the one instance; 1 where absent. More than one needs shared memory. */
  threads?: number;
  /** 'auto' takes the 64-bit build where the browser can run it; 'compat' is for comparing the two. */
  build?: 'auto' | 'compat';
  /** Quantized weights as they are in the file, three times slower on a CPU: for measuring. */
  asStored?: boolean;
}

/** What an instance is to share with the others of its pool, where its engine can: the weights, in one memory. */
export interface Share {
  /** Of an instance that has loaded; where absent, this one makes it. Never written to but in places. */
  memory?: WebAssembly.Memory;
  /** Which of the work spaces beside the weights is this instance's, from 0. */
  place: number;
}

/** What came of loading a model. */
export interface OpenedEngine {
  /** As shown: 'wllama, CPU, F32'. */
  name: string;
  /** For the instances to come. */
  memory?: WebAssembly.Memory;
}

/** What every worker with an engine serves, whichever the engine: what a pool speaks to. */
export interface EmbedApi {
  /**
   * Loads the model, once; the parts of a split one in order. Rejects with 'model/load', 'model/corrupt' or
   * 'model/unsupported'.
   */
  open(gguf: Blob | Blob[], settings: EngineSettings, share?: Share): Promise<OpenedEngine>;
  /**
   * The vectors of some texts, row-major, in the order given. Heard between texts: anything on `abort` ends it
   * with AbortError. Rejects with 'chunk/too-long', or 'engine/failed' after which the worker must be replaced.
   */
  embed(texts: EngineText[], abort: MessagePort): Promise<Float32Array>;
}
