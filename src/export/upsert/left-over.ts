import type { DatabaseClient } from './database.ts';

/** Ids of one request that removes. */
const BATCH = 500;

/** Chunks that a path has now; 0 for one that is gone. */
export type ChunksOf = (path: string) => number;

/** Ids of the points that an owner once sent for chunks that are no more: of files that are gone, or have fewer now. */
export async function findLeftOver(
  client: DatabaseClient,
  collection: string,
  owner: string,
  chunksOf: ChunksOf,
  signal: AbortSignal,
): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of client.owned(collection, owner, signal)) {
    for (const { id, file, ordinal } of page) if (ordinal >= chunksOf(file)) ids.push(id);
  }
  return ids;
}

/** Removes points, all of them or as far as it came. */
export async function removePoints(
  client: DatabaseClient,
  collection: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (let at = 0; at < ids.length; at += BATCH) {
    await client.remove(collection, ids.slice(at, at + BATCH), signal);
  }
}
