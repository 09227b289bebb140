import type { Block } from '../domain/document.ts';
import type { ImportMapping } from '../domain/import.ts';
import type { ImportTable, Told } from './format.ts';
import { layOut } from './layout.ts';
import { MAX_FILES, MAX_HELD, PART_ROWS, unsupported } from './limits.ts';
import { mismatch } from './mapping.ts';
import { Paths, safePath } from './paths.ts';
import { fieldOf, fileOf, type ImportRow, readRows } from './rows.ts';

/** A file as a table's rows make it. */
export interface ImportedFile {
  /** Within the collection; see `safePath`. No two files have the same. */
  path: string;
  text: string;
  blocks: Block[];
  /** In the order of their ordinals, or of the rows; `text.slice(start, end)` is the row's text. */
  chunks: ImportedChunk[];
  /** Those of chunks [first, first + count), a row each. They stay as they were read: a matrix of all would hold them twice. */
  vectors(first: number, count: number): Float32Array;
}

interface ImportedChunk {
  start: number;
  end: number;
  tokens?: number;
  page?: number;
  headings: string[];
}

/** How far the reading of a table is. */
export interface ReadProgress {
  /** Of all that is to be read, 0 to 1. */
  share: number;
  /** How many rows there are; undefined where only the end of the file will tell. */
  rows?: number | undefined;
}

/**
 * What going through a table for its files alone takes of the reading, at a guess: formats that know their rows read that
 * column alone, CSV and JSON are read twice.
 */
const countingShare = ({ rows }: ImportTable) => (rows === undefined ? 0.4 : 0.05);

/**
 * The files that the rows of a table belong to, one at a time. Where rows name no file they are a file called
 * `defaultPath`, in parts of PART_ROWS. Rows of a file need not come together: which do is found out by reading the
 * file's column first, and what must wait is held, up to MAX_HELD bytes. Throws what `readRows` throws,
 * 'import/mismatch' where a file has two chunks of one ordinal, and 'import/unsupported' past a limit.
 */
export async function* readFiles(
  table: ImportTable,
  mapping: ImportMapping,
  { defaultPath, signal, told = () => {} }: ReadOptions,
): AsyncGenerator<ImportedFile> {
  const counting = countingShare(table);
  const counted = await rowsOfFiles(table, mapping, signal, share => told({ share: share * counting }));
  const { counts, rows = table.rows } = counted ?? { counts: new Map<string, number>() };
  const before = counted ? counting : 0;
  const heard = (share: number) => told({ share: before + share * (1 - before), rows });
  const paths = new Paths();
  const waiting = new Map<string, { rows: ImportRow[]; bytes: number }>();
  let held = 0;
  for await (const row of readRows(table, mapping, signal, heard)) {
    const name = row.file ?? NO_FILE;
    const group = waiting.get(name) ?? { rows: [], bytes: 0 };
    waiting.set(name, group);
    group.rows.push(row);
    const bytes = row.vector.byteLength + row.text.length * 2;
    group.bytes += bytes;
    held += bytes;
    if (held > MAX_HELD) throw tooMuchHeld(waiting.size);
    if (group.rows.length < (name === NO_FILE ? PART_ROWS : (counts.get(name) ?? 0))) continue;
    waiting.delete(name);
    held -= group.bytes;
    yield assemble(name === NO_FILE ? paths.fresh(safePath(defaultPath)) : paths.of(name), group.rows);
  }
  const rest = waiting.get(NO_FILE);
  if (rest) yield assemble(paths.fresh(safePath(defaultPath)), rest.rows);
}

/** Stands for the file of rows that name none; no name is empty. */
const NO_FILE = '';

interface ReadOptions {
  /** What the file of rows that name none is called. */
  defaultPath: string;
  signal: AbortSignal;
  told?: (progress: ReadProgress) => void;
}

/** How many rows each file has, by the name that the table gives it, and how many there are; undefined where none has a file. */
async function rowsOfFiles(
  table: ImportTable,
  mapping: ImportMapping,
  signal: AbortSignal,
  told: Told,
): Promise<{ counts: Map<string, number>; rows: number } | undefined> {
  const { file } = mapping;
  if (file === undefined || !table.columns.some(({ name }) => name === file)) return undefined;
  const counts = new Map<string, number>();
  let rows = 0;
  for await (const cells of table.read([file], signal, told)) {
    rows += 1;
    const name = fileOf(fieldOf(cells, mapping, 'file'));
    if (name === undefined) continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (counts.size > MAX_FILES) throw tooManyFiles();
  }
  return { counts, rows };
}

function assemble(path: string, read: readonly ImportRow[]): ImportedFile {
  const rows = inOrder(path, read);
  const { text, spans, blocks } = layOut(rows);
  const chunks = rows.map(({ tokens, page, headings }, i) => ({
    ...(spans[i] as { start: number; end: number }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(page === undefined ? {} : { page }),
    headings,
  }));
  // The rows themselves go, and their texts with them.
  return { path, text, blocks, chunks, vectors: joinedVectors(rows.map(({ vector }) => vector)) };
}

function joinedVectors(vectors: readonly Float32Array[]): ImportedFile['vectors'] {
  return (first, count) => {
    const taken = vectors.slice(first, first + count);
    const dimensions = taken[0]?.length ?? 0;
    const joined = new Float32Array(taken.length * dimensions);
    for (const [i, vector] of taken.entries()) joined.set(vector, i * dimensions);
    return joined;
  };
}

/** By ordinals where every row of a named file has one, else as they come. */
function inOrder(path: string, rows: readonly ImportRow[]): readonly ImportRow[] {
  if (rows.some(({ file, ordinal }) => file === undefined || ordinal === undefined)) return rows;
  const ordered = rows.toSorted((a, b) => (a.ordinal as number) - (b.ordinal as number));
  for (const [i, row] of ordered.entries()) {
    const before = ordered[i - 1];
    if (!before || before.ordinal !== row.ordinal) continue;
    throw mismatch(
      `Rows ${before.row.toLocaleString('en')} and ${row.row.toLocaleString('en')} are both chunk ${row.ordinal} of “${path}”. Take one of them out, or choose no column for the order of chunks.`,
    );
  }
  return ordered;
}

function tooManyFiles() {
  return unsupported(
    `The rows of this table belong to more than ${MAX_FILES.toLocaleString('en')} files. Choose another column for the file, or none.`,
  );
}

function tooMuchHeld(files: number) {
  const most = `${MAX_HELD / 1024 ** 2} MB`;
  return unsupported(
    files > 1
      ? `The rows of ${files.toLocaleString('en')} files are mixed in this table, which is more than fits into memory (${most}). Sort the table by its files and import it again.`
      : `One file of this table is larger than fits into memory (${most}). Choose another column for the file, or none.`,
  );
}
