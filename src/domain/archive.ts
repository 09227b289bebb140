import type { Failure, FileState } from './collection.ts';
import type { Block } from './document.ts';
import type { Recipe } from './recipe.ts';

/** Raise when an older Vecdrop could no longer read what is written; docs/FORMAT.md says what each version holds. */
export const ARCHIVE_VERSION = 1;

/** The files of an archive; originals lie in a folder beside them. They may stand in any order, the manifest first. */
export const ARCHIVE_FILES = {
  manifest: 'vecdrop.json',
  files: 'files.jsonl',
  generations: 'generations.jsonl',
  documents: 'documents.jsonl',
  chunks: 'chunks.jsonl',
  vectors: 'vectors.f32',
} as const;

export const ORIGINALS_FOLDER = 'originals/';

/** vecdrop.json: what the archive holds, once. */
export interface ArchiveManifest {
  format: 'vecdrop-archive';
  version: number;
  /** The Vecdrop that wrote it. */
  madeBy: string;
  /** Milliseconds since 1970. */
  madeAt: number;
  collection: { id: string; name: string; createdAt: number; recipe: Recipe; nextRecipe?: Recipe };
  model: { id: string; name: string; dimensions: number };
  counts: {
    files: number;
    generations: number;
    documents: number;
    chunks: number;
    vectors: number;
    originals: number;
    /** Bytes of the originals. */
    originalBytes: number;
  };
}

/** A line of files.jsonl. */
export interface ArchivedFile {
  id: string;
  path: string;
  bytes: number;
  /** Of the original, in hex. */
  sha256: string;
  modifiedAt?: number;
  addedAt: number;
  format?: string;
  state: FileState;
  /** Whether it waited for work. */
  queued: boolean;
  attempts: number;
  error?: Failure;
  upload?: { filename: string; purpose: string; from?: string };
  /** Id of the generation that is read, and of the one that was being made. */
  current?: string;
  growing?: string;
  /** Name of its entry in the archive; and whether it is kept in memory's way, not as a Blob. */
  original?: { entry: string; plain: boolean };
}

/** A line of generations.jsonl: the chunks and vectors made of one file by one recipe. */
export interface ArchivedGeneration {
  id: string;
  document: string;
  sha256: string;
  parser: number;
  recipeKey: string;
  embeddingKey: string;
  chunks: number;
  done: number;
  tokens: number;
  unknown: number;
  pages: number;
  notice?: string;
  /** Numbers of one vector; 0 where it has none. */
  dimensions: number;
  /** How many vectors each stored block holds, in order; together `done`. */
  blocks: number[];
  /** Heading paths and contexts that its chunks refer to by index. */
  headingPaths: string[][];
  contexts?: string[];
  picked?: string;
}

/** Lines of documents.jsonl: of each document its head, then its text in pages. */
export type ArchivedDocument =
  | {
      document: string;
      /** UTF-16 units of its text. */
      length: number;
      title?: string;
      language?: string;
      notice?: string;
      blocks: Block[];
    }
  | { document: string; page: number; text: string };

/** A line of chunks.jsonl; those of a generation come together, by ordinal. */
export interface ArchivedChunk {
  generation: string;
  ordinal: number;
  /** UTF-16 units of the document's text, end exclusive. */
  start: number;
  end: number;
  tokens: number;
  unknown: number;
  /** 0 where the format has no pages. */
  page: number;
  heading: number;
  context?: number;
  /** XXH3-128 of what was embedded, in hex. */
  hash: string;
}

/** All that an archive is written from; each part is read once, in this order. */
export interface ArchiveSource {
  manifest: ArchiveManifest;
  generations(): AsyncIterable<ArchivedGeneration>;
  documents(): AsyncIterable<ArchivedDocument>;
  chunks(): AsyncIterable<ArchivedChunk>;
  /** Vectors in the order of the generations; what was given is not written over. */
  vectors(): AsyncIterable<Float32Array>;
  originals(): AsyncIterable<{ entry: string; bytes: number; pieces: AsyncIterable<Uint8Array> }>;
  /** Last: how an original is kept is known when it was read. */
  files(): AsyncIterable<ArchivedFile>;
}

const BEGINNING = new RegExp(`^PK\\x03\\x04.{26}${ARCHIVE_FILES.manifest}`, 's');

/** Whether a file begins as an archive, with the manifest as its first entry: so one that is cut off is known too. */
export async function beginsAsArchive(file: Blob): Promise<boolean> {
  return BEGINNING.test(String.fromCharCode(...new Uint8Array(await file.slice(0, 64).arrayBuffer())));
}
