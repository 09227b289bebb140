import type { Block, Document } from '../domain/document.ts';
import { headingTitle } from '../domain/headings.ts';
import type { Tokenizer } from '../tokenize/tokenizer.ts';
import { skipBlanks } from './blanks.ts';
import type { Outline } from './outline.ts';
import type { TableRules } from './table-rules.ts';

/** What of a document is embedded before the text of a chunk: the headings that it is under, the header of its table. */
export interface ContextParts {
  headings: boolean;
  tableHeaders: boolean;
}

/**
 * For the start of a chunk: what is embedded between the prefix and its text, '' or lines that end in \n. Headings are
 * one line, outermost first, without one that the chunk itself starts with. What would leave less than half of
 * `room` tokens for the text is left out: the headings first, then the rule under the table's header, then both.
 */
export function contextFinder(
  document: Document,
  outline: Outline,
  rules: TableRules,
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
    const [header = '', bare = ''] = parts.tableHeaders
      ? tableHeaders(document, outline.blockAt(start), rules, start)
      : [];
    const wanted = [headings + header, header, headings + bare, bare, headings];
    return wanted.find(context => context !== '' && affordable(context)) ?? '';
  };
}

function headingLine(text: string, start: number, headings: readonly string[]): string {
  if (headings.length === 0) return '';
  const end = text.indexOf('\n', start);
  const own = headingTitle(text.slice(start, end < 0 ? undefined : end)) === headings.at(-1);
  const path = own ? headings.slice(0, -1) : headings;
  return path.length > 0 ? `${path.join(' › ')}\n` : '';
}

/** The header of the table that a chunk starts within, with Markdown's rule below it and without; none at its start. */
function tableHeaders(
  { text }: Document,
  block: Block | undefined,
  rules: TableRules,
  start: number,
): string[] {
  if (block?.kind !== 'table' || start <= block.start) return [];
  const lineEnd = text.indexOf('\n', block.start);
  if (lineEnd < 0 || start <= lineEnd) return [];
  const header = text.slice(block.start, lineEnd);
  if (header.trim() === '') return [];
  const rule = rules.at(skipBlanks(text, lineEnd));
  if (!rule) return [`${header}\n`];
  return start < rule.end ? [] : [`${text.slice(block.start, rule.end)}\n`, `${header}\n`];
}
