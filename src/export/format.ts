import type { Recipe } from '../domain/recipe.ts';

/** One chunk with its vector and where it stands. */
export interface ExportRecord {
  index: number;
  embedding: Float32Array;
  text: string;
  /** Path of its file. */
  file: string;
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

/** What is said once about all records. */
export interface ExportHeader {
  /** The model's name. */
  model: string;
  dimensions: number;
  recipe: Recipe;
}

/** One export format: one file in formats/, one line in the registry. Bytes come in pieces: no export is held whole. */
export interface ExportFormat {
  id: string;
  /** As shown to a person. */
  name: string;
  /** Without the dot. */
  extension: string;
  mediaType: string;
  encode(header: ExportHeader, records: AsyncIterable<ExportRecord>): AsyncIterable<Uint8Array>;
  /** One record as it stands in the file, for a look before the download. */
  preview(record: ExportRecord): string;
}
