import type { ExportHeader, ExportRecord } from './format.ts';

/** What the cells of a column are; a vector's cells are arrays of the collection's dimensions. */
export type ColumnType =
  | 'text'
  | 'integer'
  | 'optional integer'
  | 'float'
  | 'texts'
  | 'vector'
  | 'int8 vector';

/** A column of a table that knows types: Parquet, Arrow, SQLite. */
export interface TableColumn {
  name: string;
  type: ColumnType;
  value(record: ExportRecord): string | number | readonly string[] | ArrayLike<number> | undefined;
}

/** The columns that such a table has of the chosen ones, in order. */
export function tableColumns({ columns, precision }: ExportHeader): TableColumn[] {
  const int8 = precision === 'int8';
  const all: [boolean, TableColumn][] = [
    [true, { name: 'id', type: 'text', value: record => record.id }],
    [columns.has('file'), { name: 'file', type: 'text', value: record => record.file }],
    [columns.has('file'), { name: 'ordinal', type: 'integer', value: record => record.ordinal }],
    [columns.has('text'), { name: 'text', type: 'text', value: record => record.text }],
    [columns.has('start'), { name: 'start', type: 'integer', value: record => record.start }],
    [columns.has('end'), { name: 'end', type: 'integer', value: record => record.end }],
    [columns.has('tokens'), { name: 'tokens', type: 'integer', value: record => record.tokens }],
    [columns.has('page'), { name: 'page', type: 'optional integer', value: record => record.page }],
    [columns.has('headings'), { name: 'headings', type: 'texts', value: record => record.headings }],
    [columns.has('lines'), { name: 'first_line', type: 'integer', value: record => record.lines.first }],
    [columns.has('lines'), { name: 'last_line', type: 'integer', value: record => record.lines.last }],
    [
      columns.has('embedding') && !int8,
      { name: 'embedding', type: 'vector', value: record => record.embedding },
    ],
    [
      columns.has('embedding') && int8,
      {
        name: 'embedding',
        type: 'int8 vector',
        value: record => record.quantized?.values ?? new Int8Array(record.embedding.length),
      },
    ],
    [
      columns.has('embedding') && int8,
      { name: 'scale', type: 'float', value: record => record.quantized?.scale ?? 0 },
    ],
  ];
  return all.filter(([wanted]) => wanted).map(([, column]) => column);
}

/** What is kept beside a table about all of it: texts by name, the recipe as JSON. */
export function recipeMetadata({
  collection,
  model,
  dimensions,
  recipe,
}: ExportHeader): Record<string, string> {
  return {
    'vecdrop:collection': collection,
    'vecdrop:model': model,
    'vecdrop:dimensions': String(dimensions),
    'vecdrop:recipe': JSON.stringify(recipe),
  };
}
