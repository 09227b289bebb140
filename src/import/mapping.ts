import { VecdropError } from '../domain/errors.ts';
import {
  IMPORT_FIELDS,
  type ImportColumn,
  type ImportField,
  type ImportMapping,
  mayHoldTexts,
  WITHOUT_TEXTS,
} from '../domain/import.ts';
import { NAMES } from './column-names.ts';

/** Which column seems to be what: by names and kinds; vectors and texts, where no name tells, by what is in them. */
export function guessMapping(columns: readonly ImportColumn[]): ImportMapping {
  const mapping: ImportMapping = {};
  const named = columns.filter(isTextByName);
  const text = best('text', named.filter(isText));
  for (const field of IMPORT_FIELDS) {
    if (field === 'text') continue;
    const found = best(
      field,
      columns.filter(({ name }) => name !== text),
    );
    if (found !== undefined) mapping[field] = found;
  }
  mapping.text =
    text ??
    longestText(columns, new Set(Object.values(mapping))) ??
    best('text', named) ??
    onlyText(columns, new Set(Object.values(mapping)));
  // What was taken for the files may turn out to be the texts.
  if (mapping.file === mapping.text) delete mapping.file;
  mapping.embedding ??= likeliestVector(columns, mapping.text);
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
      return (
        kind === 'number' || (kind === 'text' && (!EITHER.has(plainName(name)) || samples.every(isLabel)))
      );
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

/** Of several vectors a record the one that is named after the texts ('content_vector'), else the longest. */
function likeliestVector(columns: readonly ImportColumn[], text: string | undefined): string | undefined {
  const vectors = columns
    .filter(({ kind, dimensions = 0 }) => kind === 'vector' && dimensions >= LEAST_DIMENSIONS)
    .toSorted((a, b) => (b.dimensions ?? 0) - (a.dimensions ?? 0));
  const own = vectors.find(({ name }) => text !== undefined && plainName(name).includes(plainName(text)));
  return (own ?? vectors[0])?.name;
}

/** Names that a text may have, and the file or the place that it is from as well. */
const EITHER: ReadonlySet<string> = new Set(['document', 'documents', 'chunk']);

const isTextByName = ({ kind, name }: ImportColumn) =>
  kind === 'text' && NAMES.text.includes(plainName(name));

/** Whether there are texts in a column that has a text's name. */
function isText(column: ImportColumn): boolean {
  return mayHoldTexts(column) && !(EITHER.has(plainName(column.name)) && column.samples.every(isLabel));
}

/** An id, an address, a path: one word of ASCII, or a line that ends as names of files do. */
function isLabel(sample: string): boolean {
  return /^[!-~]+$/.test(sample) || /^[^\n]+\.[a-z][a-z0-9]{1,4}$/i.test(sample);
}

/** Shorter texts are names and ids. */
const LEAST_CHARACTERS = 40;

function longestText(columns: readonly ImportColumn[], taken: ReadonlySet<string>): string | undefined {
  const length = ({ samples }: ImportColumn) => Math.max(0, ...samples.map(sample => sample.length));
  const texts = columns.filter(
    column =>
      mayHoldTexts(column) &&
      !taken.has(column.name) &&
      length(column) >= LEAST_CHARACTERS &&
      !column.samples.every(isLabel),
  );
  return texts.toSorted((a, b) => length(b) - length(a))[0]?.name;
}

/** Names of what is said about a text. */
const ABOUT_TEXTS =
  /(^|_)(id|uuid|key|hash|sha\d*|md5|model|type|kind|lang|language|date|time|at|created|status)$/;

/** Where texts are short: the one column that may be of them. */
function onlyText(columns: readonly ImportColumn[], taken: ReadonlySet<string>): string | undefined {
  const [only, another] = columns.filter(
    column => mayHoldTexts(column) && !taken.has(column.name) && !ABOUT_TEXTS.test(plainName(column.name)),
  );
  return another ? undefined : only?.name;
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
      columns.some(column => mayHoldTexts(column) && column.name !== mapping.embedding)
        ? 'Choose the column that holds the texts.'
        : WITHOUT_TEXTS,
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
