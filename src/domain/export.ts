/** How finely the numbers of vectors are written. float32 is exact. */
export type VectorPrecision = 'float32' | 'float16' | 'int8';

/** What may stand beside the id of a record, and may be left out. */
export const EXPORT_COLUMNS = [
  'embedding',
  'text',
  'file',
  'start',
  'end',
  'tokens',
  'page',
  'headings',
  'lines',
] as const;

export type ExportColumn = (typeof EXPORT_COLUMNS)[number];
