import type { ExportHeader, ExportRecord } from './format.ts';

/** Where a chunk stands, as scalars with names that every database takes; headings joined, absent pages left out. */
export type FlatPlace = Record<string, string | number>;

/** The chosen columns of a record but its text and vector, flat. */
export function flatPlace(record: ExportRecord, { columns }: ExportHeader): FlatPlace {
  const place: FlatPlace = {};
  if (columns.has('file')) {
    place.file = record.file;
    place.ordinal = record.ordinal;
  }
  for (const column of ['start', 'end', 'tokens', 'page'] as const) {
    const value = record[column];
    if (columns.has(column) && value !== undefined) place[column] = value;
  }
  if (columns.has('headings') && record.headings.length > 0) place.headings = joinHeadings(record.headings);
  if (columns.has('lines')) {
    place.first_line = record.lines.first;
    place.last_line = record.lines.last;
  }
  return place;
}

/** A heading path as one string. */
export function joinHeadings(headings: readonly string[]): string {
  return headings.join(' › ');
}

/** A collection's name as an identifier that needs no quotes in any database: small letters, digits, '_'. */
export function identifier(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50);
  return /^[a-z]/.test(plain) ? plain : `vecdrop${plain && `_${plain}`}`;
}
