import type { Chunk } from '../domain/chunk.ts';
import type { Document } from '../domain/document.ts';
import type { Segmentation } from './segmentation.ts';

/** What a strategy works with. Offsets are UTF-16 into the document's text. */
export interface ChunkContext {
  document: Document;
  segmentation: Segmentation;
  /** Tokens a chunk at the most. */
  chunkSize: number;
  /** Tokens repeated of the chunk before, at the most. */
  overlap: number;
  /** Turns between sentences above this percentile (0 to 99) are breaks, where a strategy works on them. */
  breakPercentile: number;
  /** Tokens below which a chunk joins a neighbour, where a strategy breaks at turns. */
  leastSize: number;
  /** Tokens of text.slice(start, end) by itself: without special tokens, prefix and context. */
  countTokens(start: number, end: number): number;
  /** Tokens that a chunk from `start` on takes beside its own text. */
  overhead(start: number): number;
  /** Whether text.slice(start, end) is a chunk within the size, all that is embedded with it counted. */
  fits(start: number, end: number): boolean;
  /** For strategies that need them: see `needsVectors`. */
  turns?: SentenceTurns;
}

/** What filling chunks takes: whatever the strategy is. */
export type FillContext = Omit<ChunkContext, 'breakPercentile' | 'leastSize' | 'turns'>;

/** Sentences in order, sentence i being [starts[i], ends[i]), and how sharply the text turns behind each but the last. */
export interface SentenceTurns {
  starts: Uint32Array;
  ends: Uint32Array;
  /** As of `gapDepths`; one less than sentences. */
  depths: Float64Array;
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
  /** Whether a part of a table that has not its header is embedded with it. */
  carriesTableHeaders?: boolean;
  /** Whether it works on the turns between sentences, which are made of their vectors: without them it is as `recursive`. */
  needsVectors?: boolean;
  /** For a strategy that is a choice among others: the id of the one that suits a document. */
  pick?(document: Document): string;
  split(context: ChunkContext): Span[];
}
