import type { Block, Document } from '../domain/document.ts';
import { headingTitle } from '../domain/headings.ts';
import type { Tokenizer } from '../tokenize/tokenizer.ts';
import type { Outline } from './outline.ts';

/** What of a document is embedded before the text of a chunk: the headings that it is under, the header of its table. */
export interface ContextParts {
  headings: boolean;
  tableHeaders: boolean;
}

/** The line under a Markdown table's header. */
const DELIMITER_ROW = /^[|\s]*:?-+:?[|\s:-]*$/;

/**
 * For the start of a chunk: what is embedded between the prefix and its text, '' or lines that end in \n. Headings are
 * one line, outermost first, without one that the chunk itself starts with. What would leave less than half of
 * `room` tokens for the text is left out, the headings first.
 */
export function contextFinder(
  document: Document,
  outline: Outline,
  tokenizer: Tokenizer,
  parts: ContextParts,
  room: number,
): (start: number) => string {
  const most = (room >> 1) + tokenizer.specialTokens;
  const known = new Map<string, boolean>();
  const affordable = (context: string): boolean => {
    let answer = known.get(context);
    if (answer === undefined) {
      answer = tokenizer.count(context) <= most;
      known.set(context, answer);
    }
    return answer;
  };
  return start => {
    const headings = parts.headings ? headingLine(document.text, start, outline.headingsAt(start)) : '';
    const header = parts.tableHeaders ? tableHeader(document, outline.blockAt(start), start) : '';
    return [headings + header, header, headings].find(context => context !== '' && affordable(context)) ?? '';
  };
}

function headingLine(text: string, start: number, headings: readonly string[]): string {
  if (headings.length === 0) return '';
  const end = text.indexOf('\n', start);
  const own = headingTitle(text.slice(start, end < 0 ? undefined : end)) === headings.at(-1);
  const path = own ? headings.slice(0, -1) : headings;
  return path.length > 0 ? `${path.join(' › ')}\n` : '';
}

/** The header of the table that a chunk starts within: its first line, and Markdown's rule below it. */
function tableHeader({ text }: Document, block: Block | undefined, start: number): string {
  if (block?.kind !== 'table' || start <= block.start) return '';
  const lines = text.slice(block.start, block.end).split('\n', 2);
  const header = DELIMITER_ROW.test(lines[1] ?? '') ? lines.join('\n') : (lines[0] ?? '');
  return header.trim() === '' || start < block.start + header.length ? '' : `${header}\n`;
}
