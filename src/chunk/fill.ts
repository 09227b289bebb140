import { VecdropError } from '../domain/errors.ts';
import { skipBlanks, trimEnd } from './blanks.ts';
import type { Boundaries } from './boundaries.ts';
import type { ChunkContext, Span } from './strategy.ts';

/**
 * UTF-16 units a chunk at the most, for each token of its size. Text has about five a token. But WordPiece reads a
 * run of over 100 letters as one [UNK], whatever its length: without this bound a megabyte without a blank would
 * be one chunk of three tokens, and its vector would say nothing.
 */
export const UNITS_PER_TOKEN = 16;

/** Looked back for an overlap: about twice what text has, so that the best start is rarely missed. */
const OVERLAP_UNITS_PER_TOKEN = 10;

/** How a text is cut. */
interface Cuts {
  /** From coarse to fine; the last one must be able to cut anything. */
  levels: readonly Boundaries[];
  /** A chunk less than a quarter full takes of the next piece too, cut by the levels up to this one; -1: never. */
  topUpTo: number;
  /** Where the overlap may start, from the best level to the worst. */
  overlapLevels: readonly Boundaries[];
  /** Takes an end that would be a bad one back, but not to `from` or before. */
  adjustEnd(from: number, end: number): number;
  /** Whether a chunk that starts here repeats nothing. */
  startsAfresh(start: number): boolean;
}

/**
 * Covers a text with chunks from its start on: each is filled with whole pieces of the coarsest level whose first
 * piece fits. Spans are trimmed of blanks, starts and ends strictly increase, and every non-blank unit is in one.
 * Throws 'chunk/too-long' where a single character does not fit.
 */
export function fill(context: ChunkContext, cuts: Cuts): Span[] {
  const { chunkSize, overlap, countTokens } = context;
  const { text } = context.document;
  const reach = chunkSize * UNITS_PER_TOKEN;
  const overhead = countTokens(0, 0);

  const fits = (start: number, end: number): boolean => {
    const trimmed = trimEnd(text, start, end);
    return trimmed - start <= reach && countTokens(start, trimmed) <= chunkSize;
  };

  /** The coarsest level that has a first piece which fits, and where that ends. */
  const firstPiece = (from: number): { level: number; end: number } => {
    const to = Math.min(text.length, from + reach);
    for (const [level, boundaries] of cuts.levels.entries()) {
      for (const end of boundaries(text, from, to)) {
        if (fits(from, end)) return { level, end };
        break;
      }
    }
    throw new VecdropError(
      'chunk/too-long',
      `A chunk size of ${chunkSize} tokens leaves no room for text beside the ${overhead} tokens that the model and the prefix take of every chunk. Choose a larger chunk size.`,
    );
  };

  /** The furthest end of whole pieces from `from` on, which starts a piece, that fits a chunk from `start`. */
  const extend = (start: number, from: number, boundaries: Boundaries | undefined): number => {
    const candidates = [from];
    // Counting costs more than finding boundaries: so by steps that double, then by halves.
    let step = 1;
    for (const end of boundaries?.(text, from, Math.min(text.length, start + reach)) ?? []) {
      candidates.push(end);
      if (candidates.length <= step) continue;
      if (!fits(start, end)) break;
      candidates.splice(0, candidates.length - 1);
      step *= 2;
    }
    const over = firstIndex(candidates, 1, end => !fits(start, end));
    return candidates[over - 1] ?? from;
  };

  /** Where the chunk whose first new piece is [from, end) starts, to repeat the end of the one before. */
  const repeatFrom = (before: Span, from: number, end: number): number => {
    const earliest = Math.max(before.start, before.end - overlap * OVERLAP_UNITS_PER_TOKEN);
    for (const boundaries of cuts.overlapLevels) {
      const starts = Array.from(boundaries(text, earliest, before.end), boundary =>
        skipBlanks(text, boundary),
      );
      const index = firstIndex(
        starts,
        0,
        start => countTokens(start, before.end) - overhead <= overlap && fits(start, end),
      );
      const start = starts[index] ?? from;
      if (start < before.end) return start;
    }
    return from;
  };

  const spans: Span[] = [];
  for (let from = skipBlanks(text, 0); from < text.length; ) {
    const first = firstPiece(from);
    const before = spans.at(-1);
    const repeats = before && overlap > 0 && !cuts.startsAfresh(from);
    const start = repeats ? repeatFrom(before, from, first.end) : from;
    let end = extend(start, first.end, cuts.levels[first.level]);
    for (let level = first.level + 1; level <= cuts.topUpTo; level++) {
      if (countTokens(start, trimEnd(text, start, end)) * 4 >= chunkSize) break;
      end = extend(start, end, cuts.levels[level]);
    }
    end = trimEnd(text, from, cuts.adjustEnd(from, end));
    spans.push({ start, end });
    from = skipBlanks(text, end);
  }
  return spans;
}

/** By halves: the first index from `low` on whose value passes, given that all behind it do; values.length if none. */
function firstIndex(values: readonly number[], low: number, passes: (value: number) => boolean): number {
  let from = low;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (passes(values[middle] as number)) to = middle;
    else from = middle + 1;
  }
  return from;
}
