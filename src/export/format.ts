import type { ArchiveSource } from '../domain/archive.ts';
import type { ExportColumn, VectorPrecision } from '../domain/export.ts';
import type { Recipe } from '../domain/recipe.ts';

/** One chunk with its vector and where it stands. */
export interface ExportRecord {
  /** A UUID made of the collection, the file's path and the chunk's ordinal: the same in every export. */
  id: string;
  index: number;
  /** At float16 the numbers are rounded to what 16 bits hold; at int8 they are `quantized` times its scale. */
  embedding: Float32Array;
  /** With int8 alone. */
  quantized?: QuantizedVector;
  text: string;
  /** Path of its file. */
  file: string;
  /** Position among the chunks of its file. */
  ordinal: number;
  /** UTF-16 offsets into the document's text, end exclusive. */
  start: number;
  end: number;
  tokens: number;
  /** 1-based; absent where the format has no pages. */
  page?: number;
  /** Titles of the headings that it stands under, outermost first. */
  headings: readonly string[];
  /** Of the document's text, 1-based, both included. */
  lines: { first: number; last: number };
}

/** A vector in 8 bits a number: number i is values[i] × scale. */
export interface QuantizedVector {
  values: Int8Array;
  scale: number;
}

/** What is said once about all records. */
export interface ExportHeader {
  /** The collection's name. */
  collection: string;
  /** The model's name. */
  model: string;
  dimensions: number;
  recipe: Recipe;
  /** Records that will come. */
  records: number;
  precision: VectorPrecision;
  columns: ReadonlySet<ExportColumn>;
}

/** The records from the first on, each time it is called: the same ones in the same order. */
export type Records = () => AsyncIterable<ExportRecord>;

/** What besides records a format may put into its files. */
export interface ExportParts extends AppParts {
  /** All that is stored of the collection. */
  archive(): Promise<ArchiveSource>;
}

/** What of the app itself a format may put into its files. */
export interface AppParts {
  /** A file of the built app in pieces, by its path from the page. */
  file(path: string): AsyncIterable<Uint8Array>;
  /** The file of the collection's model, where it comes with the app and so may go along. */
  model?: { bytes: number; read(): AsyncIterable<Uint8Array> };
}

/** One of the files that a format consists of. */
export interface ExportFile {
  /** Without the dot. */
  extension: string;
  /** Bytes in pieces: no export is held whole, and a piece is not looked at any more once the next is asked for. */
  encode(header: ExportHeader, records: Records, parts: ExportParts): AsyncIterable<Uint8Array>;
  /** About how many they are, where that can be told without writing them. */
  bytes?(header: ExportHeader, parts: ExportParts): Promise<number>;
  /** How often it goes through the records; once where absent. */
  passes?(header: ExportHeader, app: AppParts): number;
}

/** One export format: one file in formats/, one line in the registry. */
export interface ExportFormat {
  id: string;
  /** As shown to a person. */
  name: string;
  /** What reads it, for a person: 'pandas, DuckDB, Polars'. */
  readBy: string;
  /** Of the one file, or of the zip that several come in. */
  mediaType: string;
  /** Mostly one; several are downloaded as a zip, and written beside each other by the command line. */
  files: readonly [ExportFile, ...ExportFile[]];
  /** How finely it can hold vectors; float32 first. */
  precisions: readonly ['float32', ...VectorPrecision[]];
  /** Columns that may be left out; a format whose reader needs them all has none. */
  optional: readonly ExportColumn[];
  /** Whether it can hold the original files. */
  originals?: true;
  /** One record as it stands in the file, or as near as text comes to it. */
  preview(record: ExportRecord, header: ExportHeader): string;
}
