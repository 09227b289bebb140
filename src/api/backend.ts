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

/** A collection as a vector store. Its id is given out as `vs_<id>`. */
export interface ApiStore {
  id: string;
  name: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** Bytes of the original files. */
  bytes: number;
  files: ApiStoreFile[];
}

/** A file of a vector store, by the id that it has there. */
export interface ApiStoreFile {
  id: string;
  filename: string;
  bytes: number;
  addedAt: number;
  state: 'in_progress' | 'completed' | 'failed' | 'cancelled';
  /** A sentence, where it failed. */
  error?: string;
  chunking: { chunkSize: number; overlap: number };
}

/** A chunk that was found, with its whole text. */
export interface ApiHit {
  fileId: string;
  filename: string;
  text: string;
  /** Cosine of query and chunk. */
  score: number;
  page?: number;
  headings: string[];
}

/** Collections as the API's vector stores, and searching them by meaning. */
export interface StoreBackend {
  stores(): Promise<ApiStore[]>;
  /** By id or, where none has it, by name. */
  store(idOrName: string): Promise<ApiStore | undefined>;
  createStore(name: string): Promise<ApiStore>;
  renameStore(id: string, name: string): Promise<void>;
  removeStore(id: string): Promise<void>;
  /** Puts a copy of an uploaded file into a store, or finds the one that is there. Resolves to its id in the store. */
  attach(storeId: string, fileId: string): Promise<string>;
  removeStoreFile(id: string): Promise<void>;
  /** Waits until a file's work has ended. */
  settled(fileId: string, signal: AbortSignal): Promise<void>;
  /** Vectors of a file's chunks with the tokens that they took. */
  vectors(fileId: string): Promise<{ data: Float32Array; dimensions: number; tokens: number; model: string }>;
  /** Best first, no more than `limit`, none below the threshold. Rejects where the query cannot be embedded. */
  search(
    storeId: string,
    query: string,
    options: { limit: number; threshold: number; fileIds?: string[] },
    signal: AbortSignal,
  ): Promise<ApiHit[]>;
}

/** What the API asks of the workspace. All of it is about the collection `api` and the models at hand. */
export interface ApiBackend {
  version: string;
  /** The vector store that uploads go to. */
  uploads: string;
  stores: StoreBackend;
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
