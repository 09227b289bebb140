import type { FileRow, FileState } from '../domain/collection.ts';

/** The rows of one collection, as far as they have been read. */
export interface RowTable {
  /** By id. The map is changed in place, its rows are not: a changed row is a new object. */
  readonly rows: Map<string, FileRow>;
  /** Ids by path, in UTF-16 order. A new array whenever membership or a path changes. */
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

export function emptyTable(): RowTable {
  return { rows: new Map(), order: [], counts: NO_FILES, revision: 0 };
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
      if (rows.delete(row.id)) moved = true;
      continue;
    }
    counts[row.state] += 1;
    rows.set(row.id, row);
    if (!before) added.push(row.id);
    else if (before.path !== row.path) moved = true;
  }
  if (!moved && added.length === 0) return { rows, order: table.order, counts, revision };
  const order = table.order.filter(id => rows.has(id));
  for (const id of added) if (rows.has(id)) order.push(id);
  const pathOf = (id: string) => rows.get(id)?.path ?? '';
  order.sort((a, b) => {
    const left = pathOf(a);
    const right = pathOf(b);
    return left < right ? -1 : left > right ? 1 : 0;
  });
  return { rows, order, counts, revision };
}

/** Files that are neither finished nor given up. */
export function unfinished({ counts }: RowTable): number {
  return counts.waiting + counts.reading + counts.embedding;
}
