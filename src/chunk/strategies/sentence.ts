import { fill } from '../fill.ts';
import { finest } from '../segmentation.ts';
import type { Strategy } from '../strategy.ts';

/** As many whole sentences as fit, whatever paragraphs and sections they are in. */
export const sentence: Strategy = {
  id: 'sentence',
  name: 'By sentences',
  description: 'As many whole sentences as fit: even lengths for running text without structure.',
  sizes: true,
  overlaps: true,
  split(context) {
    const { sentences, words, dictionaryWords } = context.segmentation;
    return fill(context, {
      levels: [sentences, ...finest(context.segmentation)],
      topUpTo: -1,
      overlapLevels: [sentences, words, dictionaryWords],
    });
  },
};
