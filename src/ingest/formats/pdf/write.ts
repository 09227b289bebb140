import type { DocumentWriter } from '../../document-writer.ts';
import { tableText } from '../../table-text.ts';
import { joinLines } from './join.ts';
import { type Line, monoText } from './lines.ts';
import { flowsOn, type Group, groupLines, itemText } from './paragraphs.ts';
import type { Style } from './style.ts';
import { readTable } from './table.ts';
import type { Piece } from './tags.ts';

/** Writes pages as blocks; a paragraph that goes on over a page's end is one, on the page of its beginning. */
export function writePages(pages: readonly (readonly Piece[])[], style: Style, writer: DocumentWriter): void {
  let pieces: Piece[] = [];
  for (const page of pages) {
    const next = [...page];
    const carried = carriedOver(pieces, next, style);
    if (carried) carried.lines.push(...(next.shift() as Group).lines);
    write(pieces.splice(0, carried ? pieces.indexOf(carried) : pieces.length), style, writer);
    pieces = [...pieces, ...next];
  }
  write(pieces, style, writer);
}

/** Lines of a page in reading order as tables and text. */
export function piecesOf(lines: readonly Line[], style: Style): Piece[] {
  const pieces: Piece[] = [];
  let run: Line[] = [];
  const flush = () => {
    pieces.push(...groupLines(run, style));
    run = [];
  };
  for (let at = 0; at < lines.length; ) {
    const table = readTable(lines, at);
    if (!table) {
      run.push(lines[at++] as Line);
      continue;
    }
    flush();
    pieces.push({ kind: 'table', rows: table.rows, lines: lines.slice(at, at + table.count) });
    at += table.count;
  }
  flush();
  return pieces;
}

/** The last running text of a page, notes at its foot aside, that the next page's first goes on with. */
function carriedOver(pieces: readonly Piece[], next: readonly Piece[], style: Style): Group | undefined {
  const [first] = next;
  if (first?.kind !== 'paragraph') return undefined;
  const isNote = (piece: Piece) =>
    piece.kind !== 'table' && (piece.lines[0]?.size ?? 0) < style.bodySize * 0.95;
  const last = pieces.findLast(piece => !isNote(piece));
  if (last?.kind !== 'paragraph' && last?.kind !== 'item') return undefined;
  return flowsOn(last, first.lines[0] as Line) ? last : undefined;
}

function write(pieces: readonly Piece[], style: Style, writer: DocumentWriter): void {
  let items: string[] = [];
  const flush = () => {
    // One by itself is a note.
    const isNote = items.length === 1 && /^\[\d+\] /.test(items[0] as string);
    writer.add(isNote ? 'paragraph' : 'list', items.join('\n'));
    items = [];
  };
  for (const piece of pieces) {
    const [first] = piece.lines as [Line];
    if (piece.kind !== 'item') flush();
    if (items.length === 0) writer.page = first.page.number;
    if (piece.kind === 'table') writer.add('table', tableText(piece.rows));
    else if (piece.kind === 'code') writer.add('code', codeText(piece.lines));
    else {
      const lines = piece.lines.map(line => line.text);
      const text = joinLines(lines, style.words);
      if (piece.kind === 'item') items.push(piece.mark === undefined ? itemText(text) : piece.mark + text);
      else writer.add(piece.kind, text, piece.level === undefined ? {} : { level: piece.level });
    }
  }
  flush();
}

/** Lines of code with their indents, and blank lines where the page has room for one. */
function codeText(lines: readonly Line[]): string {
  const left = Math.min(...lines.map(line => line.left));
  const steps = lines.slice(1).map((line, i) => line.y - (lines[i] as Line).y);
  const step = Math.min(...steps.filter(each => each > 0.8 * (lines[0] as Line).size));
  return lines
    .map((line, i) => {
      const above = i > 0 ? Math.round((steps[i - 1] as number) / step) - 1 : 0;
      return '\n'.repeat(Number.isFinite(above) ? Math.max(0, Math.min(3, above)) : 0) + monoText(line, left);
    })
    .join('\n');
}
