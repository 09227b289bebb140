import { getCollection } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { liveFiles, readable } from '../store/files.ts';
import type { Generation } from '../store/schema.ts';

/** Raise it when the same vectors would come to another map. */
const MAP_VERSION = 2;

/** The vectors that a map is made of. */
export interface MapSource {
  /** Files with vectors, by path. */
  files: { fileId: string; generation: Generation }[];
  /** Chunks with a vector. */
  count: number;
  dimensions: number;
  /** The same while the vectors are. */
  key: string;
}

/** What of a collection can be put on a map now. */
export async function readMapSource(db: Database, collectionId: string): Promise<MapSource> {
  const [collection, all] = await Promise.all([getCollection(db, collectionId), liveFiles(db, collectionId)]);
  const files = all.flatMap(file => {
    const generation = readable(file, collection);
    return generation && generation.done > 0 ? [{ fileId: file.id, generation }] : [];
  });
  const vectors = [`${MAP_VERSION}`, ...files.map(({ generation: { id, done } }) => `${id}:${done}`)].join(
    '\n',
  );
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(vectors));
  return {
    files,
    count: files.reduce((sum, { generation }) => sum + generation.done, 0),
    dimensions: collection.recipe.dimensions,
    key: Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join(''),
  };
}
