import type { ImportMapping } from '../domain/import.ts';
import { vectorOf } from './cells.ts';
import type { Cell, ImportTable, Row, Told } from './format.ts';
import { corrupt, MAX_DIMENSIONS, MAX_RECORD, tooLargeRow, unsupported } from './limits.ts';
import { mappingProblem, mismatch } from './mapping.ts';

/** A row of a table under a mapping, checked by itself and against those before it. */
export interface ImportRow {
  /** 1-based. */
  row: number;
  /** As the table has it, which no path is to be made of as it is; absent where it says none. */
  file?: string;
  ordinal?: number;
  /** Line ends are \n; no lone surrogates. */
  text: string;
  vector: Float32Array;
  start?: number;
  end?: number;
  tokens?: number;
  /** 1-based. */
  page?: number;
  headings: string[];
  firstLine?: number;
  lastLine?: number;
}

/**
 * The rows of a table as chunks with vectors, from the first on; `told` hears how much was read. Throws 'import/mismatch' where the mapping leaves out
 * what must be there or a vector has other dimensions than those before it, 'import/corrupt' for a row without a text
 * or a vector of numbers: each with the row.
 */
export async function* readRows(
  table: ImportTable,
  mapping: ImportMapping,
  signal: AbortSignal,
  told?: Told,
): AsyncGenerator<ImportRow> {
  const problem = mappingProblem(mapping, table.columns);
  if (problem) throw problem;
  const names = [...new Set(Object.values(mapping))];
  let dimensions = 0;
  let number = 0;
  for await (const cells of table.read(names, signal, told)) {
    number += 1;
    const row = rowOf(cells, mapping, number);
    const { length } = row.vector;
    if (dimensions > 0 && length !== dimensions) throw otherDimensions(number, length, dimensions);
    dimensions = length;
    yield row;
  }
}

/** The cell of a field, undefined where no column has it. */
export function fieldOf(cells: Row, mapping: ImportMapping, field: keyof ImportMapping): Cell {
  const name = mapping[field];
  return name === undefined ? undefined : cells.get(name);
}

function rowOf(cells: Row, mapping: ImportMapping, row: number): ImportRow {
  const field = (name: keyof ImportMapping) => fieldOf(cells, mapping, name);
  const found: ImportRow = {
    row,
    text: textOf(field('text'), row),
    vector: scaled(checkedVector(field('embedding'), row), mapping.scale, field('scale'), row),
    headings: headingsOf(field('headings')),
  };
  const file = fileOf(field('file'));
  if (file !== undefined) found.file = file;
  for (const name of ['ordinal', 'start', 'end', 'tokens'] as const) {
    const value = countOf(field(name));
    if (value !== undefined) found[name] = value;
  }
  const places = { page: field('page'), firstLine: field('firstLine'), lastLine: field('lastLine') };
  for (const name of ['page', 'firstLine', 'lastLine'] as const) {
    const cell = places[name];
    // A pair has the first and the last line.
    const value = countOf(
      cell instanceof Float32Array ? cell[name === 'lastLine' ? cell.length - 1 : 0] : cell,
    );
    if (value !== undefined && value > 0) found[name] = value;
  }
  return found;
}

/** Which file a row is of, as the table has it. */
export function fileOf(cell: Cell): string | undefined {
  const text = typeof cell === 'string' || typeof cell === 'number' ? String(cell).trim() : '';
  return text === '' ? undefined : text;
}

function textOf(cell: Cell, row: number): string {
  if (typeof cell === 'number') return String(cell);
  if (typeof cell !== 'string' || cell.trim() === '') {
    throw corrupt(`Row ${place(row)} has no text. Take it out, or choose another column for the texts.`);
  }
  if (cell.length > MAX_RECORD) throw tooLargeRow(row);
  const text = cell.includes('\r') ? cell.replace(/\r\n?/g, '\n') : cell;
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

function checkedVector(cell: Cell, row: number): Float32Array {
  const vector = vectorOf(cell);
  if (!vector) throw withoutVector(cell, row);
  if (vector.length > MAX_DIMENSIONS) {
    throw unsupported(
      `The vector of row ${place(row)} has more than ${place(MAX_DIMENSIONS)} numbers. Choose another column for the vectors.`,
    );
  }
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] as number;
  // One number that is none makes the sum none; no sum of finite float32 leaves what 64 bits hold.
  if (Number.isFinite(sum)) return vector;
  const wrong = vector.findIndex(value => !Number.isFinite(value));
  throw corrupt(
    `Number ${place(wrong + 1)} in the vector of row ${place(row)} is missing or is none (NaN or infinite). Have the row embedded again, or take it out.`,
  );
}

function withoutVector(cell: Cell, row: number) {
  if (typeof cell === 'string' && /\d.*(\.\.\.|…)/s.test(cell)) {
    return corrupt(
      `The vector of row ${place(row)} was cut short with dots when the file was written. Write it with all of its numbers, as Parquet for instance.`,
    );
  }
  return corrupt(
    `Row ${place(row)} has no vector. Have it embedded again, take it out, or choose another column for the vectors.`,
  );
}

/** Numbers of 8 bits times their row's scale; without a column of scales the numbers as they are. */
function scaled(vector: Float32Array, column: string | undefined, cell: Cell, row: number): Float32Array {
  if (column === undefined) return vector;
  const scale = typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : cell;
  if (typeof scale !== 'number' || !Number.isFinite(scale)) {
    throw corrupt(
      `Row ${place(row)} has no scale for its vector. Take it out, or choose no column for the scale.`,
    );
  }
  return vector.map(value => value * scale);
}

/** How our own exports that have no lists join headings. */
const JOINT = ' › ';

function headingsOf(cell: Cell): string[] {
  if (typeof cell === 'number') return [String(cell)];
  const titles = typeof cell === 'string' ? cell.split(JOINT) : Array.isArray(cell) ? [...cell] : [];
  return titles.map(title => title.trim()).filter(title => title !== '');
}

/** A whole number from 0 on, written out or not; undefined for anything else. */
function countOf(cell: Cell): number | undefined {
  const value = typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : cell;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function otherDimensions(row: number, length: number, before: number) {
  return mismatch(
    `Row ${place(row)} has ${place(length)} numbers, the rows before it ${place(before)}. Choose a file whose vectors are all of one model.`,
  );
}

const place = (value: number) => value.toLocaleString('en');
