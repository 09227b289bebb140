/** What is asked of a collection. */
export interface SearchQuery {
  text: string;
  /** 0 asks for words alone, 1 for meaning alone; between them scores are the weighted mean of the two. */
  balance: number;
  /** Only these files; all where absent. */
  fileIds?: string[];
  /** Only files whose path starts with this; it ends in '/'. */
  folder?: string;
  /** Only files of these formats, by their ids. */
  formats?: string[];
  /** Hits at the most. */
  limit: number;
  /** Hits of one file together, the file with the best hit first. */
  byFile: boolean;
  /** Chunks that say nearly the same as a better hit are folded into it. */
  fold: boolean;
  /** Of many chunks, those are left out that have no word of it and are no closer to it in meaning than any other. */
  trim?: boolean;
  /** Maximal marginal relevance: 0 or absent for the best hits as they are, towards 1 for hits that differ. */
  diversity?: number;
}

/** A chunk by its place: ordinals are those of the file's readable chunks. */
export interface ChunkPlace {
  fileId: string;
  ordinal: number;
}

/** A chunk that was found, with where it can be looked up. */
export interface SearchHit extends ChunkPlace {
  path: string;
  /** UTF-16 offsets into the document's text, end exclusive. */
  start: number;
  end: number;
  page?: number;
  headings: string[];
  /** 1-based, both included; absent where they are not known yet. */
  lines?: { first: number; last: number };
  /** 0 to 1: what hits are ordered by. */
  score: number;
  /** Cosine of query and chunk, where meaning had a say. */
  cosine?: number;
  /** BM25, where words had a say. */
  words?: number;
  /** The chunk's text, or of a long one the part around its matches; `marks` are spans within it, in order. */
  excerpt: string;
  marks: [start: number, end: number][];
  /** Near duplicates that were folded into it. */
  folded: (ChunkPlace & { path: string })[];
}

/** Cosine from which on two chunks say nearly the same. */
export const NEAR_DUPLICATE = 0.95;

/** What was found, and what it was found by. */
export interface SearchAnswer {
  hits: SearchHit[];
  /** Chunks that were looked through, by words and by meaning. */
  chunks: { words: number; meaning: number };
  ms: number;
  /** Whether meaning had a say: 'wait' while the model loads, 'gone' where it is not there. */
  meaning: 'used' | 'off' | 'wait' | 'gone';
  /** A sentence on why meaning had no say. */
  notice?: string;
  /** Nothing comes close in meaning: the hits are the nearest all the same. */
  weak?: true;
  /**
   * Of chunks like one of them: how many lie farther from the middle of all than that one; absent where they are too
   * few to tell.
   */
  farther?: number;
  /** The index is still being made of what is stored: asked again, more is looked through. */
  behind?: true;
}

/** A value for each readable chunk of a collection: files by path, chunks by ordinal. */
export interface ChunkValues {
  files: { fileId: string; count: number }[];
  values: Float32Array;
}
