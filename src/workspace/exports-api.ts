import type { ExportColumn, VectorPrecision } from '../domain/export.ts';
import type { ChunkPlace } from '../domain/search.ts';
import type { AbortPort, AddProgress } from './api.ts';

/** The id of a format, as `exportFormats` lists them. */
export type ExportFormatId = string;

export interface ExportFormatInfo {
  id: ExportFormatId;
  name: string;
  /** What reads it, for a person. */
  readBy: string;
  /** Of what is downloaded: the one file's, or 'zip' for several. */
  extension: string;
  /** Of the files it consists of. */
  extensions: string[];
  mediaType: string;
  precisions: readonly VectorPrecision[];
  /** Columns that may be left out. */
  optional: readonly ExportColumn[];
  /** Whether the original files can go along. */
  originals: boolean;
}

/** What is written, and how. */
export interface ExportOptions {
  format: ExportFormatId;
  /** float32 where absent: exact. */
  precision?: VectorPrecision;
  /** All where absent. */
  columns?: ExportColumn[];
  /** Only these files. */
  fileIds?: string[];
  /** Only these chunks. */
  places?: ChunkPlace[];
  /** With a format that can hold them, the original files as far as they are kept. */
  originals?: boolean;
  /** What ids of records are made of beside path and ordinal; the collection's id where absent. */
  idSpace?: string;
  /** Of a format of several files only the one with this extension. */
  only?: string;
}

export interface ExportPreview {
  /** The first record as it will be written. */
  first: string;
  records: number;
  /** Estimated from a sample of records. */
  bytes: number;
  /** Files not yet whole, whose vectors so far would be written. */
  unfinished: number;
  /** Whether the collection's model comes with the app, and so may go along in a format that takes it. */
  modelComes: boolean;
  /** What a precision below float32 costs, over a sample. */
  error?: { largest: number; leastCosine: number };
}

/** What the Export dialog asks of the workspace. Rejects with a VecdropError's name and message. */
export interface ExportsApi {
  exportFormats(): Promise<ExportFormatInfo[]>;
  exportPreview(collectionId: string, options: ExportOptions): Promise<ExportPreview>;
  exportCollection(
    collectionId: string,
    options: ExportOptions,
    abort: AbortPort,
    progress: (progress: AddProgress) => void,
  ): Promise<Blob>;
  /** Writes into a file that the person chose; when it is cancelled or fails, the file stays as it was. Resolves to its bytes. */
  exportToFile(
    collectionId: string,
    options: ExportOptions,
    target: FileSystemFileHandle,
    abort: AbortPort,
    progress: (progress: AddProgress) => void,
  ): Promise<number>;
}
