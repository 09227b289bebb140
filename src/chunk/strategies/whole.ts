import { fill } from '../fill.ts';
import { finest } from '../segmentation.ts';
import type { Strategy } from '../strategy.ts';

/** One chunk a file. What is longer than the model's context is split between sentences, into as few as can be. */
export const whole: Strategy = {
  id: 'whole',
  name: 'Whole file',
  description:
    'One vector a file, for short texts. Only what is longer than the model reads at once is split.',
  sizes: false,
  overlaps: false,
  split(context) {
    const { segmentation } = context;
    const levels = [segmentation.sentences, ...finest(segmentation)];
    return fill({ ...context, overlap: 0 }, { levels, topUpTo: -1, overlapLevels: [] });
  },
};
