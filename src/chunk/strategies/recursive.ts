import { firstAbove } from '../../domain/sorted.ts';
import { fill } from '../fill.ts';
import { listLevel } from '../level.ts';
import { finest } from '../segmentation.ts';
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
    const { document, segmentation } = context;
    const { blocks, paragraphs, lines, sentences, words, dictionaryWords } = segmentation;
    const starts = document.blocks.map(block => block.start);
    const sections = document.blocks.filter(block => block.kind === 'heading').map(block => block.start);
    const sectionStarts = new Set(sections);
    const structure = [
      ...(sections.length > 0 ? [listLevel(sections)] : []),
      ...(starts.length > 0 ? [blocks] : []),
      ...[paragraphs, lines, sentences],
    ];
    return fill(context, {
      levels: [...structure, ...finest(segmentation)],
      topUpTo: structure.length - 1,
      overlapLevels: [sentences, words, dictionaryWords],
      startsAfresh: start => sectionStarts.has(start),
      adjustEnd(from, end) {
        let adjusted = end;
        while (adjusted < document.text.length) {
          const last = document.blocks[firstAbove(starts, adjusted - 1) - 1];
          if (last?.kind !== 'heading' || last.start <= from) break;
          adjusted = last.start;
        }
        return adjusted;
      },
    });
  },
};
