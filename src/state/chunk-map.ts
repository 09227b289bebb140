import { createStore } from 'zustand/vanilla';
import { isAbort } from '../domain/errors.ts';
import type { MapPoints, Projection } from '../domain/map.ts';
import type { ChunkPlace } from '../domain/search.ts';
import { firstAbove } from '../domain/sorted.ts';
import type { WorkspaceClient } from '../workspace/client.ts';
import type { MapProgress } from '../workspace/map-api.ts';
import type { createMirror } from './mirror.ts';

export type ColourBy = 'file' | 'folder' | 'type' | 'score';

/** A map that is on screen. */
export interface ShownMap extends MapPoints {
  projection: Projection;
  /** The first point after each file's. */
  ends: Uint32Array;
}

/** The map of the current collection; it stays while other panes are shown. */
export interface ChunkMap {
  projection: Projection;
  /** Absent until a person says: then what tells most points apart. */
  colourBy?: ColourBy | undefined;
  shown?: ShownMap | undefined;
  making?: MapProgress | undefined;
  /** Why there is no map: a sentence. */
  error?: string | undefined;
  /** Points that a person has chosen, in order; empty for none. */
  chosen: readonly number[];
  /** The point that the keys of the list move from. */
  active?: number | undefined;
}

type Client = Pick<WorkspaceClient, 'mapPoints'>;
type MirrorLike = Pick<ReturnType<typeof createMirror>, 'store'>;

const NOTHING = { shown: undefined, making: undefined, error: undefined, chosen: [], active: undefined };

/** Makes maps when they are asked for, one at a time. Another collection drops what there is. */
export function createChunkMap(client: Client, mirror: MirrorLike) {
  const store = createStore<ChunkMap>()(() => ({
    projection: 'pca',
    chosen: [],
  }));
  const set = store.setState;
  let work: AbortController | undefined;

  mirror.store.subscribe(({ currentId }, before) => {
    if (currentId === before.currentId) return;
    work?.abort();
    work = undefined;
    set(NOTHING);
  });

  async function make(): Promise<void> {
    const { currentId } = mirror.store.getState();
    if (currentId === undefined) return;
    work?.abort();
    const mine = new AbortController();
    work = mine;
    const { projection } = store.getState();
    set({ making: { stage: 'Reading vectors', done: 0 }, error: undefined });
    try {
      const map = await client.mapPoints(currentId, projection, mine.signal, making => {
        if (work === mine && store.getState().making) set({ making });
      });
      if (mine.signal.aborted) return;
      set({ shown: { ...map, projection, ends: endsOf(map) }, chosen: [], active: undefined });
    } catch (error) {
      if (!isAbort(error) && work === mine)
        set({ error: error instanceof Error ? error.message : 'The map could not be made. Try again.' });
    } finally {
      if (work === mine) {
        work = undefined;
        set({ making: undefined });
      }
    }
  }

  return {
    store,
    set,
    /** Makes the map if there is none yet. */
    open() {
      const { shown, error } = store.getState();
      if (!shown && error === undefined && !work) void make();
    },
    /** Makes it anew, of what is there now. */
    update: () => void make(),
    show(projection: Projection) {
      if (projection === store.getState().projection) return;
      set({ projection });
      void make();
    },
    /** Gives up the map that is being made; the one on screen stays. */
    cancel() {
      work?.abort();
      const { shown } = store.getState();
      if (shown) set({ projection: shown.projection });
      else set({ error: 'The map was not made.' });
    },
  };
}

function endsOf({ files }: MapPoints): Uint32Array {
  let end = 0;
  return Uint32Array.from(files, ({ count }) => {
    end += count;
    return end;
  });
}

/** The chunk that a point stands for. */
export function placeOf({ files, ends }: Pick<ShownMap, 'files' | 'ends'>, point: number): ChunkPlace {
  const file = firstAbove(ends, point);
  return { fileId: files[file]?.fileId ?? '', ordinal: point - (ends[file - 1] ?? 0) };
}

/** The point of a chunk, or -1 where the map has none. */
export function pointOf(
  { files, ends }: Pick<ShownMap, 'files' | 'ends'>,
  { fileId, ordinal }: ChunkPlace,
): number {
  const file = files.findIndex(one => one.fileId === fileId);
  return file >= 0 && ordinal < (files[file]?.count ?? 0) ? (ends[file - 1] ?? 0) + ordinal : -1;
}

/** Chunks that have a vector by now and no point; `done` are vectors by file. */
export function newChunks(
  map: Pick<ShownMap, 'files'>,
  done: Iterable<readonly [fileId: string, done: number]>,
): number {
  const counts = new Map(map.files.map(({ fileId, count }) => [fileId, count]));
  let sum = 0;
  for (const [fileId, vectors] of done) sum += Math.max(0, vectors - (counts.get(fileId) ?? 0));
  return sum;
}
