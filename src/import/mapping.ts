import { VecdropError } from '../domain/errors.ts';
import { IMPORT_FIELDS, type ImportColumn, type ImportField, type ImportMapping } from '../domain/import.ts';

/** Names that columns have, best first, in small letters without blanks; behind a dot they count as well. */
const NAMES: Record<ImportField, readonly string[]> = {
  embedding: [
    'embedding',
    'embeddings',
    'vector',
    'vectors',
    'emb',
    'dense_vector',
    'dense',
    'values',
    'vec',
  ],
  text: [
    'text',
    'content',
    'page_content',
    'pagecontent',
    'document',
    'documents',
    'chunk',
    'chunk_text',
    'passage',
    'body',
    'input',
    'sentence',
    'paragraph',
    'string',
  ],
  file: [
    'file',
    'file_path',
    'filepath',
    'path',
    'filename',
    'file_name',
    'source',
    'source_file',
    'url',
    'uri',
    'document_id',
    'doc_id',
    'doc',
    'title',
  ],
  ordinal: ['ordinal', 'chunk_index', 'chunk_idx', 'chunk_number', 'chunk_no', 'chunkindex'],
  start: ['start', 'start_index', 'start_char_idx', 'start_char', 'start_offset', 'char_start', 'begin'],
  end: ['end', 'end_index', 'end_char_idx', 'end_char', 'end_offset', 'char_end'],
  tokens: ['tokens', 'token_count', 'n_tokens', 'num_tokens', 'tokencount'],
  page: ['page_number', 'page', 'page_label', 'page_no', 'pageno'],
  headings: ['headings', 'headers', 'heading', 'section', 'breadcrumbs'],
  firstLine: ['first_line', 'start_line', 'line_start', 'lines'],
  lastLine: ['last_line', 'end_line', 'line_end', 'lines'],
  scale: ['scale'],
};

/** Which column seems to be what: by names and kinds; vectors and texts, where no name tells, by what is in them. */
export function guessMapping(columns: readonly ImportColumn[]): ImportMapping {
  const mapping: ImportMapping = {};
  for (const field of IMPORT_FIELDS) {
    const found = best(field, columns);
    if (found !== undefined) mapping[field] = found;
  }
  mapping.embedding ??= longestVector(columns);
  mapping.text ??= longestText(columns, new Set(Object.values(mapping)));
  if (!isWholeNumbers(columns.find(({ name }) => name === mapping.embedding))) delete mapping.scale;
  if (mapping.start === undefined) delete mapping.end;
  for (const field of IMPORT_FIELDS) if (mapping[field] === undefined) delete mapping[field];
  return mapping;
}

function best(field: ImportField, columns: readonly ImportColumn[]): string | undefined {
  let found: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const column of columns) {
    const rank = NAMES[field].indexOf(plainName(column.name));
    if (rank < 0 || !fits(field, column)) continue;
    // Of two with one name the outer one counts.
    const depth = column.name.split('.').length;
    const order = rank * 10 + depth;
    if (order >= least) continue;
    least = order;
    found = column.name;
  }
  return found;
}

/** 'metadata.Start Index' is 'start_index'. */
function plainName(name: string): string {
  return name
    .slice(name.lastIndexOf('.') + 1)
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function fits(field: ImportField, { kind, dimensions, samples, name }: ImportColumn): boolean {
  switch (field) {
    case 'embedding':
      return kind === 'vector';
    case 'text':
      return kind === 'text';
    case 'file':
      return kind === 'text' || kind === 'number';
    case 'headings':
      return kind === 'texts' || kind === 'text' || samples.length === 0;
    case 'firstLine':
    case 'lastLine':
      return plainName(name) === 'lines' ? kind === 'vector' && dimensions === 2 : isNumber(kind, samples);
    default:
      return isNumber(kind, samples);
  }
}

/** A column that is empty so far may still be one of numbers. */
function isNumber(kind: ImportColumn['kind'], samples: readonly string[]): boolean {
  return kind === 'number' || (kind === 'other' && samples.length === 0);
}

/** Pairs of lines and places are no embeddings. */
const LEAST_DIMENSIONS = 4;

function longestVector(columns: readonly ImportColumn[]): string | undefined {
  const vectors = columns.filter(
    ({ kind, dimensions = 0 }) => kind === 'vector' && dimensions >= LEAST_DIMENSIONS,
  );
  return vectors.toSorted((a, b) => (b.dimensions ?? 0) - (a.dimensions ?? 0))[0]?.name;
}

/** Shorter texts are names and ids. */
const LEAST_CHARACTERS = 40;

function longestText(columns: readonly ImportColumn[], taken: ReadonlySet<string>): string | undefined {
  const length = ({ samples }: ImportColumn) => Math.max(0, ...samples.map(sample => sample.length));
  const texts = columns.filter(
    column => column.kind === 'text' && !taken.has(column.name) && length(column) >= LEAST_CHARACTERS,
  );
  return texts.toSorted((a, b) => length(b) - length(a))[0]?.name;
}

/** Vectors of 8 bits a number, which need a scale. */
function isWholeNumbers(column: ImportColumn | undefined): boolean {
  return (
    column !== undefined &&
    column.samples.length > 0 &&
    column.samples.every(text => /^[[\]\d\s,…-]+$/.test(text))
  );
}

/** Why nothing can be imported under a mapping, whatever the rows are: 'import/mismatch' with what to choose. */
export function mappingProblem(
  mapping: ImportMapping,
  columns: readonly ImportColumn[],
): VecdropError | undefined {
  const names = new Set(columns.map(({ name }) => name));
  const gone = Object.values(mapping).find(name => !names.has(name));
  if (gone !== undefined) return mismatch(`This file has no column “${gone}”. Choose another one.`);
  if (mapping.embedding === undefined) {
    return mismatch(
      columns.some(({ kind }) => kind === 'vector')
        ? 'Choose the column that holds the vectors.'
        : 'No column of this file holds vectors. To have its texts embedded, add the file like any other.',
    );
  }
  if (mapping.text === undefined) {
    return mismatch(
      columns.some(({ kind, name }) => kind === 'text' && name !== mapping.embedding)
        ? 'Choose the column that holds the texts.'
        : 'No column of this file holds the texts that the vectors were made of. Choose a file that has both.',
    );
  }
  if (mapping.text === mapping.embedding) {
    return mismatch('Texts and vectors are in different columns. Choose another one for either.');
  }
  return undefined;
}

/** Rows that do not go with each other, or columns with what they are taken for. */
export function mismatch(sentence: string): VecdropError {
  return new VecdropError('import/mismatch', sentence);
}
