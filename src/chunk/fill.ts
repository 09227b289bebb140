import { VecdropError } from '../domain/errors.ts';
import { skipBlanks, trimEnd } from './blanks.ts';
import type { Level } from './level.ts';
import type { FillContext, Span } from './strategy.ts';

/**
 * UTF-16 units a chunk at the most, for each token of its size. Text has about five a token. But WordPiece reads a
 * run of over 100 letters as one [UNK], whatever its length: without this bound a megabyte without a blank would
 * be one chunk of three tokens, and its vector would say nothing.
 */
export const UNITS_PER_TOKEN = 16;

/** Looked back for an overlap: about twice what text has, so that the best start is rarely missed. */
const OVERLAP_UNITS_PER_TOKEN = 10;

/** Tokens by which two neighbouring spans counted together surely do not exceed the sum of both. */
const SURELY = 16;

/** Of a blank between two chunks, at the most: byte by byte. Only where the second repeats of the first is it in one. */
const TOKENS_PER_BLANK = 3;

/** How a text is cut. */
export interface Cuts {
  /** From coarse to fine; the last one must be able to cut anything. */
  levels: readonly Level[];
  /** A chunk less than a quarter full takes of the next piece too, cut by the levels up to this one; -1: never. */
  topUpTo: number;
  /** Whether it may take of the piece that starts here. */
  topsUpAt?(start: number): boolean;
  /** Where the overlap may start, from the best level to the worst. */
  overlapLevels: readonly Level[];
  /** Takes an end that would be a bad one back, but not to `from` or before. */
  adjustEnd?(from: number, end: number): number;
  /** Whether a chunk that starts here repeats nothing. */
  startsAfresh?(start: number): boolean;
}

/**
 * Covers a text, or a range of it, with chunks: each is filled with whole pieces of the coarsest level whose first
 * piece fits. Spans are trimmed of blanks, starts and ends strictly increase, and every non-blank unit is in one.
 * Throws 'chunk/too-long' where a single character does not fit.
 */
