/** How vectors come to the plane: along the two directions in which they differ most, or with neighbours kept together. */
export type Projection = 'pca' | 'umap';

/** The chunks of a collection as points in the plane, files by path, chunks by ordinal; those with a vector only. */
export interface MapPoints {
  files: { fileId: string; count: number }[];
  /** x and y of each chunk in turn, within −1 to 1; y upwards. */
  points: Float32Array;
  /** Cluster of each chunk, an index into `clusters`; 255 for none. */
  clusterOf: Uint8Array;
  /** Words that tell a cluster from the others, and the middle of its points; the largest first. */
  clusters: { label: string; x: number; y: number; chunks: number }[];
}

/** What is read of a chunk when the pointer is on its point, or in a list of points. */
export interface ChunkGlance {
  /** How it begins, white space in one. */
  text: string;
  page?: number;
  headings: string[];
}
