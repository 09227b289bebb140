import type { ImportColumn } from '../domain/import.ts';
import type { Recipe } from '../domain/recipe.ts';

/** A cell as a format reads it; a vector of 8-bit numbers comes without its scale, which is a column of its own. */
export type Cell = string | number | readonly string[] | Float32Array | undefined;

/** One row of a table by column name. A Map, so that no column's name means anything to the program. */
export type Row = ReadonlyMap<string, Cell>;

/** What a file says of the collection that it was exported from. */
export interface ImportOrigin {
  collection?: string;
  model?: string;
  recipe?: Recipe;
}

/** Hears how much was read, 0 to 1. */
export type Told = (share: number) => void;

/** One table, mostly one file; NumPy's matrix and its lines are two. */
export interface ImportTable {
  columns: ImportColumn[];
  /** Where the format tells without reading all. */
  rows?: number;
  origin?: ImportOrigin;
  /**
   * The rows from the first on, each time it is called, with the named columns only; `told` hears how much of them was
   * read, 0 to 1. Throws 'import/corrupt' with the
   * number of the row (1-based) where the file breaks off or makes no sense.
   */
  read(columns: readonly string[], signal: AbortSignal, told?: Told): AsyncIterable<Row>;
}

/** One format of tables: one file in formats/, one line in the registry. */
export interface ImportFormat {
  id: string;
  /** As shown to a person. */
  name: string;
  /** Without the dot; the first is the one that names it. */
  extensions: readonly string[];
  /** Opens the files, of which at least one has one of the extensions. Rejects with 'import/corrupt', 'import/unsupported'. */
  open(files: readonly File[], signal: AbortSignal): Promise<ImportTable>;
}
