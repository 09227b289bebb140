import type { Document } from '../domain/document.ts';
import { firstAbove } from '../domain/sorted.ts';
import { isAbbreviated } from './abbreviations.ts';
import { skipBlanks, trimEnd } from './blanks.ts';
import { guessLanguage, languageOf } from './language.ts';
import type { Level } from './level.ts';
import { createSegmenter } from './segmenter-level.ts';

/** Writing that has no mark for the end of a sentence, and puts a blank there: Thai, Lao. */
const BLANK_ENDED = new Set(['th', 'lo']);
const BETWEEN_THAI = /(?<=[\u0e01-\u0edf]{2})\s+(?=[\u0e01-\u0edf])/g;

/** UTF-16 units given to Intl.Segmenter at once: every step of it costs in proportion to its whole string. */
const WINDOW = 1024;

const QUOTE_ENDS = '"\'”’»)」』）';

/** Without one of these no sentence ends: the Sentence_Terminal characters of scripts that are written today. */
const TERMINAL =
  /[.!?;\u0589\u061d-\u061f\u06d4\u0700-\u0702\u0964\u0965\u104a\u104b\u1362\u1367\u1368\u17d4\u17d5\u203c\u203d\u2047-\u2049\u3002\uff01\uff0e\uff1f\uff61]/;

/**
 * Ends of sentences, by Intl.Segmenter for the script and language of each line. `lineEnds` (ascending) are where
 * lines end that no sentence goes beyond. Each line is looked at once, when it is first asked for.
 */
export function sentenceLevel(document: Document, lineEnds: ArrayLike<number>): Level {
  const { text } = document;
  const own = document.language ?? guessLanguage(text);
  const known: (readonly number[] | undefined)[] = [];
  const segmenters = new Map<string | undefined, Intl.Segmenter>();
  const segmenterFor = (language: string | undefined) => {
    let segmenter = segmenters.get(language);
    if (!segmenter) {
      segmenter = createSegmenter('sentence', language);
      segmenters.set(language, segmenter);
    }
    return segmenter;
  };

  /** Sentence ends of the line of an index, its own end the last of them. */
  const endsOf = (line: number): readonly number[] => {
    let ends = known[line];
    if (!ends) {
      const start = line === 0 ? 0 : (lineEnds[line - 1] as number);
      const end = lineEnds[line] ?? text.length;
      const content = text.slice(start, end);
      const language = languageOf(content, own);
      ends = sentenceEnds(text, start, end, language, segmenterFor(language));
      known[line] = ends;
    }
    return ends;
  };

  return {
    next(at, to) {
      for (let line = firstAbove(lineEnds, at); line <= lineEnds.length; line++) {
        const ends = endsOf(line);
        const end = ends[firstAbove(ends, at)];
        if (end !== undefined) return end <= to ? end : undefined;
      }
      return undefined;
    },
    last(from, at) {
      // The line that ends at `at` lies before the first that ends above it.
      for (let line = firstAbove(lineEnds, at); line >= 0; line--) {
        const ends = endsOf(line);
        const end = ends[firstAbove(ends, at) - 1];
        if (end !== undefined) return end > from ? end : undefined;
        if (line > 0 && (lineEnds[line - 1] as number) <= from) return undefined;
      }
      return undefined;
    },
  };
}

function sentenceEnds(
  text: string,
  start: number,
  end: number,
  language: string | undefined,
  segmenter: Intl.Segmenter,
): number[] {
  const ends: number[] = [];
  const content = text.slice(start, end);
  const blanksEnd = language !== undefined && BLANK_ENDED.has(language);
  if (blanksEnd)
    for (const { index, 0: blanks } of content.matchAll(BETWEEN_THAI))
      ends.push(start + index + blanks.length);
  if (TERMINAL.test(content)) {
    // A line that was wrapped goes on as if it had not been.
    const joined = content.replaceAll('\n', ' ');
    let sentence = start;
    for (const offset of segmentEnds(joined, segmenter)) {
      const at = beforeOpening(text, sentence, start + offset);
      if (at <= sentence || at >= end || isAbbreviated(text, sentence, at, language) || !mayEnd(text, at))
        continue;
      ends.push(at);
      sentence = at;
    }
    if (blanksEnd) ends.sort((a, b) => a - b);
  }
  ends.push(end);
  return ends;
}

/**
 * Not within an address ('a.html?b=c'), nor behind a quotation that the sentence goes on after: '"Really?" she said',
 * 「行こう。」と彼は言った.
 */
function mayEnd(text: string, at: number): boolean {
  const stop = trimEnd(text, 0, at);
  const next = text.charAt(skipBlanks(text, at));
  if (stop === at && /\w/.test(next) && /[.!?]/.test(text.charAt(at - 1))) return false;
  const closed = QUOTE_ENDS.includes(text.charAt(stop - 1));
  return !closed || !/[a-z\u3041-\u309f]/.test(next);
}

/** An end taken back before marks that open what comes next, which count as closing ones to the segmenter. */
function beforeOpening(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /[\p{Ps}\p{Pi}]/u.test(text.charAt(at - 1))) at--;
  return at;
}

/** Offsets where segments of a string end, found in windows. */
function* segmentEnds(text: string, segmenter: Intl.Segmenter): Generator<number> {
  let size = WINDOW;
  for (let at = 0; at < text.length; ) {
    const stop = Math.min(at + size, text.length);
    let last = at;
    for (const { index } of segmenter.segment(text.slice(at, stop))) {
      if (index === 0) continue;
      last = at + index;
      yield last;
    }
    if (stop === text.length) return;
    // The last segment may go on past the window: it is looked at again, with more room where it is the only one.
    size = last === at ? size * 2 : WINDOW;
    at = last;
  }
}
