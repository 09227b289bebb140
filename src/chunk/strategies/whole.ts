import { codePoints, dictionaryWordsOf, graphemes, sentencesOf, words } from '../boundaries.ts';
import { fill } from '../fill.ts';
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
    const { document } = context;
    return fill(
      { ...context, overlap: 0 },
      {
        levels: [sentencesOf(document), words, dictionaryWordsOf(document), graphemes, codePoints],
        topUpTo: -1,
        overlapLevels: [],
        startsAfresh: () => true,
        adjustEnd: (_from, end) => end,
      },
    );
  },
};
