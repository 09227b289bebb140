import type { ModelInfo } from '../domain/model.ts';

/** A file as the API knows it. Its id is given out as `file_<id>`. */
export interface ApiFile {
  id: string;
  /** As the client named it. */
  filename: string;
  bytes: number;
  purpose: string;
  /** Milliseconds since 1970. */
  addedAt: number;
}

export interface ChunkOptions {
  /** Tokens a chunk at the most, special tokens included. */
  capacity: number;
  overlap: number;
  strategy: string;
}

export interface Embedded {
  /** One vector an input, row-major. */
  data: Float32Array;
  dimensions: number;
}

/** What the API asks of the workspace. All of it is about the collection `api` and the models at hand. */
export interface ApiBackend {
  version: string;
  models(): Promise<ModelInfo[]>;
  /** The model that a name means, by id, name or alias; undefined where none does. */
  findModel(name: string): Promise<ModelInfo | undefined>;
  /** Names a model answers to, besides its id. */
  aliases(model: ModelInfo): string[];
  addFile(filename: string, content: Blob, purpose: string): Promise<ApiFile>;
  /** Oldest first. */
  files(): Promise<ApiFile[]>;
  file(id: string): Promise<ApiFile | undefined>;
  content(id: string): Promise<Blob | undefined>;
  removeFile(id: string): Promise<void>;
  /** The texts of a file's chunks. Rejects with the reader's 'file/…' errors. */
  chunk(id: string, options: ChunkOptions, signal: AbortSignal): Promise<string[]>;
  /** Strategies that `chunk` knows. */
  strategies: readonly string[];
  /** A text's ids, special tokens included. */
  tokenize(model: ModelInfo, texts: readonly string[]): Promise<Int32Array[]>;
  /** Vectors of inputs, each no longer than the model's context, of their first `dimensions` numbers and length 1. */
  embed(
    model: ModelInfo,
    inputs: readonly { text: string; ids: Int32Array }[],
    dimensions: number,
    signal: AbortSignal,
  ): Promise<Embedded>;
}
