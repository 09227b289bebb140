import Papa from 'papaparse';
import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat, ExportHeader, ExportRecord } from '../format.ts';
import { vectorText } from '../numbers.ts';
import { utf8 } from '../pieces.ts';
import { joinHeadings } from '../place.ts';

/** What a spreadsheet takes for the start of a formula, behind any number of the apostrophes that mark a text. */
const FORMULA = /^'*[=+\-@\t\r]/;

/** A text that no spreadsheet computes: an apostrophe goes before what would be a formula. `cellText` takes it off. */
function safeCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function cells(record: ExportRecord, { columns }: ExportHeader): [name: string, value: string | number][] {
  const { id, index, file, ordinal, text, start, end, tokens, page, headings, lines, embedding } = record;
  const all: [boolean, string, string | number][] = [
    [true, 'id', id],
    [true, 'index', index],
    [columns.has('file'), 'file', safeCell(file)],
    [columns.has('file'), 'ordinal', ordinal],
    [columns.has('text'), 'text', safeCell(text)],
    [columns.has('start'), 'start', start],
    [columns.has('end'), 'end', end],
    [columns.has('tokens'), 'tokens', tokens],
    [columns.has('page'), 'page', page ?? ''],
    [columns.has('headings'), 'headings', safeCell(joinHeadings(headings))],
    [columns.has('lines'), 'first_line', lines.first],
    [columns.has('lines'), 'last_line', lines.last],
    [columns.has('embedding'), 'embedding', columns.has('embedding') ? vectorText(embedding) : ''],
  ];
  return all.filter(([wanted]) => wanted).map(([, name, value]) => [name, value]);
}

function line(values: readonly (string | number)[]): string {
  return `${Papa.unparse([values as unknown[]])}\r\n`;
}

/** A table (RFC 4180) with the vector as a JSON array in its last column. */
export const csv: ExportFormat = {
  id: 'csv',
  name: 'CSV',
  readBy: 'spreadsheets, pandas, DuckDB',
  mediaType: 'text/csv',
  precisions: ['float32', 'float16'],
  optional: EXPORT_COLUMNS,
  files: [
    {
      extension: 'csv',
      encode(header, records) {
        async function* lines() {
          let first = true;
          for await (const record of records()) {
            const row = cells(record, header);
            if (first) yield line(row.map(([name]) => name));
            first = false;
            yield line(row.map(([, value]) => value));
          }
          if (first) yield line(cells(EMPTY, header).map(([name]) => name));
        }
        return utf8(lines());
      },
    },
  ],
  preview: (record, header) => line(cells(record, header).map(([, value]) => value)).trimEnd(),
};

/** Stands for the records of an export without any: a table has its head all the same. */
const EMPTY: ExportRecord = {
  id: '',
  index: 0,
  embedding: new Float32Array(0),
  text: '',
  file: '',
  ordinal: 0,
  start: 0,
  end: 0,
  tokens: 0,
  headings: [],
  lines: { first: 1, last: 1 },
};
