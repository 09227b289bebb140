import { fill } from '../fill.ts';
import { finest } from '../segmentation.ts';
import type { ChunkContext, SentenceTurns, Span, Strategy } from '../strategy.ts';
import { percentileOf } from '../topic-breaks.ts';
import { recursive } from './recursive.ts';

/**
 * Breaks where the text turns to something else, as the model itself sees it: where the similarity between the
 * sentences before and behind falls. What is still longer than a chunk breaks at its deepest gaps; what is too short
 * joins its nearest neighbour.
 */
export const semantic: Strategy = {
  id: 'semantic',
  name: 'By meaning',
  description:
    'Breaks where the topic changes, as the model sees it. Each sentence is embedded once first: about twice the time.',
  sizes: true,
  overlaps: false,
  needsVectors: true,
  split: context => (context.turns ? bySentences(context, context.turns) : recursive.split(context)),
};

/** Sentences to chunks. Throws 'chunk/too-long' where a single character does not fit. */
function bySentences(context: ChunkContext, { starts, ends, depths }: SentenceTurns): Span[] {
  const threshold = percentileOf(depths, context.breakPercentile / 100);
  const spanOf = (from: number, to: number): Span => ({
    start: starts[from] as number,
    end: ends[to - 1] as number,
  });
  const fitting = (from: number, to: number) => {
    const { start, end } = spanOf(from, to);
    return context.fits(start, end);
  };

  /** Groups as [first, past the last) sentence: broken at every gap above the threshold, then until each fits. */
  const groups: [number, number][] = [];
  const divide = (first: number, last: number) => {
    // A stack of its own: a long text may have to be cut sentence by sentence.
    const waiting: [number, number][] = [[first, last]];
    for (let group = waiting.pop(); group; group = waiting.pop()) {
      const [from, to] = group;
      if (to - from === 1 || fitting(from, to)) {
        groups.push(group);
        continue;
      }
      let deepest = from;
      for (let gap = from; gap < to - 1; gap++) {
        if ((depths[gap] as number) > (depths[deepest] as number)) deepest = gap;
      }
      // Where no gap is deeper than the others, halves.
      const at = (depths[deepest] as number) > 0 ? deepest + 1 : (from + to) >> 1;
      waiting.push([at, to], [from, at]);
    }
  };
  let first = 0;
  for (let gap = 0; gap < depths.length; gap++) {
    if ((depths[gap] as number) <= threshold) continue;
    divide(first, gap + 1);
    first = gap + 1;
  }
  if (starts.length > 0) divide(first, starts.length);
  return joinSmall(context, groups, depths, spanOf, fitting).flatMap(([from, to]) => {
    const span = spanOf(from, to);
    if (fitting(from, to)) return [span];
    const cuts = { levels: finest(context.segmentation), topUpTo: -1, overlapLevels: [] };
    return fill({ ...context, overlap: 0 }, cuts, span);
  });
}

/** Groups below the least size join the neighbour across the shallower gap, where both together fit. */
function joinSmall(
  { leastSize, countTokens, overhead }: ChunkContext,
  groups: readonly [number, number][],
  depths: Float64Array,
  spanOf: (from: number, to: number) => Span,
  fitting: (from: number, to: number) => boolean,
): [number, number][] {
  const small = ([from, to]: [number, number]) => {
    const { start, end } = spanOf(from, to);
    return countTokens(start, end) + overhead(start) < leastSize;
  };
  const joined: [number, number][] = [];
  for (const [i, group] of groups.entries()) {
    const last = joined.at(-1);
    const next = groups[i + 1];
    const gapBefore = depths[group[0] - 1] ?? Number.POSITIVE_INFINITY;
    const gapAfter = next ? (depths[group[1] - 1] as number) : Number.POSITIVE_INFINITY;
    // One that is nearer to the next is taken up by that, when its turn comes.
    const wanted = last && (small(last) || (small(group) && gapBefore <= gapAfter));
    if (last && wanted && fitting(last[0], group[1])) last[1] = group[1];
    else joined.push([...group]);
  }
  return joined;
}
