import type { Chunk } from '../domain/chunk.ts';
import type { Document } from '../domain/document.ts';

/** What a strategy works with. Counts are of text.slice(start, end), special tokens and prefix included. */
export interface ChunkContext {
  document: Document;
  /** Tokens a chunk at the most. */
  chunkSize: number;
  /** Tokens repeated of the chunk before, at the most. */
  overlap: number;
  countTokens(start: number, end: number): number;
}

/** A span that becomes a chunk; page and headings are looked up by the caller. */
export type Span = Pick<Chunk, 'start' | 'end'>;

/** One chunking strategy: one file in strategies/, one line in the registry. */
export interface Strategy {
  id: string;
  /** As shown to a person. */
  name: string;
  /** One sentence on when to take it. */
  description: string;
  /** Whether the chunk size has a say; where not, the model's context is the limit. */
  sizes: boolean;
  /** Whether the overlap has a say. */
  overlaps: boolean;
  split(context: ChunkContext): Span[];
}
