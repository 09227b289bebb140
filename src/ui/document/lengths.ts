import { number } from '../parts/format.ts';

/** How long the chunks of a document are, in tokens. */
export interface Lengths {
  least: number;
  /** The lower one of the two in the middle of an even count: a length that occurs. */
  median: number;
  most: number;
  /** Chunks by length: bin i holds those above i / bins of `limit`, up to (i + 1) / bins of it. */
  bins: number[];
}

/** `limit` is the scale's end: tokens a chunk at the most. Longer ones, if any, are in the last bin. */
export function lengthsOf(tokens: Uint32Array, limit: number, bins: number): Lengths {
  // Counted by length, for a million of them are not sorted within a frame.
  const most = tokens.reduce((a, b) => Math.max(a, b), 0);
  const ofLength = new Uint32Array(most + 1);
  for (const length of tokens) ofLength[length] = (ofLength[length] as number) + 1;
  const counts = new Array<number>(bins).fill(0);
  let least: number | undefined;
  let median = 0;
  let upTo = 0;
  for (const [length, count] of ofLength.entries()) {
    if (count === 0) continue;
    least ??= length;
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil((length / limit) * bins) - 1));
    counts[bin] = (counts[bin] ?? 0) + count;
    if (upTo <= (tokens.length - 1) >> 1) median = length;
    upTo += count;
  }
  return { least: least ?? 0, median, most, bins: counts };
}

/** 'Shortest 12, median 181, longest 200 tokens' */
export function lengthWords({ least, median, most }: Lengths): string {
  if (least === most) return `${number(most)} tokens each`;
  return `Shortest ${number(least)}, median ${number(median)}, longest ${number(most)} tokens`;
}
