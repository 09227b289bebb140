import { isRightToLeft } from './right-to-left.ts';
import { type Page, type Segment, SPACE } from './segments.ts';

/** A line of a column, or a row of a table: what stands on one base line and was written together. */
export interface Line {
  cells: Segment[];
  text: string;
  left: number;
  right: number;
  y: number;
  size: number;
  font: string;
  isMono: boolean;
  page: Page;
  /** Lines of one flow go down one column. */
  flow: number;
}

/** Segments in reading order as lines. */
export function toLines(page: Page, segments: readonly Segment[]): Line[] {
  const lines: Line[] = [];
  let flow = 0;
  for (const segment of segments) {
    const last = lines[lines.length - 1];
    if (last && isSameLine(last, segment)) {
      last.cells.push(segment);
      last.left = Math.min(last.left, segment.left);
      last.right = Math.max(last.right, segment.right);
      continue;
    }
    if (last && (segment.y < last.y - last.size || segment.left > last.right + last.size)) flow++;
    lines.push(newLine(page, segment, flow));
  }
  for (const line of lines) finish(line);
  return lines;
}

function newLine(page: Page, segment: Segment, flow: number): Line {
  const { text, left, right, y, size, font, isMono } = segment;
  return { cells: [segment], text, left, right, y, size, font, isMono, page, flow };
}

function isSameLine(line: Line, segment: Segment): boolean {
  const last = line.cells[line.cells.length - 1] as Segment;
  const larger = Math.max(last.size, segment.size);
  if (Math.abs(segment.y - line.y) > 0.35 * larger) return false;
  // To the right of what is there, or to the left in scripts that run so.
  return segment.left >= last.right - 0.5 * larger || segment.right <= last.left + 0.5 * larger;
}

function finish(line: Line): void {
  const { cells } = line;
  line.left = Math.min(...cells.map(cell => cell.left));
  line.right = Math.max(...cells.map(cell => cell.right));
  const main = cells.reduce((most, cell) => (cell.text.length > most.text.length ? cell : most));
  line.size = main.size;
  line.font = main.font;
  line.isMono = cells.every(cell => cell.isMono);
  line.text = joinCells(cells);
}

/** Segments of one line as they are read: a blank where there is room for one. */
function joinCells(cells: readonly Segment[]): string {
  let text = '';
  let last: Segment | undefined;
  const isReversed = isRightToLeft(cells.map(cell => cell.text).join(' '));
  for (const cell of isReversed ? cells.toSorted((a, b) => b.left - a.left) : cells) {
    const gap = last ? Math.max(cell.left - last.right, last.left - cell.right) : 0;
    text += (last && gap > SPACE * cell.size ? ' ' : '') + cell.text;
    last = cell;
  }
  return text.replace(/\s+/g, ' ').trim();
}

/** A line of code with its indent, by the width of its letters from `left`. */
export function monoText(line: Line, left: number): string {
  let text = '';
  let at = left;
  for (const cell of line.cells) {
    const letter = (cell.right - cell.left) / Math.max(1, cell.text.length);
    text += ' '.repeat(Math.max(0, Math.min(200, Math.round((cell.left - at) / letter)))) + cell.text;
    at = cell.right;
  }
  return text.trimEnd();
}
