import type { ImportColumn } from '../domain/import.ts';
import { cellOf, describeColumn } from './cells.ts';
import type { Cell, ImportOrigin, ImportTable, Row, Told } from './format.ts';
import { corrupt, MAX_COLUMNS, unsupported } from './limits.ts';

/** A record as a format reads it: names and values, objects within still whole. */
export type RawRow = Iterable<readonly [name: string, value: unknown]>;

/** What a format knows of its file; `tableOf` makes a table of it. */
export interface Source {
  rows?: number;
  /** May fill up while the first rows are read. */
  origin?: () => ImportOrigin;
  /** Rows from the first on, with the named values at least, or all. */
  read(names: ReadonlySet<string> | undefined, signal: AbortSignal, told?: Told): AsyncIterable<RawRow>;
  /** Columns that rows may have though the first ones do not. */
  later?(found: ReadonlySet<string>): ImportColumn[];
}

/** Rows that columns are known by. */
const SAMPLE_ROWS = 50;
/** Objects within objects: metadata of metadata. */
const DEPTH = 4;

/**
 * A table with the columns that its first rows have. Objects in a row are columns of their own ('metadata.source'), and
 * numbers in columns e0, e1 … are one vector. Rejects with 'import/corrupt' where there are no rows.
 */
export async function tableOf(source: Source, signal: AbortSignal): Promise<ImportTable> {
  const cells = new Map<string, Cell[]>();
  /** Of a flattened column the name that the source knows. */
  const roots = new Map<string, string>();
  let count = 0;
  for await (const row of source.read(undefined, signal)) {
    for (const [name, value, root] of flattened(row)) {
      let column = cells.get(name);
      if (!column) {
        if (cells.size >= MAX_COLUMNS) throw tooManyColumns();
        column = [];
        cells.set(name, column);
        roots.set(name, root);
      }
      column.push(cellOf(value));
    }
    count += 1;
    if (count === SAMPLE_ROWS) break;
  }
  if (count === 0) throw corrupt('This file has no rows. Choose one that has texts and vectors in it.');

  const single = Array.from(cells, ([name, column]) => describeColumn(name, column));
  const wide = wideVectors(single);
  const columns = withWide(single, wide);
  for (const column of source.later?.(new Set(cells.keys())) ?? []) {
    columns.push(column);
    roots.set(column.name, column.name);
  }
  return {
    columns,
    ...(source.rows === undefined ? {} : { rows: source.rows }),
    ...(source.origin ? { origin: source.origin() } : {}),
    async *read(names, stop, told) {
      const wanted = new Set(names);
      const vectors = wide.filter(({ name }) => wanted.has(name));
      const parts = [...wanted, ...vectors.flatMap(vector => vector.members)];
      const needed = new Set(parts.flatMap(name => roots.get(name) ?? []));
      for await (const row of source.read(needed, stop, told)) yield projected(row, wanted, vectors);
    },
  };
}

function projected(row: RawRow, wanted: ReadonlySet<string>, vectors: readonly WideVector[]): Row {
  const cells = new Map<string, Cell>();
  const joined = vectors.map(({ members }) => new Float32Array(members.length).fill(Number.NaN));
  for (const [name, value] of flattened(row)) {
    if (wanted.has(name)) cells.set(name, cellOf(value));
    for (const [i, { places }] of vectors.entries()) {
      const place = places.get(name);
      const cell = place === undefined ? undefined : cellOf(value);
      if (place === undefined || cell === undefined || cell === '') continue;
      (joined[i] as Float32Array)[place] = Number(cell);
    }
  }
  for (const [i, { name }] of vectors.entries()) cells.set(name, joined[i]);
  return cells;
}

/** Values by name, those of objects within by names with dots; `root` is the name that the source has it under. */
function* flattened(row: RawRow): Generator<[name: string, value: unknown, root: string]> {
  for (const [name, value] of row) yield* flat(name, value, name, 1);
}

function* flat(
  name: string,
  value: unknown,
  root: string,
  depth: number,
): Generator<[name: string, value: unknown, root: string]> {
  const object = depth === 1 && METADATA.has(name.toLowerCase()) ? writtenObject(value) : value;
  if (!isPlainObject(object) || depth === DEPTH) {
    yield [name, value, root];
    return;
  }
  for (const [key, inner] of Object.entries(object)) yield* flat(`${name}.${key}`, inner, root, depth + 1);
}

/** Columns that hold an object written out as JSON, where a format has no objects: LangChain's in a CSV of PostgreSQL. */
const METADATA: ReadonlySet<string> = new Set(['metadata', 'cmetadata', 'metadata_', 'meta', 'payload']);

/** The object that a text is of, else the value as it is. */
function writtenObject(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('{')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Whether a value is an object as JSON and Parquet make them, and no list, date or bytes. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof Date)
  );
}

/** A vector with a column for each of its numbers. */
interface WideVector {
  name: string;
  members: string[];
  places: ReadonlyMap<string, number>;
}

const NUMBERED = /^(|e|emb|embeddings?|dim|d|v|vec|vectors?|f|features?|x|col|column)[ _.-]?(\d{1,5})$/i;
/** Fewer numbered columns are something else. */
const LEAST_WIDE = 8;

/** Columns of numbers that are numbered from 0 or 1 without a gap. */
function wideVectors(columns: readonly ImportColumn[]): WideVector[] {
  const families = new Map<string, string[]>();
  for (const { name, kind } of columns) {
    const [, family, digits] = kind === 'number' ? (NUMBERED.exec(name) ?? []) : [];
    if (family === undefined) continue;
    const members = families.get(family) ?? [];
    members[Number(digits)] = name;
    families.set(family, members);
  }
  return Array.from(families.values()).flatMap(numbered => {
    const members = numbered[0] === undefined ? numbered.slice(1) : numbered;
    const whole = members.length >= LEAST_WIDE && !members.includes(undefined as never);
    if (!whole) return [];
    const places = new Map(members.map((name, place) => [name, place]));
    return [{ name: `${members[0]} … ${members.at(-1)}`, members, places }];
  });
}

/** The columns with each wide vector in the place of its first number. */
function withWide(columns: readonly ImportColumn[], wide: readonly WideVector[]): ImportColumn[] {
  return columns.flatMap(column => {
    const vector = wide.find(({ places }) => places.has(column.name));
    if (!vector) return [column];
    if (vector.members[0] !== column.name) return [];
    const first = column.samples[0];
    return [
      {
        name: vector.name,
        kind: 'vector' as const,
        dimensions: vector.members.length,
        samples: first === undefined ? [] : [`[${first}, …]`],
      },
    ];
  });
}

function tooManyColumns() {
  return unsupported(
    `This file has more than ${MAX_COLUMNS.toLocaleString('en')} columns. Choose one with a text and a vector a row.`,
  );
}
