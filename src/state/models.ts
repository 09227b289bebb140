import { createStore } from 'zustand/vanilla';
import type { ModelInfo } from '../domain/model.ts';
import type { WorkspaceClient } from '../workspace/client.ts';
import type { HostUse, ModelDownload, ModelEntry, ModelSource } from '../workspace/models-api.ts';
import type { createMirror } from './mirror.ts';

/** Models, downloads and hosts, as the workspace last told. */
export interface Shelf {
  /** Absent until somebody asked for them. */
  entries?: ModelEntry[];
  downloads: ModelDownload[];
  hosts: HostUse[];
}

type Client = Pick<WorkspaceClient, 'subscribe' | 'modelEntries' | 'downloads' | 'startDownload' | 'hosts'>;
type MirrorLike = Pick<ReturnType<typeof createMirror>, 'readModels' | 'store'>;

/** Events come up to ten a second; figures on screen need no more than this. */
const EVERY_MS = 500;

/**
 * Follows downloads, and with them models and hosts. `onArrived` is told of each model that was downloaded: one that
 * was not known before its download left the list.
 */
export function createShelf(client: Client, mirror: MirrorLike, onArrived: (model: ModelInfo) => void) {
  const store = createStore<Shelf>()(() => ({ downloads: [], hosts: [] }));
  const set = store.setState;

  async function readHosts(): Promise<void> {
    set({ hosts: await client.hosts() });
  }

  async function readEntries(): Promise<void> {
    set({ entries: await client.modelEntries() });
  }

  async function readModels(): Promise<void> {
    const known = new Set(mirror.store.getState().models.map(({ id }) => id));
    await mirror.readModels();
    if (store.getState().entries) await readEntries();
    // Without the models of before, all would look new.
    if (known.size === 0) return;
    for (const model of mirror.store.getState().models) if (!known.has(model.id)) onArrived(model);
  }

  const hostsSoon = soon(readHosts);
  const entriesSoon = soon(async () => {
    if (store.getState().entries) await readEntries();
  });

  /** Ids of downloads that were not seen to end. */
  const underWay = new Set<string>();

  function takeDownloads(downloads: ModelDownload[]): void {
    set({ downloads });
    hostsSoon();
    const ids = new Set(downloads.map(({ id }) => id));
    const ended = [...underWay].filter(id => !ids.has(id));
    for (const id of ended) underWay.delete(id);
    for (const id of ids) underWay.add(id);
    if (ended.length > 0) void readModels().catch(() => {});
  }

  /** Starts a download; a small one may have ended before any event told of it. */
  async function download(source: ModelSource): Promise<void> {
    underWay.add(await client.startDownload(source));
    takeDownloads(await client.downloads());
  }

  /** Starts following; the returned function stops it. */
  function start(): () => void {
    const stop = client.subscribe(event => {
      if (event.type === 'downloads') takeDownloads(event.downloads);
      else if (event.type === 'changed') entriesSoon();
      // Only an engine elsewhere sends anything.
      else if (event.type === 'call' && store.getState().hosts.length > 0) hostsSoon();
    });
    hostsSoon();
    client.downloads().then(takeDownloads, () => {});
    return stop;
  }

  return { store, start, download, readEntries, readHosts };
}

/** Runs `work` a little later, once for all who asked meanwhile. What it throws shows at the next explicit reading. */
function soon(work: () => Promise<void>): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    setTimeout(() => {
      asked = false;
      work().catch(() => {});
    }, EVERY_MS);
  };
}
