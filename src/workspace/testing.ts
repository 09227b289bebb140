import type { Span } from '../chunk/strategy.ts';
import { type ChunkColumns, toColumns } from '../domain/chunk.ts';

/** Words are chunks: what counts here is who does what, not where texts are cut. */
export function wordChunks(text: string): ChunkColumns {
  const chunks = [...text.matchAll(/\S+/g)].map(({ index, 0: word }, ordinal) => ({
    ordinal,
    start: index,
    end: index + word.length,
    tokens: word.length + 2,
    unknown: 0,
    headings: [],
    context: '',
  }));
  const hashes = new Uint8Array(chunks.length * 16);
  for (const [i, { start, end }] of chunks.entries()) {
    new TextEncoder().encodeInto(text.slice(start, end), hashes.subarray(i * 16, i * 16 + 16));
  }
  return toColumns(chunks, hashes);
}

/** What ends with a full stop is a sentence. */
export function sentenceSpans(text: string): Span[] {
  return [...text.matchAll(/\w[^.]*\./g)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
}
