import type { ChunkGlance, MapPoints, Projection } from '../domain/map.ts';
import type { ChunkPlace } from '../domain/search.ts';
import type { AbortPort } from './api.ts';

export interface MapProgress {
  /** What is done now, for a person: 'Reading vectors', 'Finding neighbours', 'Laying out'. */
  stage: string;
  /** Of the whole, 0 to 1. */
  done: number;
}

/** What the map asks of the workspace. The same vectors give the same points. */
export interface MapApi {
  mapPoints(
    collectionId: string,
    projection: Projection,
    abort: AbortPort,
    progress: (progress: MapProgress) => void,
  ): Promise<MapPoints>;
  /** The beginnings of some chunks, of at most `length` UTF-16 units; a chunk that is gone has an empty text. */
  chunkGlances(places: readonly ChunkPlace[], length: number): Promise<ChunkGlance[]>;
}
