import { firstAbove } from './sorted.ts';

/** Offsets at which the lines of a text start, the first one's 0 included; the text may come in pages. */
export function lineStarts(pages: Iterable<string>): Uint32Array {
  const starts = [0];
  let before = 0;
  for (const page of pages) {
    for (let at = page.indexOf('\n'); at >= 0; at = page.indexOf('\n', at + 1)) starts.push(before + at + 1);
    before += page.length;
  }
  return Uint32Array.from(starts);
}

/** The first and the last line that a stretch of a text stands on, 1-based; `starts` are of lineStarts. */
export function linesOf(
  starts: Uint32Array,
  { start, end }: { start: number; end: number },
): { first: number; last: number } {
  // As many lines start at an offset or before as there are up to the line that it is on.
  return { first: firstAbove(starts, start), last: firstAbove(starts, Math.max(start, end - 1)) };
}
