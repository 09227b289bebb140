import type { Document } from '../domain/document.ts';
import { firstAbove } from '../domain/sorted.ts';
import { skipBlanks, trimEnd } from './blanks.ts';

/** The line of dashes under the header of a table in Markdown, and where that header starts; trimmed of blanks. */
export interface TableRule {
  header: number;
  start: number;
  end: number;
}

/** The rules of a document's tables. */
export interface TableRules {
  /** The one that holds an offset or starts there. */
  at(offset: number): TableRule | undefined;
}

export function tableRules({ text, blocks }: Document): TableRules {
  const rules: TableRule[] = [];
  for (const block of blocks) {
    if (block.kind !== 'table') continue;
    const lineEnd = text.indexOf('\n', block.start);
    if (lineEnd < 0 || lineEnd >= block.end) continue;
    const next = text.indexOf('\n', lineEnd + 1);
    const end = trimEnd(text, lineEnd + 1, next < 0 ? block.end : Math.min(next, block.end));
    const start = Math.min(end, skipBlanks(text, lineEnd + 1));
    if (isRule(text.slice(start, end))) rules.push({ header: block.start, start, end });
  }
  const starts = rules.map(({ start }) => start);
  return {
    at(offset) {
      const rule = rules[firstAbove(starts, offset) - 1];
      return rule && offset < rule.end ? rule : undefined;
    },
  };
}

function isRule(line: string): boolean {
  return line.includes('-') && !/[^|\s:-]/.test(line);
}
