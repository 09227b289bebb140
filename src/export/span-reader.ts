import { TEXT_PAGE } from '../domain/document.ts';
import { lineStarts, linesOf } from '../domain/lines.ts';

/** UTF-16 units asked for at once. */
const STRETCH = 2 * TEXT_PAGE;

/** A stretch of a document's text and the lines that it stands on, 1-based. */
export interface LocatedText {
  text: string;
  lines: { first: number; last: number };
}

/**
 * Reads spans of one text in order of their starts, with the lines that they stand on. Lines are counted while the
 * text goes by, so that each page of it is read once and only those that the next span may need are held.
 * `readText` gives the UTF-16 units [start, end), fewer at the text's end.
 */
export function spanReader(
  readText: (start: number, end: number) => Promise<string>,
): (start: number, end: number) => Promise<LocatedText> {
  let from = 0;
  let held = '';
  /** Of what is held; `linesBefore` whole lines came before it. */
  let starts = lineStarts([]);
  let linesBefore = 0;

  return async (start, end) => {
    if (start < from) throw new RangeError(`Span ${start}–${end} is asked for after text from ${from} on.`);
    while (from + held.length < end) {
      const at = from + held.length;
      const next = await readText(at, at + STRETCH);
      if (next === '') break;
      const done = Math.min(start - from, held.length);
      linesBefore += linesOf(starts, { start: done, end: done }).first - 1;
      held = held.slice(done) + next;
      from += done;
      starts = lineStarts([held]);
    }
    const { first, last } = linesOf(starts, { start: start - from, end: end - from });
    return {
      text: held.slice(start - from, end - from),
      lines: { first: linesBefore + first, last: linesBefore + last },
    };
  };
}
