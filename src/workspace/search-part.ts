import type { ChunkColumns } from '../domain/chunk.ts';
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
