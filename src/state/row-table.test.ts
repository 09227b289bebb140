import { describe, expect, it } from 'vitest';
import type { FileRow } from '../domain/collection.ts';
import { applyRows, emptyTable, unfinished } from './row-table.ts';

function row(id: string, path: string, revision: number, more: Partial<FileRow> = {}): FileRow {
  return {
    id,
    collectionId: 'c',
    path,
    bytes: 1,
    state: 'waiting',
    done: 0,
    chunks: 0,
    tokens: 0,
    unknown: 0,
    addedAt: 0,
    revision,
    ...more,
  };
}

describe('applyRows', () => {
  it('orders as people order names, whatever the order of arrival', () => {
    const paths = ['note-10.md', 'b', 'Note-2.md', 'a/b', 'Z'];
    const table = applyRows(
      emptyTable(),
      paths.map((path, i) => row(path, path, i + 1)),
    );
    expect(table.order).toEqual(['a/b', 'b', 'Note-2.md', 'note-10.md', 'Z']);
    expect(table.revision).toBe(5);
  });

  it('keeps the order array when only states change, and counts them', () => {
    const first = applyRows(emptyTable(), [row('1', 'a', 1), row('2', 'b', 2)]);
    const second = applyRows(first, [row('1', 'a', 3, { state: 'done' })]);
    expect(second.order).toBe(first.order);
    expect(second.counts).toMatchObject({ done: 1, waiting: 1 });
    expect(unfinished(second)).toBe(1);
  });

  it('lets a deleted row go and takes it back when it is restored', () => {
    const first = applyRows(emptyTable(), [row('1', 'a', 1), row('2', 'b', 2)]);
    const gone = applyRows(first, [row('1', 'a', 3, { deletedAt: 9 })]);
    expect(gone.order).toEqual(['2']);
    expect(gone.counts.waiting).toBe(1);
    expect(applyRows(gone, [row('1', 'a', 4)]).order).toEqual(['1', '2']);
  });

  it('lets several rows go at once', () => {
    const first = applyRows(emptyTable(), [row('1', 'a', 1), row('2', 'b', 2), row('3', 'c', 3)]);
    const left = applyRows(first, [row('1', 'a', 4, { deletedAt: 9 }), row('3', 'c', 5, { deletedAt: 9 })]);
    expect(left.order).toEqual(['2']);
    expect(left.rows.size).toBe(1);
  });

  it('does not count a row that comes and goes in one page', () => {
    const table = applyRows(emptyTable(), [row('1', 'a', 1), row('1', 'a', 2, { deletedAt: 5 })]);
    expect(table.order).toEqual([]);
    expect(table.counts.waiting).toBe(0);
  });
});
