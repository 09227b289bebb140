import type { Block, Document } from '../domain/document.ts';
import { isBlank } from './blanks.ts';
import type { TableRules } from './table-rules.ts';

/** Where the lines and the paragraphs of a text end, blanks behind them included; ascending, without the text's own end. */
export interface Lines {
  /**
   * Ends of lines that were ended on purpose: those that were wrapped to a width go on, and the header of a table goes
   * on with the rule under it.
   */
  lines: Uint32Array;
  paragraphs: Uint32Array;
}

/** Blocks in which every line is one. */
const LINE_KINDS = new Set<Block['kind']>(['table', 'code', 'row', 'heading']);

/** UTF-16 units that a line has at least where it was wrapped. */
const WRAPPED = 25;

export function findLines({ text, blocks }: Document, rules: TableRules): Lines {
  const lines: number[] = [];
  const paragraphs: number[] = [];
  let block = 0;
  let lineStart = 0;
  for (let newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', newline + 1)) {
    let next = newline + 1;
    let blankLine = false;
    while (next < text.length && isBlank(text.charCodeAt(next))) {
      if (text.charCodeAt(next) === NEWLINE) blankLine = true;
      next++;
    }
    if (next === text.length) break;
    while (block < blocks.length && (blocks[block] as Block).end <= newline) block++;
    const kind = blocks[block];
    const asWritten = kind !== undefined && kind.start <= newline && LINE_KINDS.has(kind.kind);
    if (blankLine) paragraphs.push(next);
    const ends = asWritten ? rules.at(next)?.start !== next : !isWrapped(text, lineStart, newline, next);
    if (blankLine || ends) lines.push(next);
    lineStart = next;
    newline = next - 1;
  }
  return { lines: Uint32Array.from(lines), paragraphs: Uint32Array.from(paragraphs) };
}

const NEWLINE = 0x0a;

/** Whether a line ends for want of room: it is long, ends within a sentence, and the next one goes on in small letters or without case. */
function isWrapped(text: string, start: number, end: number, next: number): boolean {
  if (end - start < WRAPPED || next - end > 5) return false;
  return (
    /^[\p{Ll}\p{Lo}]/u.test(text.slice(next, next + 2)) &&
    /[\p{L}\p{N},)"'”’»-]$/u.test(text.slice(end - 1, end))
  );
}
