import type { Block } from '../../domain/document.ts';
import { skipBlanks } from '../blanks.ts';
import { fill } from '../fill.ts';
import { finest } from '../segmentation.ts';
import type { ChunkContext, Span, Strategy } from '../strategy.ts';
import type { TableRules } from '../table-rules.ts';

/** One chunk a row: of the format's rows, else of tables, else a line. A row that is too long is split by itself. */
export const row: Strategy = {
  id: 'row',
  name: 'By rows',
  description: 'A chunk for each row, record or line: tables, CSV, JSON Lines, logs.',
  sizes: true,
  overlaps: false,
  carriesTableHeaders: true,
  split(context) {
    const { lines, sentences } = context.segmentation;
    const levels = [lines, sentences, ...finest(context.segmentation)];
    const cuts = { levels, topUpTo: -1, overlapLevels: [] };
    return rowsOf(context).flatMap(range => fill({ ...context, overlap: 0 }, cuts, range));
  },
};

/** Ranges that cover the text, each with one row. */
function rowsOf({ document: { text, blocks }, segmentation: { rules } }: ChunkContext): Span[] {
  const starts = new Set([0]);
  const hasRows = blocks.some(block => block.kind === 'row');
  for (const block of blocks) {
    starts.add(block.start).add(block.end);
    if (!hasRows && block.kind === 'table')
      for (const start of tableRows(text, block, rules)) starts.add(start);
  }
  if (!blocks.some(block => block.kind === 'row' || block.kind === 'table')) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.add(at + 1);
  }
  const ordered = [...starts].sort((a, b) => a - b);
  return ordered.map((start, i) => ({ start, end: ordered[i + 1] ?? text.length }));
}

/** Where the rows under a table's header start: the header stays with the first of them. */
function tableRows(text: string, { start, end }: Block, rules: TableRules): number[] {
  const rows: number[] = [];
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1))
    rows.push(at + 1);
  const ruled = rules.at(skipBlanks(text, rows[0] ?? end)) !== undefined;
  return rows.slice(ruled ? 2 : 1);
}
