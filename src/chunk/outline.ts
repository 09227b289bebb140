import type { Block, Document } from '../domain/document.ts';
import { headingTitle } from '../domain/headings.ts';
import { firstAbove } from '../domain/sorted.ts';

/** Where an offset stands in its document. */
export interface Outline {
  /** The headings that it is under, outermost first, its own among them where it starts with one. */
  headingsAt(offset: number): string[];
  /** 1-based, where the format has pages. */
  pageAt(offset: number): number | undefined;
  /** The block that it is in. */
  blockAt(offset: number): Block | undefined;
}

/** One for all: columns tell equal paths the sooner. */
const NONE: string[] = [];

export function outlineOf({ text, blocks }: Document): Outline {
  const starts = blocks.map(block => block.start);
  const headingStarts: number[] = [];
  const paths: string[][] = [];
  const pages: (number | undefined)[] = [];
  let open: { level: number; title: string }[] = [];
  let page: number | undefined;
  for (const block of blocks) {
    page = block.page ?? page;
    pages.push(page);
    if (block.kind !== 'heading') continue;
    const { level = 1 } = block;
    const title = headingTitle(text.slice(block.start, block.end));
    open = [...open.filter(heading => heading.level < level), { level, title }];
    headingStarts.push(block.start);
    paths.push(open.map(heading => heading.title));
  }
  return {
    headingsAt: offset => paths[firstAbove(headingStarts, offset) - 1] ?? NONE,
    pageAt: offset => pages[firstAbove(starts, offset) - 1],
    blockAt(offset) {
      const block = blocks[firstAbove(starts, offset) - 1];
      return block && offset < block.end ? block : undefined;
    },
  };
}
