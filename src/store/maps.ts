import type { MapPoints, Projection } from '../domain/map.ts';
import type { Database } from './database.ts';

/** The map of a collection that was made of these vectors, if it was kept. */
export async function readMap(
  db: Database,
  collectionId: string,
  projection: Projection,
  vectors: string,
): Promise<MapPoints | undefined> {
  const record = await db.read(['meta'], tx => tx.objectStore('meta').get(keyOf(collectionId, projection)));
  return record && 'vectors' in record && record.vectors === vectors ? record.map : undefined;
}

/** Keeps a map, in place of the one before. */
export async function writeMap(
  db: Database,
  collectionId: string,
  projection: Projection,
  vectors: string,
  map: MapPoints,
): Promise<void> {
  await db.write(['meta'], async tx => {
    await tx.objectStore('meta').put({ key: keyOf(collectionId, projection), vectors, map });
  });
}

/** The maps of a collection: they hold words of its texts, and go when any of these go. */
export function mapKeys(collectionId: string): IDBKeyRange {
  return IDBKeyRange.bound(`map:${collectionId}:`, `map:${collectionId};`, false, true);
}

function keyOf(collectionId: string, projection: Projection): `map:${string}` {
  return `map:${collectionId}:${projection}`;
}
