import type { Segment } from './segments.ts';

/**
 * Segments in the order in which a person reads them. Most programs write a page in that order; where a page is
 * written otherwise (it jumps back up without going to a column further right), it is sorted by its columns.
 */
export function readingOrder(segments: readonly Segment[]): Segment[] {
  return isInOrder(segments) ? [...segments] : sortByColumns([...segments], 0);
}

function isInOrder(segments: readonly Segment[]): boolean {
  let jumps = 0;
  for (let i = 1; i < segments.length; i++) {
    const last = segments[i - 1] as Segment;
    const next = segments[i] as Segment;
    const isAbove = next.y < last.y - 0.7 * Math.max(last.size, next.size);
    if (isAbove && next.left < (last.left + last.right) / 2) jumps++;
  }
  return jumps === 0;
}

/** Columns beside each other, one after the other; lines across all of them part them into bands. */
function sortByColumns(segments: Segment[], depth: number): Segment[] {
  segments.sort((a, b) => a.y - b.y || a.left - b.left);
  const gutter = depth < 4 ? findGutter(segments) : undefined;
  if (gutter === undefined) return byLines(segments);
  const out: Segment[] = [];
  let left: Segment[] = [];
  let right: Segment[] = [];
  const flush = () => {
    out.push(...sortByColumns(left, depth + 1), ...sortByColumns(right, depth + 1));
    left = [];
    right = [];
  };
  for (const segment of segments) {
    if (segment.right <= gutter + 1) left.push(segment);
    else if (segment.left >= gutter - 1) right.push(segment);
    else {
      flush();
      out.push(segment);
    }
  }
  flush();
  return out;
}

/** Top to bottom, and from left to right what stands on one line. */
function byLines(segments: Segment[]): Segment[] {
  const out: Segment[] = [];
  let line: Segment[] = [];
  const flush = () => {
    out.push(...line.sort((a, b) => a.left - b.left));
    line = [];
  };
  for (const segment of segments) {
    const [first] = line;
    if (first && Math.abs(segment.y - first.y) > 0.4 * Math.max(first.size, segment.size)) flush();
    line.push(segment);
  }
  flush();
  return out;
}

/** Where few lines cross and full columns stand on both sides; undefined where there is no such place. */
function findGutter(segments: readonly Segment[]): number | undefined {
  if (segments.length < 6) return undefined;
  const left = Math.min(...segments.map(segment => segment.left));
  const right = Math.max(...segments.map(segment => segment.right));
  const width = Math.ceil(right - left);
  if (!(width > 100 && width < 20_000)) return undefined;
  const crossed = new Float64Array(width + 1);
  for (const segment of segments) {
    const to = Math.min(width, Math.floor(segment.right - left));
    for (let x = Math.max(0, Math.ceil(segment.left - left)); x <= to; x++)
      crossed[x] = (crossed[x] ?? 0) + 1;
  }
  let best: { x: number; score: number } | undefined;
  for (let x = Math.round(width * 0.15); x < width * 0.85; x++) {
    const across = crossed[x] ?? 0;
    if (across > segments.length * 0.2) continue;
    let end = x;
    while (end < width && crossed[end] === across) end++;
    const score = (end - x) / (1 + across);
    const middle = left + (x + end) / 2;
    if (end - x >= 6 && score > (best?.score ?? 0) && areColumns(segments, middle, left, right)) {
      best = { x: middle, score };
    }
    x = end;
  }
  return best?.x;
}

/** Lines that fill their side; cells of a table do not. */
function areColumns(segments: readonly Segment[], x: number, left: number, right: number): boolean {
  const fills = (side: Segment[], width: number) => {
    if (side.length < 3) return false;
    const widths = side.map(segment => segment.right - segment.left).sort((a, b) => a - b);
    return (widths[widths.length >> 1] ?? 0) > 0.6 * width;
  };
  const onLeft = segments.filter(segment => segment.right <= x);
  const onRight = segments.filter(segment => segment.left >= x);
  return fills(onLeft, x - left) && fills(onRight, right - x);
}
