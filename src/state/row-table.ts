import type { FileRow, FileState } from '../domain/collection.ts';

/** The rows of one collection, as far as they have been read. */
export interface RowTable {
  /** By id. The map is changed in place, its rows are not: a changed row is a new object. */
  readonly rows: Map<string, FileRow>;
  /** What the order goes by, by id; kept beside the rows and changed in place as well. */
  readonly keys: Map<string, string>;
  /** Ids by path as people order names: note-2 before note-10. A new array whenever membership or a path changes. */
  readonly order: readonly string[];
  readonly counts: Readonly<Record<FileState, number>>;
  /** Ask for what changed after this. */
  readonly revision: number;
}

const NO_FILES: RowTable['counts'] = {
  waiting: 0,
  reading: 0,
  embedding: 0,
  done: 0,
  failed: 0,
  cancelled: 0,
};

/** Digits of a number in a sorting key: the longest whole numbers that names have. */
const NUMBER_WIDTH = 16;

/** Compares by code units as people compare names: case does not count, numbers by their value. Made once a path. */
function sortingKey(path: string): string {
  return `${path.toLowerCase().replace(/\d+/g, digits => digits.padStart(NUMBER_WIDTH, '0'))}\0${path}`;
}

export function emptyTable(): RowTable {
  return { rows: new Map(), keys: new Map(), order: [], counts: NO_FILES, revision: 0 };
}

/** Takes in changed rows; deleted ones leave the table. The work is linear only when membership changes. */
export function applyRows(table: RowTable, changed: readonly FileRow[]): RowTable {
  const { rows } = table;
  const counts = { ...table.counts };
  let revision = table.revision;
  let moved = false;
  const added: string[] = [];
  for (const row of changed) {
    revision = Math.max(revision, row.revision);
    const before = rows.get(row.id);
    if (before) counts[before.state] -= 1;
    if (row.deletedAt !== undefined) {
      table.keys.delete(row.id);
      if (rows.delete(row.id)) moved = true;
      continue;
    }
    counts[row.state] += 1;
    rows.set(row.id, row);
    if (!before) added.push(row.id);
    else if (before.path !== row.path) moved = true;
  }
  if (!moved && added.length === 0) return { ...table, counts, revision };
  const order = table.order.filter(id => rows.has(id));
  for (const id of added) if (rows.has(id)) order.push(id);
  const keys = table.keys;
  for (const { id, path } of changed) if (rows.has(id)) keys.set(id, sortingKey(path));
  order.sort((a, b) => {
    const left = keys.get(a) ?? '';
    const right = keys.get(b) ?? '';
    return left < right ? -1 : left > right ? 1 : 0;
  });
  return { rows, keys, order, counts, revision };
}

/** Files that are neither finished nor given up. */
export function unfinished({ counts }: RowTable): number {
  return counts.waiting + counts.reading + counts.embedding;
}
