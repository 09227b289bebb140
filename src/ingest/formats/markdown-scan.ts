import type { Block } from '../../domain/document.ts';

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]|$)/;

/**
 * The outline of Markdown that is too long for the parser in one pass over its lines: ATX headings, fenced code, and paragraphs for
 * all that stands between blank lines.
 */
export function scanMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let fence: string | undefined;
  const close = (end: number) => {
    if (open) blocks.push({ ...open, end });
    open = undefined;
  };
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    // Marks stand at a line's start; a line may be megabytes long.
    const line = text.slice(at, Math.min(end, at + 200));
    const mark = FENCE.exec(line)?.[1];
    const level = HEADING.exec(line)?.[1]?.length;
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) {
        fence = undefined;
        close(end);
      }
    } else if (mark !== undefined) {
      close(at - 1);
      fence = mark;
      open = { start: at, end, kind: 'code' };
    } else if (level !== undefined) {
      close(at - 1);
      blocks.push({ start: at, end, kind: 'heading', level });
    } else if (line.trim() === '') {
      close(at - 1);
    } else {
      open ??= { start: at, end, kind: 'paragraph' };
    }
    at = end + 1;
  }
  close(text.length);
  return blocks;
}
