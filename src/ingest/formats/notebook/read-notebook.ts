import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed } from '../../format.ts';
import { broken } from '../../limits.ts';
import { type Json, parseJson } from '../json/value.ts';
import { parseMarkdown } from '../markdown-parse.ts';

/** Terminal colours in what was printed. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/** A notebook (nbformat 3 and 4): cells of text as Markdown, code as code, printed text and values as code after it. */
export function readNotebook(text: string): Parsed {
  const root = parseJson(text);
  const sheets = items(member(root, 'worksheets')).flatMap(sheet => items(member(sheet, 'cells')));
  const cells = [...items(member(root, 'cells')), ...sheets];
  if (member(root, 'cells') === undefined && sheets.length === 0) throw broken('a Jupyter notebook');
  const writer = new DocumentWriter();
  for (const cell of cells) {
    const source = textOf(member(cell, 'source') ?? member(cell, 'input'));
    if (member(cell, 'cell_type') === 'code') {
      writer.add('code', source);
      for (const output of items(member(cell, 'outputs'))) writer.add('code', outputText(output));
    } else {
      for (const { start, end, kind, level } of parseMarkdown(source)) {
        writer.add(kind, source.slice(start, end), level === undefined ? {} : { level });
      }
    }
  }
  const title = writer.blocks.find(({ kind }) => kind === 'heading');
  const parsed = writer.finish();
  return title
    ? { ...parsed, title: parsed.text.slice(title.start, title.end).replace(/^#+\s*/, '') }
    : parsed;
}

function outputText(output: Json): string {
  const printed =
    member(output, 'text') ?? member(member(output, 'data'), 'text/plain') ?? member(output, 'traceback');
  return textOf(printed).replace(COLOURS, '');
}

function member(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || !('members' in value)) return undefined;
  return value.members.find(([name]) => name === key)?.[1];
}

function items(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Texts of a notebook are strings, or lists of lines with their ends. */
function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return items(value)
    .filter(line => typeof line === 'string')
    .join('');
}
