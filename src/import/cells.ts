import type { ImportColumn, ImportColumnKind } from '../domain/import.ts';
import type { Cell } from './format.ts';

/** A value as a format's reader gives it, as a cell; undefined for what no chunk consists of. */
export function cellOf(value: unknown): Cell {
  switch (typeof value) {
    case 'string':
    case 'number':
      return value;
    case 'boolean':
      return String(value);
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value instanceof Float32Array) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (Array.isArray(value)) return listCell(value);
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
    return Float32Array.from(value as Iterable<number | bigint>, Number);
  }
  return undefined;
}

/** Numbers are a vector, null among them is NaN; texts are texts; an empty list may be either. */
function listCell(list: readonly unknown[]): Cell {
  if (list.length === 0) return [];
  if (list.every(item => typeof item === 'string')) return list;
  const vector = new Float32Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (typeof item === 'number') vector[i] = item;
    else if (typeof item === 'bigint') vector[i] = Number(item);
    else if (item === null || item === undefined) vector[i] = Number.NaN;
    else return undefined;
  }
  return vector;
}

/**
 * A cell as a vector: numbers; numbers written out, in brackets or not, with commas or spaces between them (JSON,
 * pgvector, NumPy, spreadsheets); or base64 of float32, little-endian, as OpenAI sends them. Undefined for anything else.
 */
export function vectorOf(cell: Cell): Float32Array | undefined {
  if (cell instanceof Float32Array) return cell.length > 0 ? cell : undefined;
  return typeof cell === 'string' ? (writtenVector(cell) ?? base64Vector(cell)) : undefined;
}

const BRACKETS = /^\s*([[{(])([^[\]{}()]*)[\]})]\s*$/;
const NO_NUMBER = /^[-+]?(nan|inf|infinity|null|none)$/i;

/** Numbers in JSON, which most lists are, and which the browser reads faster than we do. */
function jsonVector(text: string): Float32Array | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    const isVector = Array.isArray(list) && list.length > 0 && list.every(item => typeof item === 'number');
    return isVector ? new Float32Array(list) : undefined;
  } catch {
    return undefined;
  }
}

function writtenVector(text: string): Float32Array | undefined {
  const json = jsonVector(text);
  if (json) return json;
  const bare = (BRACKETS.exec(text)?.[2] ?? text).trim();
  if (!/^[-+\dni.]/i.test(bare)) return undefined;
  const words = bare.split(bare.includes(',') ? ',' : bare.includes(';') ? ';' : /\s+/);
  const vector = new Float32Array(words.length);
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] as string).trim();
    const value = word === '' ? Number.NaN : Number(word);
    if (Number.isNaN(value) && !NO_NUMBER.test(word)) return undefined;
    vector[i] = value;
  }
  return vector;
}

function base64Vector(text: string): Float32Array | undefined {
  if (text.length < 16 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  return bytes.length % 4 === 0 ? new Float32Array(bytes.buffer) : undefined;
}

/** Vectors without brackets are taken for such from this many numbers on: a date or a place has fewer. */
const LEAST_NUMBERS = 8;

/** Whether a text is a vector beyond doubt: words and hashes that happen to be base64 make no likely numbers. */
function isVectorText(text: string): boolean {
  const written = writtenVector(text);
  if (written) return written.length >= (BRACKETS.test(text) ? 2 : LEAST_NUMBERS);
  const coded = base64Vector(text);
  const likely = (value: number) => value === 0 || (Math.abs(value) < 1e4 && Math.abs(value) > 1e-12);
  return coded !== undefined && coded.length >= LEAST_NUMBERS && coded.every(likely);
}

const isNumberText = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));

/** What a column's first cells are; 'other' too where there are none. */
function kindOf(cells: readonly Cell[]): ImportColumnKind {
  const some = cells.filter(cell => cell !== undefined && cell !== '');
  const lists = some.filter(cell => Array.isArray(cell) && cell.length === 0);
  const filled = some.filter(cell => !lists.includes(cell));
  if (filled.length === 0) return lists.length > 0 ? 'texts' : 'other';
  if (filled.every(cell => cell instanceof Float32Array)) return 'vector';
  if (lists.length > 0 || filled.some(cell => typeof cell === 'object')) {
    return filled.every(Array.isArray) ? 'texts' : 'other';
  }
  const texts = filled.map(String);
  if (texts.every(isNumberText)) return 'number';
  return texts.every(isVectorText) ? 'vector' : 'text';
}

const SAMPLES = 3;
const SAMPLE_CHARACTERS = 120;
const SAMPLE_NUMBERS = 4;

/** A column as its first cells show it. */
export function describeColumn(name: string, cells: readonly Cell[]): ImportColumn {
  const kind = kindOf(cells);
  const some = cells.filter(cell => cell !== undefined && cell !== '');
  const samples = some.slice(0, SAMPLES).map(cell => sampleOf(kind === 'vector' ? vectorOf(cell) : cell));
  if (kind !== 'vector')
    return { name, kind, samples, ...(isConstant(name, some) ? { constant: true } : {}) };
  const lengths = new Set(some.map(cell => vectorOf(cell)?.length ?? 0).filter(length => length > 0));
  const [dimensions] = lengths;
  return { name, kind, samples, ...(dimensions !== undefined && lengths.size === 1 ? { dimensions } : {}) };
}

/** A single cell tells nothing, but for the word by which OpenAI's answers say what each record is. */
function isConstant(name: string, [first, ...rest]: readonly Cell[]): boolean {
  if (rest.length === 0) return name === 'object' && first === 'embedding';
  return rest.every(cell => cell === first);
}

function sampleOf(cell: Cell): string {
  if (cell instanceof Float32Array) {
    const numbers = Array.from(cell.subarray(0, SAMPLE_NUMBERS), value =>
      String(Number(value.toPrecision(4))),
    );
    return `[${numbers.join(', ')}${cell.length > SAMPLE_NUMBERS ? ', …' : ''}]`;
  }
  const text = typeof cell === 'object' ? cell.join(' › ') : String(cell ?? '');
  return text.length > SAMPLE_CHARACTERS ? `${text.slice(0, SAMPLE_CHARACTERS - 1)}…` : text;
}
