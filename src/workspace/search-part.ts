import type { ChunkColumns } from '../domain/chunk.ts';
import type { KeywordIndex } from '../search/bm25.ts';
import type { VectorMatrix } from '../search/matrix.ts';
import type { RowRange } from '../search/ranges.ts';
import type { SearchableFile } from '../store/search-records.ts';

/** Where the chunks of a file stand. */
export type PartColumns = Pick<
  ChunkColumns,
  'starts' | 'ends' | 'pages' | 'headingPaths' | 'headingOf' | 'hashes'
> & {
  /** 1-based; 0 where the text was not read yet. */
  firstLines: Uint32Array;
  lastLines: Uint32Array;
};

type Cut = Pick<ChunkColumns, 'starts' | 'ends'>;

/** Whether chunks stand at the same places. */
export function sameCut(a: Cut, b: Cut): boolean {
  const same = (left: Uint32Array, right: Uint32Array) =>
    left.length === right.length && left.every((value, i) => value === right[i]);
  return same(a.starts, b.starts) && same(a.ends, b.ends);
}

/** Line ends in text[start, end). */
export function linesIn(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** What the index holds of a file: chunk i is in row range.first + i of words and vectors alike. */
export interface Part {
  file: SearchableFile;
  generation: string;
  document: string;
  range: RowRange;
  columns: PartColumns;
  /** Chunks whose words are in, and the place and line up to which their text was read. */
  worded: number;
  at: number;
  line: number;
  /** Chunks whose vectors are in. */
  embedded: number;
}

/** What hits are put together from: a part without what only its making needs. */
export interface SearchedPart {
  file: Pick<SearchableFile, 'id' | 'path' | 'format'>;
  document: string;
  range: RowRange;
  columns: Omit<PartColumns, 'hashes'>;
}

/** What a query goes through: the index of a collection in the database, or of one in a file. */
export interface Searched {
  readonly words: KeywordIndex;
  readonly matrix: VectorMatrix | undefined;
  /** What is left out because memory is full: a sentence. */
  readonly notice: string | undefined;
  /** Whether something is not looked through yet. */
  readonly behind: boolean;
  /** What there is, by path in code unit order. */
  files(): readonly SearchedPart[];
  partOf(fileId: string): SearchedPart | undefined;
  /** The part that a row belongs to. */
  partAt(row: number): SearchedPart | undefined;
  /** Whether two rows are the same text, as it is embedded. */
  sameText(a: number, b: number): boolean;
}
