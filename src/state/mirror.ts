import { createStore } from 'zustand/vanilla';
import type { CollectionInfo } from '../domain/collection.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { Offers, Status } from '../workspace/api.ts';
import type { WorkspaceClient } from '../workspace/client.ts';
import { applyRows, emptyTable, type RowTable } from './row-table.ts';

/** What the page knows of the workspace. */
export interface Mirror {
  /** False until the collections have been read once. */
  ready: boolean;
  collections: CollectionInfo[];
  /** The collection on screen; absent while there is none. */
  currentId?: string;
  table: RowTable;
  /** False until every row of the current collection has been read once. */
  rowsReady: boolean;
  models: ModelInfo[];
  offers: Offers;
  status?: Status;
  /** The workspace cannot be reached or read: a sentence. */
  failure?: string;
  /** Another tab needs this one to reload: a sentence. */
  blocked?: string;
}

/** Rows asked for at once. */
const PAGE = 1000;

/** Where the id of the last opened collection is kept between visits. */
export interface Memory {
  read(): string | null;
  write(id: string): void;
}

/**
 * Follows the workspace. Events only say that something changed; rows are then read from the last revision seen, one
 * read at a time, so that replies and events may come in any order. `open` makes replies for another collection void.
 */
export function createMirror(client: WorkspaceClient, memory: Memory) {
  const store = createStore<Mirror>()(() => ({
    ready: false,
    collections: [],
    table: emptyTable(),
    rowsReady: false,
    models: [],
    offers: { formats: [], strategies: [] },
  }));
  const set = store.setState;
  let opened = 0;
  let wanted = false;
  let running = false;

  function show(id: string | undefined) {
    opened += 1;
    if (id !== undefined) memory.write(id);
    set({ currentId: id, table: emptyTable(), rowsReady: false });
  }

  /** Puts another collection on screen. */
  function open(id: string | undefined) {
    show(id);
    refresh();
  }

  async function readCollections() {
    const turn = opened;
    const collections = await client.collections();
    const { currentId, models } = store.getState();
    set({ collections, ready: true });
    // A collection that was opened meanwhile may be newer than this list.
    if (turn === opened && !collections.some(({ id }) => id === currentId)) {
      const remembered = collections.find(({ id }) => id === memory.read());
      const next = remembered ?? collections[0];
      if (next || currentId !== undefined) show(next?.id);
    }
    const known = new Set(models.map(({ id }) => id));
    if (models.length === 0 || collections.some(({ recipe }) => !known.has(recipe.modelId))) {
      set({ models: await client.models() });
    }
  }

  async function readRows() {
    const { currentId } = store.getState();
    if (currentId === undefined) return;
    const turn = opened;
    for (;;) {
      const page = await client.files(currentId, store.getState().table.revision, PAGE);
      if (turn !== opened) return;
      const last = page.length < PAGE;
      if (page.length > 0) set({ table: applyRows(store.getState().table, page) });
      if (last && !store.getState().rowsReady) set({ rowsReady: true });
      if (last) return;
    }
  }

  async function run() {
    running = true;
    try {
      while (wanted) {
        wanted = false;
        await readCollections();
        await readRows();
        if (store.getState().failure !== undefined) set({ failure: undefined });
      }
    } catch (error) {
      set({
        failure: error instanceof Error ? error.message : 'The workspace gave no answer. Reload the page.',
      });
    } finally {
      running = false;
    }
  }

  /** Reads what has changed; asks that come while it reads are answered by one more turn. */
  function refresh() {
    wanted = true;
    if (!running) void run();
  }

  /** Starts following; the returned function stops it. */
  function start(): () => void {
    const stop = client.subscribe(event => {
      if (event.type === 'changed') refresh();
      else if (event.type === 'status') set({ status: event.status });
      else if (event.type === 'blocked') set({ blocked: event.message });
    });
    refresh();
    client.offers().then(
      offers => set({ offers }),
      () => {},
    );
    client.status().then(
      status => {
        // An event that came first is newer than this reply.
        if (store.getState().status === undefined) set({ status });
      },
      () => {},
    );
    return stop;
  }

  async function readModels() {
    set({ models: await client.models() });
  }

  return { store, start, open, refresh, readModels };
}
