import type { VectorPrecision } from './export.ts';
import type { Recipe } from './recipe.ts';

/*
 * The layout of a shared page: one HTML file with a collection in it. After the page's own parts come blocks, each the
 * text of a <script type="text/plain" data-block="kind">, in base64, so that each can be read, handed on and let go by
 * itself: first all texts, then the model and the vectors where the page searches by meaning, and an empty 'end'.
 *
 * - texts: deflated (RFC 1950): the length of a JSON text as u32, little-endian; the JSON (ShareTexts); then the
 *   texts of its records in UTF-8, one behind the other.
 * - model: a piece of the model's GGUF; the pieces in order are the file.
 * - vectors: of consecutive records, little-endian, row-major: float32, float16 as its bits, or int8 with the scales
 *   of the rows in float32 before them.
 */

/** For other readers, who do not travel with the file as the page's script does: raise it when a block means something else. */
export const SHARE_VERSION = 1;

export type ShareBlockKind = 'texts' | 'model' | 'vectors' | 'end';

/** What is said once, as JSON in <script type="application/json" id="about">. */
export interface ShareAbout {
  version: number;
  /** The collection's name. */
  collection: string;
  /** The model's name. */
  model: string;
  recipe: Recipe;
  records: number;
  /** The day it was written: 2026-11-23. */
  made: string;
  /** What is there to search by meaning; absent in a page that searches by words only. */
  meaning?: { modelBytes: number; precision: VectorPrecision };
}

/** The places of consecutive records, by columns. */
export interface ShareTexts {
  /** Consecutive records of one file: its path, and how many. A file may go on in the next block. */
  runs: [path: string, count: number][];
  /** UTF-16 offsets into the document's text, end exclusive. */
  starts: number[];
  ends: number[];
  /** 0 where the format has no pages. */
  pages: number[];
  /** The heading paths that occur, and for each record the index of its own. */
  headingPaths: string[][];
  headingOf: number[];
  /** 1-based, both included. */
  firstLines: number[];
  lastLines: number[];
  /** Bytes of each record's text. */
  bytes: number[];
}
