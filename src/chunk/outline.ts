import type { Chunk } from '../domain/chunk.ts';
import type { Document } from '../domain/document.ts';
import type { Span } from './strategy.ts';

/** Where a chunk is in its document. */
type Place = Pick<Chunk, 'headings' | 'page'>;

/**
 * For spans asked about in order: the headings that the span's start is under, outermost first, its own among them
 * where it starts with one, and its page.
 */
export function placeFinder(document: Document): (span: Span) => Place {
  let next = 0;
  let page: number | undefined;
  let open: { level: number; title: string }[] = [];
  let headings: string[] = [];
  return ({ start }) => {
    for (let block = document.blocks[next]; block && block.start <= start; block = document.blocks[++next]) {
      page = block.page ?? page;
      if (block.kind !== 'heading') continue;
      const { level = 1 } = block;
      open = [
        ...open.filter(heading => heading.level < level),
        { level, title: titleOf(document.text, block) },
      ];
      headings = open.map(heading => heading.title);
    }
    return { headings, ...(page === undefined ? {} : { page }) };
  };
}

/** A heading's first line, without Markdown's marks. */
function titleOf(text: string, { start, end }: Span): string {
  const [line = ''] = text.slice(start, end).trim().split('\n', 1);
  return line.replace(/^#{1,6}(?:\s+|$)|\s+#+\s*$/g, '').trim();
}
