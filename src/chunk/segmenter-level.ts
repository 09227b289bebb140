import type { Level } from './level.ts';

/** UTF-16 units before and behind a place that are shown to Intl.Segmenter: it costs in proportion to all it sees. */
const LOOK_BACK = 24;
const LOOK_AHEAD = 20;

/** Marks that no line begins with, in any script; after those of the second set none ends. */
const NOT_FIRST = /^[\p{Pe}\p{Pf}!%,.:;?¡-¿،؛؟।॥、。，．：；？！…‥・ー々ゝゞヽヾ％]/u;
const NOT_LAST = /[\p{Ps}\p{Pi}]$/u;

/**
 * Words by dictionary, for Chinese, Japanese, Thai and others that put no blanks between them, punctuation kept with
 * the word that it belongs to.
 */
export function dictionaryWordLevel(text: string, language: string | undefined): Level {
  const level = segmenterLevel(text, 'word', language);
  const parts = (at: number) =>
    !NOT_FIRST.test(text.slice(at, at + 2)) && !NOT_LAST.test(text.slice(Math.max(0, at - 2), at));
  return {
    costly: true,
    next(at, to) {
      let end = level.next(at, to);
      while (end !== undefined && end < text.length && !parts(end)) end = level.next(end, to);
      return end;
    },
    last(from, at) {
      let end = level.last(from, at);
      while (end !== undefined && !parts(end)) end = level.last(from, end - 1);
      return end;
    },
  };
}

/** What a reader takes for one character: an emoji with its joiners, a letter with its marks. */
export function graphemeLevel(text: string): Level {
  return segmenterLevel(text, 'grapheme', undefined);
}

/** Boundaries by Intl.Segmenter, which is shown no more than what is around the place asked for. */
function segmenterLevel(text: string, granularity: 'word' | 'grapheme', language: string | undefined): Level {
  const segmenter = createSegmenter(granularity, language);

  /** Where the segment that holds the unit at `at` starts; `from` is known to start one. */
  function startOf(from: number, at: number): number {
    for (let back = LOOK_BACK; ; back *= 2) {
      const base = safeStart(text, Math.max(from, at - back), from);
      const shown = text.slice(base, Math.min(text.length, at + LOOK_AHEAD));
      const start = base + (segmenter.segment(shown).containing(at - base)?.index ?? 0);
      // One that begins where the shown text does may have begun before.
      if (start > base || base === from) return start;
    }
  }

  /** Where the segment that holds the unit at `at` ends, as far as it does in what stands before `to`. */
  function endOf(at: number, to: number): number | undefined {
    // Characters are asked for from a start on; words from anywhere.
    const base = granularity === 'grapheme' ? at : safeStart(text, Math.max(0, at - LOOK_BACK), 0);
    for (let ahead = LOOK_AHEAD; ; ahead *= 2) {
      const stop = Math.min(text.length, at + ahead);
      const found = segmenter.segment(text.slice(base, stop)).containing(at - base);
      const end = base + (found ? found.index + found.segment.length : 1);
      if (end < stop || stop === text.length) return end <= to ? end : undefined;
      if (stop > to) return undefined;
    }
  }

  return {
    costly: true,
    next(at, to) {
      if (at >= text.length) return undefined;
      const end = granularity === 'word' ? latinWordEnd(text, at) : undefined;
      if (end === undefined) return endOf(at, to);
      return end <= to ? end : undefined;
    },
    last(from, at) {
      const start = at < text.length ? startOf(from, at) : text.length;
      return start > from ? start : undefined;
    },
  };
}

/**
 * `at` taken back, not before `from`, to where a segment may start for all that is seen: not inside a surrogate pair,
 * nor among flags, whose letters pair off from the first one on.
 */
function safeStart(text: string, at: number, from: number): number {
  let start = at;
  if (start > from && (text.charCodeAt(start) & 0xfc00) === 0xdc00) start--;
  while (start - 2 >= from && isRegional(text, start) && isRegional(text, start - 2)) start -= 2;
  return start;
}

/**
 * Where the word of plain letters that holds the unit at `at` ends, as Intl.Segmenter has it, where that is plain to
 * see: most words asked for are such, and no dictionary parts them.
 */
function latinWordEnd(text: string, at: number): number | undefined {
  let end = at;
  while (isLetter(text.charCodeAt(end))) end++;
  return end > at && ' \n,;!?()-/"'.includes(text.charAt(end)) ? end : undefined;
}

function isLetter(unit: number): boolean {
  const small = unit | 0x20;
  return small >= 0x61 && small <= 0x7a;
}

/** Whether one of the letters that flags are made of stands at an offset: U+1F1E6 to U+1F1FF. */
function isRegional(text: string, at: number): boolean {
  const low = text.charCodeAt(at + 1);
  return text.charCodeAt(at) === 0xd83c && low >= 0xdde6 && low <= 0xddff;
}

/** A segmenter of a language; of none where it is not a language tag, for a document may say anything. */
export function createSegmenter(
  granularity: Intl.SegmenterOptions['granularity'],
  language: string | undefined,
): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity });
  } catch {
    return new Intl.Segmenter(undefined, { granularity });
  }
}
