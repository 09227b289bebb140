import type { Block } from '../domain/document.ts';
import type { ImportMapping } from '../domain/import.ts';
import type { ImportTable } from './format.ts';
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
  /** One row a chunk. */
  vectors: Float32Array;
}

interface ImportedChunk {
  start: number;
  end: number;
  tokens?: number;
  page?: number;
  headings: string[];
}

/**
 * The files that the rows of a table belong to, one at a time. Where rows name no file they are a file called
 * `defaultPath`, in parts of PART_ROWS. Rows of a file need not come together: which do is found out by reading the
 * file's column first, and what must wait is held, up to MAX_HELD bytes. Throws what `readRows` throws,
 * 'import/mismatch' where a file has two chunks of one ordinal, and 'import/unsupported' past a limit.
 */
export async function* readFiles(
  table: ImportTable,
  mapping: ImportMapping,
  { defaultPath, signal }: { defaultPath: string; signal: AbortSignal },
): AsyncGenerator<ImportedFile> {
  const counts = await rowsOfFiles(table, mapping, signal);
  const paths = new Paths();
  const waiting = new Map<string, { rows: ImportRow[]; bytes: number }>();
  let held = 0;
  for await (const row of readRows(table, mapping, signal)) {
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

/** How many rows each file has, by the name that the table gives it. */
async function rowsOfFiles(
  table: ImportTable,
  mapping: ImportMapping,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const { file } = mapping;
  if (file === undefined || !table.columns.some(({ name }) => name === file)) return counts;
  for await (const cells of table.read([file], signal)) {
    const name = fileOf(fieldOf(cells, mapping, 'file'));
    if (name === undefined) continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (counts.size > MAX_FILES) throw tooManyFiles();
  }
  return counts;
}

function assemble(path: string, read: readonly ImportRow[]): ImportedFile {
  const rows = inOrder(path, read);
  const { text, spans, blocks } = layOut(rows);
  const dimensions = rows[0]?.vector.length ?? 0;
  const vectors = new Float32Array(rows.length * dimensions);
  const chunks = rows.map(({ vector, tokens, page, headings }, i) => {
    vectors.set(vector, i * dimensions);
    return {
      ...(spans[i] as { start: number; end: number }),
      ...(tokens === undefined ? {} : { tokens }),
      ...(page === undefined ? {} : { page }),
      headings,
    };
  });
  return { path, text, blocks, chunks, vectors };
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