export function fill(context: FillContext, cuts: Cuts, range?: Span): Span[] {
  const { chunkSize, overlap, countTokens, overhead, fits } = context;
  const { text } = context.document;
  const { codePoints, words, rules } = context.segmentation;
  const to = range?.end ?? text.length;
  /** Units a token, as the last chunk had them: where the next end is looked for first. */
  let density = 4;

  /**
   * The furthest end of whole pieces that fits a chunk from `start`; undefined where not even the first one does,
   * `end` being where that is looked for. Counting is what costs: so ends are guessed by the density of the text.
   */
  const furthest = (start: number, end: number, pieces: Level): number | undefined => {
    const room = chunkSize - overhead(start);
    let low = end;
    let high = Math.min(to, start + chunkSize * UNITS_PER_TOKEN + 1) + 1;
    let found: number | undefined;
    let guess = start + room * density;
    for (let tries = 0; ; tries++) {
      // Guesses that do not close in are given up for halves.
      if (tries >= 5) guess = (low + high) / 2;
      const near = Math.min(Math.max(Math.round(guess), low + 1), high - 1);
      const at =
        pieces.last(low, near) ?? pieces.next(near, high - 1) ?? (high > to && low < to ? to : undefined);
      if (at === undefined) return found;
      const tokens = countTokens(start, trimEnd(text, start, at));
      if (tries === 0 && tokens > 0) density = (at - start) / tokens;
      if (fits(start, at)) {
        low = at;
        found = at;
      } else high = at;
      guess = at + (room - tokens) * density;
    }
  };

  /** The same for levels whose ends are dear to find: first the furthest character, then one question. */
  const furthestCostly = (start: number, end: number, pieces: Level): number | undefined => {
    for (let limit = furthest(start, end, codePoints); limit !== undefined && limit > end; ) {
      const at = limit >= to ? to : pieces.last(end, limit);
      if (at === undefined || fits(start, at)) return at;
      limit = at - 1;
    }
    return undefined;
  };

  const extend = (start: number, end: number, pieces: Level): number =>
    end >= to ? to : ((pieces.costly ? furthestCostly : furthest)(start, end, pieces) ?? end);

  /** The coarsest level that has a first piece which fits, and where that ends. */
  const firstPiece = (from: number): { level: number; end: number } => {
    const reach = Math.min(to, from + chunkSize * UNITS_PER_TOKEN + 1);
    for (const [level, pieces] of cuts.levels.entries()) {
      if (pieces.costly) {
        const end = furthestCostly(from, from, pieces);
        if (end !== undefined) return { level, end };
        continue;
      }
      const end = pieces.next(from, reach) ?? (reach === to ? to : undefined);
      if (end !== undefined && fits(from, end)) return { level, end };
    }
    throw tooLong(chunkSize, overhead(from));
  };

  /** Where the chunk whose first new piece is [from, end) starts, to repeat the end of the one before. */
  const repeatFrom = (before: Span, from: number, end: number): number => {
    const blanks = (from - before.end) * TOKENS_PER_BLANK;
    const spare = chunkSize - countTokens(from, end) - blanks - SURELY;
    const repeats = (start: number) => {
      const tokens = countTokens(start, before.end);
      return tokens <= overlap && (tokens + overhead(start) <= spare || fits(start, end));
    };
    const earliest = Math.max(before.start, before.end - overlap * OVERLAP_UNITS_PER_TOKEN);

    /** The first start at the end of a piece that repeats no more than it may; before.end where there is none. */
    const firstStart = (pieces: Level): number => {
      let bad = earliest;
      let good = before.end;
      let guess = before.end - overlap * density;
      for (let tries = 0; ; tries++) {
        if (tries >= 4) guess = (bad + good) / 2;
        const near = Math.min(Math.max(Math.round(guess), bad + 1), good - 1);
        const at =
          bad + 1 < good ? (pieces.next(near - 1, good - 1) ?? pieces.last(bad, near - 1)) : undefined;
        if (at === undefined) return skipBlanks(text, good);
        const start = skipBlanks(text, at);
        const tokens = countTokens(start, before.end);
        if (start < before.end && !repeats(start)) bad = at;
        else good = at;
        guess = start - (overlap - tokens) * density;
      }
    };
    for (const pieces of cuts.overlapLevels) {
      let start = firstStart(pieces.costly ? codePoints : pieces);
      if (pieces.costly && start < before.end) start = pieces.next(start - 1, before.end - 1) ?? before.end;
      if (start < before.end && repeats(start)) return start;
    }
    return from;
  };

  /**
   * The end of a chunk [start, end) whose own text is from `from` on, where the dashes under a table's header would
   * else be a chunk: it takes them in, or leaves of the header to them what fits, by cells.
   */
  const saysAnything = (from: number, end: number) => /[\p{L}\p{N}]/u.test(text.slice(from, end));
  const besideRule = (start: number, from: number, end: number): number => {
    const inside = rules.at(from);
    if (inside?.end === end) {
      const more = extend(start, end, words);
      return saysAnything(end, more) ? more : end;
    }
    const rule = rules.at(skipBlanks(text, end));
    if (!rule || rule.start < end || rule.end > to) return end;
    if (fits(start, rule.end)) return rule.end;
    let cell = rule.header;
    while (cell >= 0 && cell < end) {
      if (cell > from && saysAnything(cell, end) && fits(cell, rule.end)) return cell;
      cell = text.indexOf('|', cell + 1);
    }
    return end;
  };

  const spans: Span[] = [];
  for (let from = skipBlanks(text, range?.start ?? 0); from < to; ) {
    const first = firstPiece(from);
    const before = spans.at(-1);
    const mayRepeat = before && overlap > 0 && !cuts.startsAfresh?.(from);
    const start = mayRepeat ? repeatFrom(before, from, first.end) : from;
    let end = extend(start, first.end, cuts.levels[first.level] as Level);
    for (let level = first.level + 1; level <= cuts.topUpTo && end < to; level++) {
      if ((countTokens(start, end) + overhead(start)) * 4 >= chunkSize) break;
      if (cuts.topsUpAt && !cuts.topsUpAt(skipBlanks(text, end))) break;
      end = extend(start, end, cuts.levels[level] as Level);
    }
    end = trimEnd(text, from, cuts.adjustEnd?.(from, end) ?? end);
    end = trimEnd(text, from, besideRule(start, from, end));
    spans.push({ start, end });
    from = skipBlanks(text, end);
  }
  return spans;
}

function tooLong(chunkSize: number, overhead: number): VecdropError {
  return new VecdropError(
    'chunk/too-long',
    `A chunk size of ${chunkSize} tokens leaves no room for text beside the ${overhead} tokens that the model and the prefix take of every chunk. Choose a larger chunk size.`,
  );
}
