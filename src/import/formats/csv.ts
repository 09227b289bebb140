import { vectorOf } from '../cells.ts';
import { csvRows } from '../csv-rows.ts';
import type { ImportFormat, Told } from '../format.ts';
import { corrupt, MAX_COLUMNS, unsupported } from '../limits.ts';
import { type RawRow, tableOf } from '../table.ts';

/** A table whose first row names the columns; a vector stands in one cell as a list, or in a column for each number. */
export const csv: ImportFormat = {
  id: 'csv',
  name: 'CSV',
  extensions: ['csv', 'tsv', 'tab'],
  open(files, signal) {
    const [file] = files as [File];
    return tableOf({ read: (names, stop, told) => rowsOf(file, names, stop, told) }, signal);
  },
};

async function* rowsOf(
  file: File,
  names: ReadonlySet<string> | undefined,
  signal: AbortSignal,
  told: Told | undefined,
): AsyncGenerator<RawRow> {
  const delimiter = /\.(tsv|tab)$/i.test(file.name) ? '\t' : undefined;
  let columns: Column[] | undefined;
  for await (const cells of csvRows(file, delimiter, signal, told)) {
    if (!columns) {
      columns = columnsOf(cells).filter(({ name }) => names?.has(name) ?? true);
      continue;
    }
    yield columns.map(({ name, place, safe }) => {
      const cell = cells[place];
      return [name, safe && cell !== undefined ? unsafeCell(cell) : cell] as const;
    });
  }
  if (!columns) throw corrupt('This file has no rows. Choose one that has texts and vectors in it.');
}

interface Column {
  name: string;
  place: number;
  /** Whether our export put an apostrophe before what a spreadsheet would compute. */
  safe: boolean;
}

/** Our own export's columns, and those of them with texts. */
const OURS: ReadonlyMap<string, boolean> = new Map([
  ...['id', 'index', 'ordinal', 'start', 'end', 'tokens', 'page', 'first_line', 'last_line', 'embedding'].map(
    name => [name, false] as const,
  ),
  ...['file', 'text', 'headings'].map(name => [name, true] as const),
]);

function columnsOf(header: readonly string[]): Column[] {
  if (header.length > MAX_COLUMNS) {
    throw unsupported(
      `This file has more than ${MAX_COLUMNS.toLocaleString('en')} columns. Choose one with a text and a vector a row.`,
    );
  }
  if (header.some(cell => /^\s*\[/.test(cell) && vectorOf(cell))) {
    throw unsupported(
      'The first row of this file has to name the columns. Put such a row in, then import it.',
    );
  }
  const ours = header[0] === 'id' && header[1] === 'index' && header.every(name => OURS.has(name));
  const taken = new Set<string>();
  return header.map((cell, place) => {
    const bare = cell.trim() || `column ${place + 1}`;
    let name = bare;
    for (let i = 2; taken.has(name); i++) name = `${bare} (${i})`;
    taken.add(name);
    return { name, place, safe: ours && OURS.get(name) === true };
  });
}

/** What an apostrophe was put before; see the export's `safeCell`. */
const FORMULA = /^''*[=+\-@\t]/;

function unsafeCell(cell: string): string {
  return FORMULA.test(cell) ? cell.slice(1) : cell;
}
