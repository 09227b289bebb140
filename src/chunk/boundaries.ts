import type { Document } from '../domain/document.ts';
import { isAbbreviated } from './abbreviations.ts';

/**
 * One way of cutting a text: the offsets in (from, to] where a piece ends, ascending and found lazily.
 * `from` is taken as a piece's start. `to` may be in the middle of a piece: it is one of them only where the
 * text ends or a piece does.
 */
export type Boundaries = (text: string, from: number, to: number) => Iterable<number>;

/** Where one of `starts` (ascending) is: for sections and blocks. */
export function atStarts(starts: readonly number[]): Boundaries {
  return function* (text, from, to) {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= from) low = middle + 1;
      else high = middle;
    }
    for (let start = starts[low]; start !== undefined && start <= to; start = starts[++low]) yield start;
    if (to === text.length && starts[low - 1] !== to) yield to;
  };
}

/** After each match of a pattern (with the flag g) and at the end of the text. */
function after(pattern: RegExp): Boundaries {
  return function* (text, from, to) {
    const window = text.slice(from, to);
    let last = 0;
    for (const match of window.matchAll(pattern)) {
      last = match.index + match[0].length;
      if (last < window.length || to === text.length) yield from + last;
    }
    if (to === text.length && last < window.length) yield to;
  };
}

export const paragraphs = after(/\n[^\S\n]*\n\s*/g);
export const lines = after(/\n\s*/g);
export const words = after(/\s+/g);

/** Ends of sentences in a document's language; what ends in an abbreviation goes on. */
export function sentencesOf(document: Document): Boundaries {
  const ends = segments('sentence', document.language);
  return function* (text, from, to) {
    for (const end of ends(text, from, to)) {
      if (end === text.length || !isAbbreviated(text, from, end)) yield end;
    }
  };
}

/** Words by dictionary: for Chinese, Japanese, Thai and others that put no blanks between words. */
export function dictionaryWordsOf(document: Document): Boundaries {
  return segments('word', document.language);
}

/** What a reader takes for one character: an emoji with its joiners, a letter with its marks. */
export const graphemes = segments('grapheme', undefined);

/** The last resort: never inside a surrogate pair. */
export const codePoints: Boundaries = function* (text, from, to) {
  for (let at = from; at < to; ) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    if (at <= to) yield at;
  }
};

/** UTF-16 units given to Intl.Segmenter at once: every step of it costs in proportion to its whole string. */
const WINDOW = { sentence: 1024, word: 256, grapheme: 128 } as const;

function segments(granularity: keyof typeof WINDOW, language: string | undefined): Boundaries {
  const segmenter = createSegmenter(granularity, language);
  return function* (text, from, to) {
    let size: number = WINDOW[granularity];
    for (let at = from; at < to; ) {
      const stop = Math.min(at + size, to);
      let last = at;
      for (const { index } of segmenter.segment(text.slice(at, stop))) {
        if (index === 0) continue;
        last = at + index;
        yield last;
      }
      if (stop === to) {
        if (to === text.length) yield to;
        return;
      }
      // The last segment may go on past the window: it is looked at again, with more room where it is the only one.
      if (last === at) size *= 2;
      else size = WINDOW[granularity];
      at = last;
    }
  };
}

function createSegmenter(granularity: keyof typeof WINDOW, language: string | undefined): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity });
  } catch {
    // Not a language tag: a document may say anything.
    return new Intl.Segmenter(undefined, { granularity });
  }
}
