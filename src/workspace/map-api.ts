import type { ChunkPlace } from '../domain/search.ts';
import type { AbortPort } from './api.ts';

export type Projection = 'pca' | 'umap';

/** The chunks of a collection as points in the plane, files by path, chunks by ordinal. */
export interface MapPoints {
  files: { fileId: string; count: number }[];
  /** x and y of each chunk in turn, within −1 to 1. */
  points: Float32Array;
  /** Cluster of each chunk, an index into `clusters`; 255 for none. */
  clusterOf: Uint8Array;
  /** Words that tell a cluster from the others, and the middle of its points. */
  clusters: { label: string; x: number; y: number; chunks: number }[];
}

export interface MapProgress {
  /** A sentence's start for a person: 'Reading vectors', 'Finding neighbours', 'Laying out'. */
  stage: string;
  /** 0 to 1. */
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
  /** The text of some chunks, each at most `length` UTF-16 units, for what the pointer is on. */
  chunkTexts(places: readonly ChunkPlace[], length: number): Promise<string[]>;
}
