import { describe, expect, it, vi } from 'vitest';
import type { CollectionInfo, FileRow } from '../domain/collection.ts';
import type { WorkspaceEvent } from '../workspace/api.ts';
import type { WorkspaceClient } from '../workspace/client.ts';
import { createMirror } from './mirror.ts';

const recipe = { modelId: 'm' } as CollectionInfo['recipe'];
const collection = (id: string): CollectionInfo => ({
  id,
  name: id,
  recipe,
  createdAt: 0,
  files: 0,
  chunks: 0,
  tokens: 0,
  bytes: 0,
});
const row = (id: string, collectionId: string, revision: number): FileRow => ({
  id,
  collectionId,
  path: id,
  bytes: 1,
  state: 'done',
  done: 1,
  chunks: 1,
  tokens: 1,
  unknown: 0,
  addedAt: 0,
  revision,
});

/** A workspace whose file replies wait until they are let go. */
function slowWorkspace(rows: FileRow[]) {
  const pending: (() => void)[] = [];
  let notify: (event: WorkspaceEvent) => void = () => {};
  const files = vi.fn(
    (collectionId: string, after: number, limit: number) =>
      new Promise<FileRow[]>(resolve => {
        const answer = rows
          .filter(one => one.collectionId === collectionId && one.revision > after)
          .slice(0, limit);
        pending.push(() => resolve(answer));
      }),
  );
  const client = {
    collections: async () => [collection('a'), collection('b')],
    models: async () => [{ id: 'm' }],
    offers: async () => ({ formats: [], strategies: [] }),
    status: async () => ({ role: 'indexer', engine: { state: 'idle' }, queue: {}, active: [] }),
    files,
    subscribe: (listener: typeof notify) => {
      notify = listener;
      return () => {};
    },
  } as unknown as WorkspaceClient;
  return {
    client,
    files,
    pending,
    changed: (revision: number) => notify({ type: 'changed', revision }),
    async answer() {
      await expect.poll(() => pending.length).toBeGreaterThan(0);
      pending.shift()?.();
      await new Promise(settled => setTimeout(settled, 0));
    },
  };
}
const memory = { read: () => null, write: () => {} };

describe('the mirror', () => {
  it('reads the rows page by page and then only what changed', async () => {
    const rows = Array.from({ length: 1500 }, (_, i) => row(`f${i}`, 'a', i + 1));
    const workspace = slowWorkspace(rows);
    const mirror = createMirror(workspace.client, memory);
    mirror.start();
    await workspace.answer();
    expect(mirror.store.getState().rowsReady).toBe(false);
    await workspace.answer();
    expect(mirror.store.getState()).toMatchObject({ rowsReady: true });
    expect(mirror.store.getState().table.order).toHaveLength(1500);
    rows.push(row('late', 'a', 1501));
    workspace.changed(1501);
    await workspace.answer();
    expect(workspace.files.mock.lastCall).toEqual(['a', 1500, 1000]);
    expect(mirror.store.getState().table.rows.has('late')).toBe(true);
  });

  it('drops the reply for a collection that was left, even when it is opened again', async () => {
    const workspace = slowWorkspace([row('x', 'a', 1), row('y', 'b', 2)]);
    const mirror = createMirror(workspace.client, memory);
    mirror.start();
    await expect.poll(() => workspace.pending).toHaveLength(1);
    mirror.open('b');
    await workspace.answer();
    expect(mirror.store.getState().table.order).toEqual([]);
    await workspace.answer();
    expect(mirror.store.getState().table.order).toEqual(['y']);
  });

  it('stays with a collection that was made while an older list was on its way', async () => {
    const { client } = slowWorkspace([]);
    const mirror = createMirror(client, memory);
    mirror.start();
    mirror.open('new');
    await expect.poll(() => mirror.store.getState().ready).toBe(true);
    expect(mirror.store.getState().currentId).toBe('new');
  });

  it('answers events that come while it reads by reading once more', async () => {
    const rows = [row('x', 'a', 1)];
    const workspace = slowWorkspace(rows);
    const mirror = createMirror(workspace.client, memory);
    mirror.start();
    await expect.poll(() => workspace.pending).toHaveLength(1);
    rows.push(row('z', 'a', 2));
    workspace.changed(2);
    workspace.changed(3);
    await workspace.answer();
    await workspace.answer();
    expect(mirror.store.getState().table.order).toEqual(['x', 'z']);
    expect(workspace.files).toHaveBeenCalledTimes(2);
  });
});
