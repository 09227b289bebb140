import type { Line } from './lines.ts';
import type { Segment } from './segments.ts';

/** Columns, by where their cells begin and end. */
interface Column {
  left: number;
  right: number;
}

/**
 * The rows of a table that begins at `from`, and how many lines they take; undefined where there is none. Honest
 * tables only: at least three rows of cells that keep to their columns. A line with fewer cells that stand close
 * below, each within a column, goes on with the row above it.
 */
export function readTable(
  lines: readonly Line[],
  from: number,
): { rows: string[][]; count: number } | undefined {
  const first = lines[from] as Line;
  if (first.cells.length < 2 || first.isMono) return undefined;
  let columns: Column[] = first.cells.map(({ left, right }) => ({ left, right }));
  const rows: Line[][] = [[first]];
  let at = from + 1;
  for (; at < lines.length; at++) {
    const line = lines[at] as Line;
    const last = lines[at - 1] as Line;
    const step = line.y - last.y;
    if (line.page !== first.page || line.flow !== first.flow || step <= 0 || step > 3.2 * first.size) break;
    const placed = place(line.cells, columns);
    const isContinued = line.cells.length < columns.length && placed !== undefined && step < 1.45 * line.size;
    if (placed === undefined) {
      const merged = line.cells.length >= 2 ? merge(columns, line.cells) : undefined;
      if (!merged) break;
      columns = merged;
    }
    if (isContinued && !startsRow(line, columns)) (rows[rows.length - 1] as Line[]).push(line);
    else if (line.cells.length >= 2) rows.push([line]);
    else break;
  }
  if (rows.length < 3 || columns.length < 2) return undefined;
  const full = rows.filter(row => row.some(line => line.cells.length >= Math.max(2, columns.length - 1)));
  if (full.length < rows.length * 0.6) return undefined;
  return { rows: rows.map(row => cellsOf(row, columns)), count: at - from };
}

/** A row begins with its first column. */
function startsRow(line: Line, columns: readonly Column[]): boolean {
  const [first] = columns;
  return first !== undefined && (line.cells[0] as Segment).left <= first.right && line.cells.length > 1;
}

/** Which column each cell stands in; undefined where one stands in none or in two, or two in one. */
function place(cells: readonly Segment[], columns: readonly Column[]): number[] | undefined {
  const inTurn = isInTurn(cells, columns);
  const placed: number[] = [];
  for (const [i, { left, right }] of cells.entries()) {
    const hits = inTurn
      ? [i]
      : columns.flatMap((column, at) => (left < column.right && right > column.left ? [at] : []));
    const [hit] = hits;
    if (hit === undefined || hits.length > 1 || placed.includes(hit)) return undefined;
    placed.push(hit);
  }
  for (const [i, { left, right }] of cells.entries()) {
    const column = columns[placed[i] as number] as Column;
    column.left = Math.min(column.left, left);
    column.right = Math.max(column.right, right);
  }
  return placed;
}

/** Whether there is a cell for each column, nearest to its own, however they are aligned. */
function isInTurn(cells: readonly Segment[], columns: readonly Column[]): boolean {
  const distance = (cell: Column, column: Column) =>
    Math.abs(cell.left + cell.right - column.left - column.right);
  return (
    cells.length === columns.length &&
    cells.every((cell, i) =>
      columns.every(column => distance(cell, columns[i] as Column) <= distance(cell, column)),
    )
  );
}

/** Columns with one more for each cell that stands between them; undefined where cells cross columns. */
function merge(columns: readonly Column[], cells: readonly Segment[]): Column[] | undefined {
  const all = columns.map(column => ({ ...column }));
  for (const { left, right } of cells) {
    const hits = all.filter(column => left < column.right && right > column.left);
    if (hits.length > 1) return undefined;
    const [hit] = hits;
    if (hit) Object.assign(hit, { left: Math.min(hit.left, left), right: Math.max(hit.right, right) });
    else all.push({ left, right });
  }
  return all.length > columns.length + 2 ? undefined : all.sort((a, b) => a.left - b.left);
}

function cellsOf(row: readonly Line[], columns: readonly Column[]): string[] {
  const cells = columns.map(() => '');
  for (const { cells: segments } of row) {
    const inTurn = isInTurn(segments, columns);
    for (const [at, { text, left, right }] of segments.entries()) {
      const i = inTurn ? at : columns.findIndex(column => left < column.right && right > column.left);
      if (i >= 0) cells[i] = `${cells[i]} ${text.trim()}`.trim();
    }
  }
  return cells;
}
