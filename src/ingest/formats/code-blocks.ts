import type { Block } from '../../domain/document.ts';

/** A line that is not indented, after a blank one: where a definition at the top of a file begins. */
const TOP_LEVEL = /\n[^\S\n]*\n(?=[^\s)\]}])/g;

/** A block for each stretch that begins unindented after a blank line. */
export function codeBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  for (const { index } of text.matchAll(TOP_LEVEL)) {
    blocks.push({ start, end: index, kind: 'code' });
    start = text.indexOf('\n', index + 1) + 1;
  }
  blocks.push({ start, end: text.length, kind: 'code' });
  return blocks.filter(block => /\S/.test(text.slice(block.start, block.end)));
}
