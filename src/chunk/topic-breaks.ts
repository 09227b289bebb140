import type { SentenceTurns, Span } from './strategy.ts';

/** Spans of a document in order, and the vector of each: count × dimensions, row-major, L2-normalised. */
export interface SentenceVectors {
  spans: readonly Span[];
  data: Float32Array;
  dimensions: number;
}

/** Sentences on either side of a gap whose vectors are averaged: the best of those tried by scripts/eval-semantic.ts. */
export const WINDOW = 5;

/** What strategies need of the vectors: it depends on no size and no threshold. */
export function turnsOf({ spans, data, dimensions }: SentenceVectors, window = WINDOW): SentenceTurns {
  return {
    starts: Uint32Array.from(spans, ({ start }) => start),
    ends: Uint32Array.from(spans, ({ end }) => end),
    depths: gapDepths(data, dimensions, window),
  };
}

/**
 * How far two neighbouring stretches of a text are apart at each gap between sentences: the depth of the valley in
 * their similarity (Hearst, TextTiling, 1997), similarity being the cosine of the mean vectors of `window` sentences
 * on either side. Value i is of the gap behind sentence i; there is one less than sentences.
 */
function gapDepths(data: Float32Array, dimensions: number, window: number): Float64Array {
  const count = data.length / dimensions;
  const similar = new Float64Array(Math.max(0, count - 1));
  const [left, right] = [new Float64Array(dimensions), new Float64Array(dimensions)];
  for (let gap = 0; gap < similar.length; gap++) {
    sum(left, data, Math.max(0, gap + 1 - window), gap + 1);
    sum(right, data, gap + 1, Math.min(count, gap + 1 + window));
    similar[gap] = cosine(left, right);
  }
  return similar.map((value, gap) => peak(similar, gap, -1) + peak(similar, gap, 1) - 2 * value);
}

/** The similarity at the top of the slope that goes up from a gap in one direction. */
function peak(similar: Float64Array, gap: number, step: number): number {
  let top = similar[gap] as number;
  for (let i = gap + step; i >= 0 && i < similar.length; i += step) {
    const value = similar[i] as number;
    if (value < top) break;
    top = value;
  }
  return top;
}

/** Of the rows from `from` up to `to`, into `into`: the cosine does not see that it is not their mean. */
function sum(into: Float64Array, data: Float32Array, from: number, to: number): void {
  const dimensions = into.length;
  into.fill(0);
  for (let row = from; row < to; row++) {
    for (let i = 0; i < dimensions; i++)
      into[i] = (into[i] as number) + (data[row * dimensions + i] as number);
  }
}

function cosine(a: Float64Array, b: Float64Array): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? dot / Math.sqrt(aa * bb) : 0;
}

/** The value below which `share` (0 to 1) of some values lie. */
export function percentileOf(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
