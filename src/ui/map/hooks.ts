import { useStore } from 'zustand';
import { chunkMap } from '../../state/app.ts';
import type { ChunkMap } from '../../state/chunk-map.ts';

/** Rendered again only when what `select` returns is another value or object. */
export function useChunkMap<T>(select: (state: ChunkMap) => T): T {
  return useStore(chunkMap.store, select);
}
