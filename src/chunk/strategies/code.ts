import { definitionStarts } from '../definitions.ts';
import { fill } from '../fill.ts';
import { listLevel } from '../level.ts';
import { finest } from '../segmentation.ts';
import type { Strategy } from '../strategy.ts';

/**
 * Fills chunks with whole definitions; one that does not fit is cut between those nested in it, then blank lines,
 * lines, words. Comments and decorators stay with what they stand above.
 */
export const code: Strategy = {
  id: 'code',
  name: 'By definitions',
  description: 'Keeps functions and classes whole, with their comments: source code of any language.',
  sizes: true,
  overlaps: true,
  split(context) {
    const { document, segmentation } = context;
    const { paragraphs, lines, words } = segmentation;
    const [topLevel = [], ...nested] = definitionStarts(document.text);
    const atTop = new Set(topLevel);
    return fill(context, {
      levels: [listLevel(topLevel), ...nested.map(listLevel), paragraphs, lines, ...finest(segmentation)],
      topUpTo: -1,
      overlapLevels: [lines, words],
      startsAfresh: start => atTop.has(start),
    });
  },
};
