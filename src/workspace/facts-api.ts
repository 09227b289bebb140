import type { ChunkPlace } from '../domain/search.ts';

/** What the Overview says of a collection's chunks. */
export interface CollectionFacts {
  /** Of every readable chunk. */
  tokens: Uint32Array;
  /** Files by language (BCP 47), the most first; '' where neither file nor text tells it. */
  languages: { language: string; files: number }[];
}

/** A chunk with the path of its file. */
export type NamedPlace = ChunkPlace & { path: string };

/** What chunks are like each other, and what like none. */
export interface LikenessFacts {
  /** Chunks that were looked at: those with a vector. */
  chunks: number;
  /** Chunks that say nearly what an earlier one says. */
  duplicates: number;
  /** The largest groups of them, the largest first. */
  groups: NamedPlace[][];
  /** Farthest from the middle of all chunks, the farthest first. */
  outliers: (NamedPlace & { cosine: number })[];
}
