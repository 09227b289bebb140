import type { ChunkColumns } from '../../domain/chunk.ts';
import type { Block } from '../../domain/document.ts';

/**
 * What is drawn for one chunk, so that every stretch of the text is drawn once: from where the chunk before ends to
 * where this one ends. From `sharedFrom` on the text belongs to the next chunk as well.
 */
export interface Band {
  start: number;
  end: number;
  sharedFrom: number;
}

export function bandOf(columns: ChunkColumns, ordinal: number): Band {
  const end = columns.ends[ordinal] ?? 0;
  const before = ordinal > 0 ? (columns.ends[ordinal - 1] ?? 0) : 0;
  const start = Math.min(end, Math.max(columns.starts[ordinal] ?? 0, before));
  const next = ordinal + 1 < columns.count ? (columns.starts[ordinal + 1] ?? end) : end;
  return { start, end, sharedFrom: Math.min(end, Math.max(start, next)) };
}

/** A run of text drawn in one way; offsets into the document. */
export interface Stretch {
  start: number;
  end: number;
  shared: boolean;
  kind?: Block['kind'];
}

/** Cuts a band where it begins to be shared and at its blocks' ends. Blocks are in order and do not overlap. */
export function stretchesOf(band: Band, blocks: readonly Block[]): Stretch[] {
  const stretches: Stretch[] = [];
  const push = (start: number, end: number, kind?: Block['kind']) => {
    for (const [from, to, shared] of [
      [start, Math.min(end, band.sharedFrom), false],
      [Math.max(start, band.sharedFrom), end, true],
    ] as const) {
      if (from < to) stretches.push({ start: from, end: to, shared, ...(kind ? { kind } : {}) });
    }
  };
  let at = band.start;
  for (let i = firstBlockAfter(blocks, band.start); i < blocks.length; i++) {
    const block = blocks[i];
    if (!block || block.start >= band.end) break;
    const start = Math.max(block.start, band.start);
    const end = Math.min(block.end, band.end);
    push(at, start);
    push(start, end, block.kind);
    at = end;
  }
  push(at, band.end);
  return stretches;
}

/** Index of the first block that ends after an offset. */
function firstBlockAfter(blocks: readonly Block[], offset: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The chunk that holds an offset, or the last one that begins before it. */
export function chunkNear(columns: ChunkColumns, offset: number): number {
  let low = 0;
  let high = columns.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((columns.starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
