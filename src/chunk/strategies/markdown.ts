import type { Block } from '../../domain/document.ts';
import { firstAbove } from '../../domain/sorted.ts';
import { fill } from '../fill.ts';
import { finest } from '../segmentation.ts';
import type { ChunkContext, Span, Strategy } from '../strategy.ts';

const WHOLE = new Set<Block['kind'] | undefined>(['table', 'code']);

/** A stretch from one heading to the next, with the sections under it. */
interface Section {
  start: number;
  /** Where its own text ends: at the first section under it. */
  bodyEnd: number;
  end: number;
  level: number;
  children: Section[];
}

/**
 * By sections: a section with all that is under it is one chunk where that fits; else its own text, and each section
 * under it by itself. No chunk holds parts of two sections, but small ones beside each other stand together. Within a
 * section tables and code stay whole where they fit; a table that does not is split by rows, its header carried.
 */
export const markdown: Strategy = {
  id: 'markdown',
  name: 'By sections',
  description: 'One section a chunk, tables and code whole as far as they fit: Markdown, manuals, reports.',
  sizes: true,
  overlaps: true,
  carriesTableHeaders: true,
  split(context) {
    const { document, segmentation } = context;
    const starts = document.blocks.map(block => block.start);
    const kindAt = (at: number) => document.blocks[firstAbove(starts, at) - 1]?.kind;
    const { paragraphs, lines, sentences, words, dictionaryWords } = segmentation;
    const cuts = {
      levels: [wholeBlocks(context), paragraphs, lines, sentences, ...finest(segmentation)],
      topUpTo: 3,
      overlapLevels: [sentences, words, dictionaryWords],
      // Never with the first rows of a table that may be whole in the next chunk.
      topsUpAt: (at: number) => !WHOLE.has(kindAt(at)),
    };
    return ranges(context, sectionsOf(document.text.length, document.blocks)).flatMap(range =>
      fill(context, cuts, range),
    );
  },
};

/** The sections of a document as a tree, under one root of level 0. */
function sectionsOf(length: number, blocks: readonly Block[]): Section {
  const root: Section = { start: 0, bodyEnd: length, end: length, level: 0, children: [] };
  const open = [root];
  for (const block of blocks) {
    if (block.kind !== 'heading') continue;
    const level = block.level ?? 1;
    while ((open.at(-1) as Section).level >= level) (open.pop() as Section).end = block.start;
    const parent = open.at(-1) as Section;
    if (parent.children.length === 0) parent.bodyEnd = block.start;
    const section = { start: block.start, bodyEnd: length, end: length, level, children: [] };
    parent.children.push(section);
    open.push(section);
  }
  for (const section of flat(root)) section.bodyEnd = Math.min(section.bodyEnd, section.end);
  return root;
}

function flat(section: Section): Section[] {
  return [section, ...section.children.flatMap(flat)];
}

/** Ranges to fill, in order: whole sections where they fit, small neighbours joined. */
function ranges(context: ChunkContext, { start, bodyEnd, end, children }: Section): Span[] {
  const { document, fits } = context;
  if (fits(start, end)) return [{ start, end }];
  const body = { start, end: bodyEnd };
  const parts: Span[][] = children.map(child => ranges(context, child));
  // A heading with no text of its own goes with what is under it.
  const bare = !document.text.slice(start, bodyEnd).trim().includes('\n');
  if (start < bodyEnd && !(bare && parts.length > 0)) parts.unshift([body]);
  else if (parts[0]?.[0]) parts[0][0].start = start;
  return joinSmall(context, parts);
}

/** Parts of one range each that stand beside each other become one while either is less than a quarter of a chunk. */
function joinSmall({ chunkSize, countTokens, overhead, fits }: ChunkContext, parts: Span[][]): Span[] {
  const small = ({ start, end }: Span) => (countTokens(start, end) + overhead(start)) * 4 < chunkSize;
  const joined: Span[] = [];
  let joinable = false;
  for (const part of parts) {
    const [next] = part;
    const last = joined.at(-1);
    const whole = part.length === 1;
    if (next && last && joinable && whole && (small(last) || small(next)) && fits(last.start, next.end)) {
      last.end = next.end;
    } else joined.push(...part);
    joinable = whole;
  }
  return joined;
}

/** Blocks as pieces; a heading and what follows it are one, so that none is left behind. */
function wholeBlocks({ document, segmentation }: ChunkContext) {
  const behindHeadings = new Set<number>();
  for (const [i, block] of document.blocks.entries()) {
    if (block.kind === 'heading') behindHeadings.add(document.blocks[i + 1]?.start ?? -1);
  }
  const { next, last } = segmentation.blocks;
  return {
    next(at: number, to: number) {
      let end = next(at, to);
      while (end !== undefined && behindHeadings.has(end)) end = next(end, to);
      return end;
    },
    last(from: number, at: number) {
      let end = last(from, at);
      while (end !== undefined && behindHeadings.has(end)) end = last(from, end - 1);
      return end;
    },
  };
}
