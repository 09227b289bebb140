import type { Failure } from '../domain/collection.ts';
import type { ImportColumn, ImportMapping, ImportSample } from '../domain/import.ts';
import type { AbortPort } from './api.ts';

/** What dropped or chosen files are, before anything of them is written. */
export type ImportLook = ArchiveLook | TableLook;

/** Vecdrop's own archive: a whole collection. */
export interface ArchiveLook {
  kind: 'archive';
  /** The collection's name. */
  name: string;
  /** Milliseconds since 1970. */
  madeAt: number;
  files: number;
  chunks: number;
  /** Chunks with a vector. */
  embedded: number;
  /** Files whose originals are in it. */
  originals: number;
  model: { id: string; name: string; dimensions: number; here: boolean };
  /** The collection that it was made of, where that is still here: importing makes a second one. */
  same?: { id: string; name: string };
  /** Collections that it may be merged into: those whose recipe makes the same chunks and vectors. */
  fits: string[];
}

/** A table of texts and vectors. */
export interface TableLook {
  kind: 'table';
  /** The format's name. */
  format: string;
  /** What the collection could be called. */
  name: string;
  columns: ImportColumn[];
  rows?: number;
  /** Which column seems to be what. */
  mapping: ImportMapping;
  /** The model that the file names. */
  model?: { id: string; name: string; here: boolean };
}

/** Where imported chunks go: a collection of their own, or one that is there. */
export type ImportTarget = { name: string; modelId: string } | { collectionId: string };

/** A table under a mapping, looked at before anything is written. */
export interface TableCheck {
  samples: ImportSample[];
  /** Of the vectors; absent where there are none to see. */
  dimensions?: number;
  /** Why it cannot be imported so. */
  problem?: Failure;
  /** Models whose vectors have as many dimensions. */
  models: string[];
  /** Collections that it may be merged into: those with such a model. */
  fits: string[];
}

/** Whether vectors are a model's: some texts of the table, embedded anew and compared. */
export interface VectorCheck {
  texts: number;
  /** Least cosine with the vectors of the table. */
  least: number;
  /** Whether that is near enough to search them with this model's queries. */
  agree: boolean;
}

export interface ImportProgress {
  /** Rows of a table, or records of an archive, that are written. */
  done: number;
  /** 0 where only the end of the file will tell. */
  total: number;
  /** Of the work, 0 to 1. */
  share: number;
  /** Absent while too little is known. */
  secondsLeft?: number;
}

export interface ImportReport {
  collectionId: string;
  /** Whether it was made for this. */
  created: boolean;
  /** Files that came in, to take them out again. */
  fileIds: string[];
  chunks: number;
  /** Files that were there already with the same content: nothing to do. */
  unchanged: number;
  /** Files that got another name because theirs was taken: [given, kept as]. */
  renamed: [string, string][];
}

/**
 * The way back of exports. Rejects with a VecdropError's name and message: 'import/corrupt', 'import/unsupported',
 * 'import/mismatch', 'storage/quota'. What is aborted or fails leaves nothing behind.
 */
export interface ImportsApi {
  /** Endings of the files that can be imported, without the dot. */
  importExtensions(): Promise<string[]>;
  lookAtImport(files: File[], abort: AbortPort): Promise<ImportLook>;
  checkTable(
    files: File[],
    mapping: ImportMapping,
    target: ImportTarget,
    abort: AbortPort,
  ): Promise<TableCheck>;
  /** Takes as long as embedding a few texts: loads the model where it is not loaded. */
  checkVectors(
    files: File[],
    mapping: ImportMapping,
    target: ImportTarget,
    abort: AbortPort,
  ): Promise<VectorCheck>;
  importTable(
    files: File[],
    mapping: ImportMapping,
    target: ImportTarget,
    abort: AbortPort,
    progress: (progress: ImportProgress) => void,
  ): Promise<ImportReport>;
  importArchive(
    file: File,
    target: { name: string } | { collectionId: string },
    abort: AbortPort,
    progress: (progress: ImportProgress) => void,
  ): Promise<ImportReport>;
}
