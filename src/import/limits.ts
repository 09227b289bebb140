import { isAbort, VecdropError } from '../domain/errors.ts';

/** Bytes of one record: a line of JSONL, an object of JSON, a row of CSV. */
export const MAX_RECORD = 16 * 1024 * 1024;
/** Nesting of a record of JSON. */
export const MAX_DEPTH = 200;
/** Columns of a table; a vector may stand in as many columns as it has numbers. */
export const MAX_COLUMNS = 20_000;
/** Numbers of a vector. */
export const MAX_DIMENSIONS = 65_536;
/** Files that the rows of one table may belong to. */
export const MAX_FILES = 100_000;
/** Bytes of texts and vectors that are held at once: a file's, or those of files whose rows are mixed. */
export const MAX_HELD = 512 * 1024 * 1024;
/** UTF-16 units that one file's text may come to. */
export const MAX_TEXT = 128 * 1024 * 1024;
/** Rows of a file of its own where no column says which file a row belongs to. */
export const PART_ROWS = 10_000;

/** A file that is not whole or makes no sense, in a row (1-based) or as a whole. */
export function corrupt(sentence: string, cause?: unknown): VecdropError {
  return new VecdropError('import/corrupt', sentence, cause);
}

/** A file that is whole, but not of a kind that can be imported. */
export function unsupported(sentence: string, cause?: unknown): VecdropError {
  return new VecdropError('import/unsupported', sentence, cause);
}

/** A file that ends before it should; `rows` are those that came before. */
export function brokenOff(rows: number, cause?: unknown): VecdropError {
  const where = rows === 0 ? 'in its first row' : `after row ${rows.toLocaleString('en')}`;
  return corrupt(`This file breaks off ${where}. Export it again, or download it again.`, cause);
}

/** A row that cannot be read as what the file is. */
export function brokenRow(row: number, kind: string, cause?: unknown): VecdropError {
  return corrupt(
    `Row ${row.toLocaleString('en')} of this file is damaged: it cannot be read as ${kind}. Export the file again, or download it again.`,
    cause,
  );
}

/** A row above what one may have. */
export function tooLargeRow(row: number, most = MAX_RECORD): VecdropError {
  return unsupported(
    `Row ${row.toLocaleString('en')} of this file has no end within ${most / 1024 ** 2} MB, which no text with its vector takes: it is damaged, or no row at all. Export the file again, with one text a row.`,
  );
}

/** What a library throws about damaged bytes, as an error of ours; aborts and our own errors as they are. */
export function asCorrupt(error: unknown, sentence: string): unknown {
  if (error instanceof VecdropError || isAbort(error)) return error;
  return corrupt(sentence, error);
}
