/** What of MiniSearch is called. */
export interface MiniSearch {
  addAll(documents: readonly { id: number; text: string }[]): void;
  search(
    query: string,
    options: { prefix: (term: string, index: number, terms: string[]) => boolean },
  ): { id: number }[];
}

/** Milliseconds of CPU time, each try; bytes and counts. */
export interface SearchFigures {
  /** 100,000 rows of 384 floats: the ten nearest; the same in plain JavaScript; the same bytes read once. */
  cosine: number[];
  plain: number[];
  sweep: number[];
  /** 1,000,000 rows as int8: the nearest of rounded vectors; the same bytes read once. */
  cosine8: number[];
  sweep8: number[];
  bytes8: number;
  /** The same saved and opened: the time, and its bytes then. */
  load8: number[];
  openedBytes8: number;
  /** How many of the exact ten best were found. */
  recall8: number;
  /** 20,000 texts: making the index; twenty queries, the last word as a beginning. */
  build: number[];
  query: number[];
  /** MiniSearch's, where it is there. */
  peerBuild: number[];
  peerQuery: number[];
  /** 100,000 chunks, words and vectors. */
  rebuild: number[];
  load: number[];
}

/** Of the built module. */
export interface SearchBench {
  measureSearch(
    texts: readonly string[],
    rounds: number,
    cpuMs: () => number,
    peer: MiniSearch | undefined,
  ): Promise<SearchFigures>;
}
