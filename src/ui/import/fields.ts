import {
  type ImportColumn,
  type ImportColumnKind,
  type ImportField,
  type ImportMapping,
  mayHoldTexts,
  WITHOUT_TEXTS,
} from '../../domain/import.ts';

/** How a field of a record is called on the page. */
export const FIELD_NAMES: Record<ImportField, string> = {
  embedding: 'Vector',
  text: 'Text',
  file: 'File',
  ordinal: 'Order',
  start: 'Start',
  end: 'End',
  tokens: 'Tokens',
  page: 'Page',
  headings: 'Headings',
  firstLine: 'First line',
  lastLine: 'Last line',
  scale: 'Scale',
};

/** Without these nothing can be imported. */
export const NEEDED_FIELDS = ['embedding', 'text'] as const satisfies readonly ImportField[];

/** What may be left out, with what it means where the name alone does not say. */
export const FURTHER_FIELDS: readonly { field: ImportField; hint?: string }[] = [
  { field: 'file', hint: 'which file a text is of; all stand in one without it' },
  { field: 'ordinal', hint: 'the place among the chunks of its file' },
  { field: 'start', hint: 'the character of the file that it starts at' },
  { field: 'end', hint: 'the character that it ends before' },
  { field: 'tokens' },
  { field: 'page' },
  { field: 'headings', hint: 'the headings that it stands below' },
  { field: 'firstLine' },
  { field: 'lastLine' },
  { field: 'scale', hint: 'by which 8-bit vectors are multiplied' },
];

const KINDS: Record<Exclude<ImportField, 'text'>, readonly ImportColumnKind[]> = {
  embedding: ['vector'],
  file: ['text', 'number'],
  ordinal: ['number', 'other'],
  start: ['number', 'other'],
  end: ['number', 'other'],
  tokens: ['number', 'other'],
  page: ['number', 'other'],
  headings: ['texts', 'text', 'other'],
  firstLine: ['number', 'other'],
  lastLine: ['number', 'other'],
  scale: ['number', 'other'],
};

/**
 * The columns that may hold a field, by what their first cells are; those whose first cells are empty may hold anything
 * but what is needed. The one that is chosen is always among them.
 */
export function columnsFor(
  field: ImportField,
  columns: readonly ImportColumn[],
  chosen?: string,
): ImportColumn[] {
  const fits = (column: ImportColumn) =>
    field === 'text' ? mayHoldTexts(column) : KINDS[field].includes(column.kind);
  return columns.filter(column => fits(column) || column.name === chosen);
}

/** What must be chosen before anything can be checked, as a sentence; undefined when all is. */
export function missingWords(mapping: ImportMapping, columns: readonly ImportColumn[]): string | undefined {
  if (columnsFor('embedding', columns).length === 0)
    return 'No column of this file holds vectors, so there is nothing to import. Its texts can be added as a document: drop the file outside of this dialog.';
  if (mapping.embedding === undefined) return 'Choose the column that holds the vectors.';
  if (mapping.text !== undefined) return undefined;
  return columns.some(mayHoldTexts) ? 'Choose the column that holds the texts.' : WITHOUT_TEXTS;
}

/** The mapping with another column for one field, or none. */
export function remapped(
  mapping: ImportMapping,
  field: ImportField,
  column: string | undefined,
): ImportMapping {
  const { [field]: _, ...rest } = mapping;
  return column === undefined ? rest : { ...rest, [field]: column };
}

/** 'File, Order, Page': the fields below 'More columns' that have one. */
export function mappedNames(mapping: ImportMapping): string {
  return FURTHER_FIELDS.filter(({ field }) => mapping[field] !== undefined)
    .map(({ field }) => FIELD_NAMES[field])
    .join(', ');
}
