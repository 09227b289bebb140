import type { ChunkColumns } from '../domain/chunk.ts';
import type { CollectionInfo, Failure, FileRow } from '../domain/collection.ts';
import type { Block } from '../domain/document.ts';
import type { CallLog } from '../domain/engine.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { WireRequest, WireResponse } from '../rpc/wire.ts';
import type { ExportsApi } from './exports-api.ts';
import type { FoldersApi } from './folders-api.ts';
import type { ImportsApi } from './imports-api.ts';
import type { MapApi } from './map-api.ts';
import type { ModelDownload, ModelsApi } from './models-api.ts';
import type { SearchApi } from './search-api.ts';
import type { UpsertApi } from './upsert-api.ts';

/** A file to add. Within a folder a path is a file's identity; loose files of one name are both kept. */
export interface Addition {
  file: File;
  path: string;
  fromFolder: boolean;
  /** Set on files of a folder to add even where they hold no text: they fail by name then, as loose ones do. */
  asked?: true;
}

/** What became of added files; every file is counted once, an archive as the files in it. */
export interface AddReport {
  added: number;
  /** Same path and same content: nothing to do. */
  unchanged: number;
  /** Same path, new content: read again. */
  changed: number;
  /** Loose files that got another name because theirs was taken: [given, kept as]. */
  renamed: [string, string][];
  failed: { path: string; error: Failure }[];
  /** Models among the files, by name. */
  models: string[];
  /** Files of folders and archives that hold no text, left out; and the paths of the additions that they were in. */
  binary: { files: number; of: string[] };
}

/** What a new recipe would cost, said before it is applied. */
export interface RecipePlan {
  files: number;
  chunks: number;
  /** Chunks whose vector must be made: the rest is kept. */
  toEmbed: number;
  tokensToEmbed: number;
  /** Sentences to embed before the chunks are known; their tokens are among tokensToEmbed, and the chunks an estimate. */
  sentences: number;
  /** Estimated from the speed of the work under way, else from that of the engine's test; absent before either. */
  seconds?: number;
}

/** A document's chunks under a recipe, or the sentences to embed before they can be told. */
export type Preview =
  | { chunks: ChunkColumns }
  /** `seconds` as of RecipePlan. */
  | { sentences: number; seconds?: number };

/** What the Document pane shows of a file, without its text. */
export interface DocumentInfo {
  fileId: string;
  title?: string;
  /** UTF-16 units. */
  length: number;
  blocks: Block[];
  chunks: ChunkColumns;
  /** Chunks with a vector: ordinals below this. */
  embedded: number;
}

/** Why the queue stands still. */
export interface Pause {
  reason: 'user' | 'quota' | 'engine';
  message: string;
}

/** What the engine and the queue are doing, over all tabs. */
export interface Status {
  /** Whether this tab does the work, another does, or nobody yet. */
  role: 'indexer' | 'follower';
  paused?: Pause;
  engine: {
    state: 'idle' | 'loading' | 'ready' | 'failed';
    name?: string;
    instances?: number;
    error?: Failure;
  };
  /** Of the running work, over the last seconds; absent when idle. */
  tokensPerSecond?: number;
  secondsLeft?: number;
  /** Files of the queue, over all collections. */
  queue: { waiting: number; working: number };
  /** Files being worked on now, with chunks done (may run ahead of what is committed). */
  active: { fileId: string; stage: 'reading' | 'embedding'; done: number; chunks: number }[];
}

export interface StorageUse {
  usage: number;
  quota: number;
  persisted: boolean;
}

/** What the page hears. An event is an invalidation: ask again for what is shown. */
export type WorkspaceEvent =
  | { type: 'changed'; revision: number }
  | { type: 'status'; status: Status }
  | { type: 'request'; request: RequestLog }
  | { type: 'downloads'; downloads: ModelDownload[] }
  | { type: 'call'; call: CallLog }
  | { type: 'blocked'; message: string };

/** One answered request of the API, for the log. */
export interface RequestLog {
  /** Milliseconds since 1970, when it came in. */
  at: number;
  method: string;
  path: string;
  status: number;
  /** Tokens that were embedded for it. */
  tokens: number;
  ms: number;
}

export interface AddProgress {
  done: number;
  /** Grows by what archives turn out to hold. */
  total: number;
}

