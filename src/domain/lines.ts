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
  return { first: lineAt(starts, start), last: lineAt(starts, Math.max(start, end - 1)) };
}

/** How many lines start at an offset or before. */
function lineAt(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
