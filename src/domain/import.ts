/** What the cells of an imported table's column are, as far as its first rows tell. */
export type ImportColumnKind = 'text' | 'number' | 'texts' | 'vector' | 'other';

/** A column of an imported table. */
export interface ImportColumn {
  name: string;
  kind: ImportColumnKind;
  /** Of a vector's cells. */
  dimensions?: number;
  /** The first cells for a person: texts cut short, of vectors the first numbers. */
  samples: string[];
  /** They are all the same: said about the rows, and no text of theirs. */
  constant?: true;
}

/** Whether texts may stand in a column. */
export function mayHoldTexts({ kind, constant }: ImportColumn): boolean {
  return kind === 'text' && !constant;
}

/** Why a table with vectors and nothing that may be their texts cannot be imported, and what to do. */
export const WITHOUT_TEXTS =
  'No column of this file holds texts. Answers of an embeddings API have none, and those of a matrix (.npy) stand in lines (.jsonl) beside it. Choose both files, or put each text beside its vector as “text”.';

/** What a chunk consists of that a column may hold. */
export const IMPORT_FIELDS = [
  'embedding',
  'text',
  'file',
  'ordinal',
  'start',
  'end',
  'tokens',
  'page',
  'headings',
  'firstLine',
  'lastLine',
  'scale',
] as const;

export type ImportField = (typeof IMPORT_FIELDS)[number];

/** Which column holds what; `embedding` and `text` must be there before anything is imported. */
export type ImportMapping = Partial<Record<ImportField, string>>;

/** A record of an import as a person looks at it before anything is written. */
export interface ImportSample {
  /** Path of the file that it will stand in. */
  file: string;
  text: string;
  /** The first numbers. */
  embedding: number[];
  tokens: number;
  page?: number;
  headings?: string[];
}