/** What there is to choose from, as the registries list it. */
export interface Offers {
  formats: { id: string; name: string; extensions: readonly string[] }[];
  strategies: {
    id: string;
    name: string;
    description: string;
    /** Whether the chunk size has a say. */
    sizes: boolean;
    /** Whether the overlap has a say. */
    overlaps: boolean;
    /** Whether it breaks where the text turns: sentences are embedded first, and the recipe's thresholds have a say. */
    needsVectors: boolean;
  }[];
}

/** A way to cancel across a worker: post anything into the port to abort. */
export type AbortPort = MessagePort;

/**
 * The one object behind the page, in a worker. Every method rejects with a VecdropError's name and message.
 * Offsets are UTF-16; ids are opaque.
 */
export interface WorkspaceApi
  extends ModelsApi,
    FoldersApi,
    SearchApi,
    MapApi,
    ExportsApi,
    ImportsApi,
    UpsertApi {
  status(): Promise<Status>;
  offers(): Promise<Offers>;
  storage(): Promise<StorageUse>;

  collections(): Promise<CollectionInfo[]>;
  createCollection(name: string, modelId?: string): Promise<string>;
  renameCollection(id: string, name: string): Promise<void>;
  removeCollection(id: string): Promise<void>;
  restoreCollection(id: string): Promise<void>;

  /** Rows changed after a revision, oldest change first, deleted ones included; at most `limit`. Page on by the last row's revision. */
  files(collectionId: string, afterRevision: number, limit: number): Promise<FileRow[]>;
  addFiles(
    collectionId: string,
    additions: Addition[],
    abort: AbortPort,
    progress: (progress: AddProgress) => void,
  ): Promise<AddReport>;
  removeFiles(ids: string[]): Promise<void>;
  restoreFiles(ids: string[]): Promise<void>;
  retryFiles(ids: string[]): Promise<void>;
  cancelFiles(ids: string[]): Promise<void>;
  /** Everything of the collection that is not finished; drops a recipe change that is under way. */
  cancelAll(collectionId: string): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;

  document(fileId: string): Promise<DocumentInfo | undefined>;
  text(fileId: string, start: number, end: number): Promise<string>;
  /** Offsets at which the lines of a file's text start, as domain/lines.ts has them; none for a file without a text. */
  lineStarts(fileId: string): Promise<Uint32Array>;
  vector(fileId: string, ordinal: number): Promise<Float32Array | undefined>;
  /**
   * Chunks of one document under another recipe, nothing stored. Where more than `most` sentences would have to be
   * embedded first nothing is, and the answer says how many; else `progress` hears how many of all are.
   */
  previewChunks(
    fileId: string,
    recipe: Recipe,
    most: number,
    abort: AbortPort,
    progress: (progress: AddProgress) => void,
  ): Promise<Preview>;

  planRecipe(collectionId: string, recipe: Recipe, abort: AbortPort): Promise<RecipePlan>;
  applyRecipe(collectionId: string, recipe: Recipe): Promise<void>;

  models(): Promise<ModelInfo[]>;
  addModel(file: File): Promise<ModelInfo>;

  /** One request of the API, answered as a server would. Rejects only with AbortError. */
  fetch(request: WireRequest, abort: AbortPort): Promise<WireResponse>;

  /** Names that models answer to in the API of themselves, in lower case, by model id; added aliases are in the settings. */
  apiNames(): Promise<Record<string, string[]>>;

  /** Whether originals are kept after reading; without them a parser's next version cannot read again. */
  settings(): Promise<Settings>;
  changeSettings(settings: Partial<Settings>): Promise<void>;
  deleteEverything(): Promise<void>;
}

export interface Settings {
  keepOriginals: boolean;
  /** Names that models answer to in the API beside their own, in lower case, with the model's id. */
  aliases: Record<string, string>;
  /** Engine instances at the most; by cores and memory where absent. */
  instances?: number | undefined;
  /** Threads of one instance; 1 where absent, which is the fastest for a pool. */
  threads?: number | undefined;
  /** What engines may hold together, in MB; a quarter of the device's memory where absent. */
  memoryMB?: number | undefined;
  /** Tokens of context that engines are opened with at the most; the model's own where absent. */
  contextSize?: number | undefined;
  /** Whether the call log holds the texts. */
  logPrompts?: boolean | undefined;
}

/** What the workspace worker serves: everything else comes with the opened workspace. */
export interface WorkspaceHost {
  /** `baseUrl` is the page's address. Rejects with 'storage/newer', 'storage/failed' or 'storage/blocked'. */
  open(baseUrl: string, listener: (event: WorkspaceEvent) => void): Promise<WorkspaceApi>;
}
