import { fill } from '../fill.ts';
import { finest } from '../segmentation.ts';
import type { ChunkContext, SentenceVectors, Span, Strategy } from '../strategy.ts';
import { gapDepths, percentileOf } from '../topic-breaks.ts';
import { recursive } from './recursive.ts';

/** How breaks are found among sentences. */
export interface SemanticSettings {
  /** Sentences on either side of a gap whose vectors are averaged. */
  window: number;
  /** A gap is a break where its depth is above that of this share of the document's. */
  percentile: number;
  /** A chunk less full than this joins a neighbour. */
  leastShare: number;
}

/** The best of those tried on the tuning documents of scripts/eval-semantic.ts. */
export const TUNED: SemanticSettings = { window: 5, percentile: 0.8, leastShare: 0.15 };

/**
 * Breaks where the text turns to something else, as the model itself sees it: where the similarity between the
 * sentences before and behind falls. What is still longer than a chunk breaks at its deepest gaps; what is too short
 * joins its nearest neighbour.
 */
export function semanticWith(settings: SemanticSettings): Strategy {
  return {
    id: 'semantic',
    name: 'By meaning',
    description:
      'Breaks where the topic changes, as the model sees it. Each sentence is embedded once first: about twice the time.',
    sizes: true,
    overlaps: false,
    needsVectors: true,
    split: context =>
      context.sentences ? bySentences(context, context.sentences, settings) : recursive.split(context),
  };
}

export const semantic = semanticWith(TUNED);

/** Sentences to chunks. Throws 'chunk/too-long' where a single character does not fit. */
function bySentences(
  context: ChunkContext,
  { spans, data, dimensions }: SentenceVectors,
  settings: SemanticSettings,
): Span[] {
  const depths = gapDepths(data, dimensions, settings.window);
  const threshold = percentileOf(depths, settings.percentile);
  const spanOf = (from: number, to: number): Span => ({
    start: (spans[from] as Span).start,
    end: (spans[to - 1] as Span).end,
  });
  const fitting = (from: number, to: number) => {
    const { start, end } = spanOf(from, to);
    return context.fits(start, end);
  };

  /** Groups as [first, past the last) sentence: broken at every gap above the threshold, then until each fits. */
  const groups: [number, number][] = [];
  const divide = (from: number, to: number) => {
    if (to - from === 1 || fitting(from, to)) return groups.push([from, to]);
    let deepest = from;
    for (let gap = from; gap < to - 1; gap++) {
      if ((depths[gap] as number) > (depths[deepest] as number)) deepest = gap;
    }
    // Where no gap is deeper than the others, halves.
    const at = (depths[deepest] as number) > 0 ? deepest + 1 : (from + to) >> 1;
    divide(from, at);
    return divide(at, to);
  };
  let first = 0;
  for (let gap = 0; gap < depths.length; gap++) {
    if ((depths[gap] as number) <= threshold) continue;
    divide(first, gap + 1);
    first = gap + 1;
  }
  if (spans.length > 0) divide(first, spans.length);
  return joinSmall(context, groups, depths, spanOf, fitting, settings.leastShare).flatMap(([from, to]) => {
    const span = spanOf(from, to);
    if (fitting(from, to)) return [span];
    const cuts = { levels: finest(context.segmentation), topUpTo: -1, overlapLevels: [] };
    return fill({ ...context, overlap: 0 }, cuts, span);
  });
}

/** Groups below the least size join the neighbour across the shallower gap, where both together fit. */
function joinSmall(
  { chunkSize, countTokens, overhead }: ChunkContext,
  groups: readonly [number, number][],
  depths: Float64Array,
  spanOf: (from: number, to: number) => Span,
  fitting: (from: number, to: number) => boolean,
  leastShare: number,
): [number, number][] {
  const small = ([from, to]: [number, number]) => {
    const { start, end } = spanOf(from, to);
    return countTokens(start, end) + overhead(start) < chunkSize * leastShare;
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
