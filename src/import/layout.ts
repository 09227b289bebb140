import type { Block } from '../domain/document.ts';
import { MAX_TEXT, unsupported } from './limits.ts';
import type { ImportRow } from './rows.ts';

/** The text that rows stand in, and where each does: `text.slice(start, end)` is the row's text. */
interface Layout {
  text: string;
  /** In the order of the rows. */
  spans: { start: number; end: number }[];
  blocks: Block[];
}

/** What a row is laid out by. */
type Placed = Pick<ImportRow, 'text' | 'start' | 'end' | 'page' | 'firstLine' | 'lastLine'>;

/** Blanks that stand for text between the rows may come to this, or to as much as the rows have. */
const LEAST_BLANKS = 65_536;

/**
 * Puts the texts of one file's rows together. Where their offsets fit the texts, and each other where they overlap, every
 * text stands where it stood, and gaps have as many line ends as the rows' lines tell, so that offsets, lines and pages
 * come back; else the texts follow each other with an empty line between them. Throws 'import/unsupported' above MAX_TEXT.
 */
export function layOut(rows: readonly Placed[]): Layout {
  const layout = inPlace(rows) ?? inSequence(rows);
  if (layout.text.length <= MAX_TEXT) return layout;
  throw unsupported(
    `The rows of one file come to more than ${MAX_TEXT / 1024 ** 2} million characters. Split the table by its files and import the parts.`,
  );
}

function inSequence(rows: readonly Placed[]): Layout {
  let at = 0;
  const spans = rows.map(({ text }) => {
    const start = at;
    at += text.length + 2;
    return { start, end: start + text.length };
  });
  return {
    text: rows.map(({ text }) => text).join('\n\n'),
    spans,
    blocks: rows.map((row, i) => block(spans[i] as Block, row)),
  };
}

function block({ start, end }: { start: number; end: number }, { page }: Placed): Block {
  return { start, end, kind: 'paragraph', ...(page === undefined ? {} : { page }) };
}

function inPlace(rows: readonly Placed[]): Layout | undefined {
  const spans = rows.map(({ text, start = -1, end = start + text.length }) => ({ start, end }));
  const fits = spans.every(({ start, end }, i) => start >= 0 && end - start === rows[i]?.text.length);
  if (!fits) return undefined;
  const order = Array.from(rows.keys()).toSorted(
    (a, b) => (spans[a] as Block).start - (spans[b] as Block).start || a - b,
  );
  const pieces: string[] = [];
  const blocks: Block[] = [];
  const written = rows.reduce((sum, { text }) => sum + text.length, 0);
  let blanks = 0;
  /** Of the rows so far the one that reaches farthest: whatever overlaps them overlaps it. */
  let last: Placed = { text: '', start: 0, end: 0, firstLine: 1, lastLine: 1 };
  let [lastStart, at] = [0, 0];
  for (const index of order) {
    const row = rows[index] as Placed;
    const { start, end } = spans[index] as Block;
    if (start > at) {
      blanks += start - at;
      if (blanks > Math.max(LEAST_BLANKS, written)) return undefined;
      pieces.push(gap(start - at, last, row));
    }
    const shared = Math.max(0, Math.min(end, at) - start);
    if (shared > 0 && !last.text.startsWith(row.text.slice(0, shared), start - lastStart)) return undefined;
    if (end <= at) continue;
    pieces.push(row.text.slice(shared));
    blocks.push(block({ start: Math.max(start, at), end }, row));
    [last, lastStart, at] = [row, start, end];
  }
  // Blocks are there to tell pages; without any the text is its own structure.
  const paged = blocks.some(({ page }) => page !== undefined);
  return { text: pieces.join(''), spans, blocks: paged ? blocks : [] };
}

/** What stands for text that no row has, between two rows: as many line ends as lines lie between, then blanks. */
function gap(length: number, before: Placed, after: Placed): string {
  const lines =
    before.lastLine === undefined || after.firstLine === undefined
      ? 1
      : after.firstLine - before.lastLine - (before.text.endsWith('\n') ? 1 : 0);
  const ends = Math.max(0, Math.min(length, lines));
  return '\n'.repeat(ends) + ' '.repeat(length - ends);
}
