import type { DBSchema } from 'idb';
import type { ChunkColumns } from '../domain/chunk.ts';
import type { Failure, FileState } from '../domain/collection.ts';
import type { Block } from '../domain/document.ts';
import type { EngineId, EngineReport } from '../domain/engine.ts';
import type { MapPoints } from '../domain/map.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';

/** Raise with every change of the schema, and add the step to `upgrade` in database.ts. */
export const SCHEMA_VERSION = 1;

/** The chunks and vectors made of one file by one recipe. Vectors below `done` are committed. */
export interface Generation {
  id: string;
  /** Key of the text it was cut from, in `documents`; generations of one content may share it. */
  document: string;
  /** sha256 of the content that it was made of. */
  sha256: string;
  /** Version of the parsers that read the text. */
  parser: number;
  recipeKey: string;
  embeddingKey: string;
  chunks: number;
  done: number;
  tokens: number;
  unknown: number;
  pages: number;
  notice?: string;
}

export interface CollectionRecord {
  id: string;
  name: string;
  recipe: Recipe;
  /** Worked towards while the vectors of `recipe` serve; takes its place when every file is whole. */
  nextRecipe?: Recipe;
  createdAt: number;
  deletedAt?: number;
}

export interface FileRecord {
  id: string;
  collectionId: string;
  path: string;
  bytes: number;
  sha256: string;
  /** When it was last changed on disk; for what came out of an archive, the archive. Milliseconds since 1970. */
  modifiedAt?: number | undefined;
  state: FileState;
  /** Place in the queue; only files that wait for work have one. */
  queue?: number;
  /** Deaths since the last progress: committed before work starts, set back by every committed block. */
  attempts: number;
  /** What readers see. */
  current?: Generation;
  /** What is being made; on first indexing readers see it too. */
  growing?: Generation;
  format?: string;
  error?: Failure;
  /** Set on files that came in by the API: how the client named them. */
  upload?: {
    filename: string;
    purpose: string;
    /** The uploaded file that it is a copy of, in a collection of its own. */
    from?: string;
  };
  addedAt: number;
  deletedAt?: number;
  /** Its data is gone; the record stays a while so that other tabs see the deletion. */
  purged?: true;
  revision: number;
}

/** Page -1 of a document is its head, the others are TEXT_PAGE units of text each. */
export interface DocumentHead {
  document: string;
  page: -1;
  length: number;
  blocks: Block[];
  title?: string;
  notice?: string;
  language?: string;
}

export interface DocumentPage {
  document: string;
  page: number;
  text: string;
}

export interface VectorBlock {
  generation: string;
  first: number;
  count: number;
  /** count × dimensions, row-major. */
  data: Float32Array;
}

export interface ModelRecord {
  id: string;
  info: ModelInfo;
  addedAt: number;
  /** Files of a split GGUF, in OPFS; 1 where absent, and none for a model behind an endpoint. */
  parts?: number;
  /** Where it was downloaded from, should its files be lost. */
  source?: DownloadRecord['source'];
}

/** One file of a download; the bytes received are in OPFS, and their number is the file's size there. */
export interface DownloadPart {
  url: string;
  name: string;
  /** As a listing says. */
  bytes?: number;
  /** In hex, as a listing says. */
  sha256?: string;
  /** What the host said of the file when its bytes began to come; `validator` is an ETag or Last-Modified. */
  told?: { total?: number; validator?: string };
}

/** A model that is being downloaded, or was when its tab closed. */
export interface DownloadRecord {
  key: `download:${string}`;
  id: string;
  source: { url: string } | { repo: string; file: string; revision: string };
  name: string;
  /** Empty until the host has listed them. */
  parts: DownloadPart[];
  addedAt: number;
  /** Why it stands still; absent while it should run. */
  stopped?: { state: 'waiting' | 'failed'; message: string };
  /** Set when all is there and right: what is left is to keep the model. */
  whole?: { info: ModelInfo };
}

/** A host that a person allowed. */
export interface HostRecord {
  key: `host:${string}`;
  origin: string;
  allowedAt: number;
  sentBytes: number;
  receivedBytes: number;
}

/** A folder that files of a collection came from, to look at again. The key ends with the collection's id and its name. */
export interface FolderRecord {
  key: `folder:${string}`;
  name: string;
  handle: FileSystemDirectoryHandle;
}

/** Data that nothing refers to any more: removed by the sweeper. */
export interface SweepRecord {
  key: `sweep:${string}`;
  generation?: string;
  document?: string;
}

/** A text that is being written, or was when its writer died: nothing refers to it yet. */
export interface DraftRecord {
  key: `draft:${string}`;
  document: string;
}

export interface PauseRecord {
  key: 'pause';
  reason: 'user' | 'quota' | 'engine';
  message: string;
}

/** What the self-test of a model's engines found, and what the person chose. */
export interface EngineRecord {
  key: `engine:${string}`;
  /** App version, browser and GPU: of another machine's or version's tests nothing holds. */
  machine: string;
  wanted: EngineId | 'auto';
  reports: EngineReport[];
}

/** The vector of the probe text when a model behind an endpoint was added: what it is known by. */
export interface ProbeRecord {
  key: `probe:${string}`;
  vector: Float32Array;
}

/** Person's settings; absent ones have their default. */
export interface SettingsRecord {
  key: 'settings';
  keepOriginals: boolean;
  aliases?: Record<string, string>;
  instances?: number | undefined;
  threads?: number | undefined;
  memoryMB?: number | undefined;
  contextSize?: number | undefined;
  logPrompts?: boolean | undefined;
}

/** A map and what its vectors are known by: it serves while they are the same. */
interface MapRecord {
  key: `map:${string}`;
  vectors: string;
  map: MapPoints;
}

export type MetaRecord =
  | { key: 'revision'; value: number }
  | SettingsRecord
  | EngineRecord
  | ProbeRecord
  | { key: 'remote-keys'; keys: Record<string, string> }
  | PauseRecord
  | SweepRecord
  | DraftRecord
  | DownloadRecord
  | FolderRecord
  | MapRecord
  | HostRecord;

export interface VecdropSchema extends DBSchema {
  meta: { key: string; value: MetaRecord };
  collections: { key: string; value: CollectionRecord };
  files: {
    key: string;
    value: FileRecord;
    indexes: {
      byPath: [string, string];
      byRevision: [string, number];
      byQueue: number;
      byContent: string;
      byDeletion: number;
    };
  };
  /** Small originals as bytes: in private windows some browsers refuse Blobs. */
  blobs: { key: string; value: { fileId: string; blob: Blob | ArrayBuffer } };
  documents: { key: [string, number]; value: DocumentHead | DocumentPage };
  chunks: { key: string; value: { generation: string; columns: ChunkColumns } };
  vectors: { key: [string, number]; value: VectorBlock };
  models: { key: string; value: ModelRecord };
}
