import {
  atStarts,
  codePoints,
  dictionaryWordsOf,
  graphemes,
  lines,
  paragraphs,
  sentencesOf,
  words,
} from '../boundaries.ts';
import { fill } from '../fill.ts';
import type { Strategy } from '../strategy.ts';

/**
 * Fills chunks with whole sections; where one does not fit, with whole blocks of the format, then paragraphs, lines,
 * sentences, words, characters. A heading goes with what follows it.
 */
export const recursive: Strategy = {
  id: 'recursive',
  name: 'By structure',
  description:
    'Keeps sections, paragraphs and sentences whole as far as they fit. Right for nearly everything.',
  sizes: true,
  overlaps: true,
  split(context) {
    const { document } = context;
    const sentences = sentencesOf(document);
    const dictionaryWords = dictionaryWordsOf(document);
    const headings = document.blocks.filter(block => block.kind === 'heading');
    const sectionStarts = new Set(headings.map(block => block.start));
    const structure = [
      ...(headings.length > 0 ? [atStarts([...sectionStarts])] : []),
      ...(document.blocks.length > 0 ? [atStarts(document.blocks.map(block => block.start))] : []),
      paragraphs,
      lines,
      sentences,
    ];
    const lastBlockBefore = blockFinder(document.blocks.map(block => block.start));

    return fill(context, {
      levels: [...structure, words, dictionaryWords, graphemes, codePoints],
      topUpTo: structure.length - 1,
      overlapLevels: [sentences, words, dictionaryWords],
      startsAfresh: start => sectionStarts.has(start),
      adjustEnd(from, end) {
        let adjusted = end;
        while (adjusted < document.text.length) {
          const last = document.blocks[lastBlockBefore(adjusted)];
          if (last?.kind !== 'heading' || last.start <= from) break;
          adjusted = last.start;
        }
        return adjusted;
      },
    });
  },
};

/** Finds the index of the last of ascending starts that is below an offset; -1 where none is. */
function blockFinder(starts: readonly number[]): (offset: number) => number {
  return offset => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
}
