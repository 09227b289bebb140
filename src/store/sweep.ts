import { DATA_STORES, type Database } from './database.ts';
import { folderKeys } from './folder-files.ts';
import { mapKeys } from './maps.ts';
import { discard, dropDraft } from './meta.ts';
import type { DraftRecord, SweepRecord } from './schema.ts';

/** How long a deletion can be undone. */
export const UNDO_MS = 30_000;
/** How long a purged file's record stays, so that tabs that slept see that it went. */
const TOMBSTONE_MS = 24 * 3_600_000;
const PURGE_BATCH = 200;

const SWEPT = IDBKeyRange.bound('sweep:', 'sweep;', false, true);
const DRAFTS = IDBKeyRange.bound('draft:', 'draft;', false, true);

/** Drops the texts whose writers died. Only the tab that indexes may call it, and only before it reads any file. */
export async function dropDrafts(db: Database): Promise<void> {
  const drafts = await db.read(['meta'], tx => tx.objectStore('meta').getAll(DRAFTS));
  for (const { document } of drafts as DraftRecord[]) await dropDraft(db, document);
}

/** Removes what nothing refers to any more: generations that were replaced, texts that were dropped. */
export async function sweep(db: Database): Promise<void> {
  const records = await db.read(['meta'], tx => tx.objectStore('meta').getAll(SWEPT));
  for (const record of records as SweepRecord[]) {
    await db.write(['meta', 'documents', 'chunks', 'vectors'], async tx => {
      if (record.generation !== undefined) {
        await tx.objectStore('chunks').delete(record.generation);
        await tx.objectStore('vectors').delete(blockRange(record.generation));
      }
      if (record.document !== undefined)
        await tx.objectStore('documents').delete(blockRange(record.document, -1));
      await tx.objectStore('meta').delete(record.key);
    });
  }
}

/** Every [id, n] with n ≥ `from`. */
export function blockRange(id: string, from = 0): IDBKeyRange {
  return IDBKeyRange.bound([id, from], [id, Number.POSITIVE_INFINITY]);
}

/** Purges what was deleted before `now` - UNDO_MS for good. Returns when the next purge is due, if one is. */
export async function purge(db: Database, now: number): Promise<number | undefined> {
  await purgeCollections(db, now);
  const due = IDBKeyRange.upperBound(now - UNDO_MS);
  for (;;) {
    const more = await db.write(['files', 'blobs', 'meta'], async (tx, stamp) => {
      const files = tx.objectStore('files');
      let purged = 0;
      let cursor = await files.index('byDeletion').openCursor(due);
      while (cursor && purged < PURGE_BATCH) {
        const { current, growing, queue: _, ...rest } = cursor.value;
        if (!rest.purged) {
          await discard(tx, current);
          await discard(tx, growing);
          await tx.objectStore('blobs').delete(rest.id);
          await tx.objectStore('meta').delete(mapKeys(rest.collectionId));
          await cursor.update({ ...rest, purged: true, revision: stamp() });
          purged += 1;
        } else if ((rest.deletedAt ?? 0) < now - TOMBSTONE_MS) {
          await cursor.delete();
        }
        cursor = await cursor.continue();
      }
      return purged === PURGE_BATCH;
    });
    if (!more) break;
  }
  await sweep(db);
  const next = await db.read(['files', 'collections'], async tx => {
    const later = IDBKeyRange.lowerBound(now - UNDO_MS, true);
    const file = await tx.objectStore('files').index('byDeletion').openKeyCursor(later);
    const deleted = (await tx.objectStore('collections').getAll()).flatMap(c => c.deletedAt ?? []);
    return Math.min(file?.key ?? Number.POSITIVE_INFINITY, ...deleted);
  });
  return Number.isFinite(next) ? next + UNDO_MS : undefined;
}

/** What outlives Delete everything: other tabs count on the one, a person on the other. */
const LASTING: readonly string[] = ['revision', 'settings'];

/** Empties the database of all that a person put in, hosts and keys too; settings stay. Nothing of it can be undone. */
export async function eraseAll(db: Database): Promise<void> {
  await db.write([...DATA_STORES, 'meta'], async (tx, stamp) => {
    await Promise.all(DATA_STORES.map(store => tx.objectStore(store).clear()));
    const meta = tx.objectStore('meta');
    for (const key of await meta.getAllKeys()) if (!LASTING.includes(key)) await meta.delete(key);
    stamp();
  });
}

/** A collection past its time of grace goes; its files go with the next purge of files. */
async function purgeCollections(db: Database, now: number): Promise<void> {
  await db.write(['collections', 'files'], async (tx, stamp) => {
    for (const collection of await tx.objectStore('collections').getAll()) {
      if (collection.deletedAt === undefined || collection.deletedAt > now - UNDO_MS) continue;
      const all = IDBKeyRange.bound([collection.id, 0], [collection.id, Number.POSITIVE_INFINITY]);
      let cursor = await tx.objectStore('files').index('byRevision').openCursor(all);
      while (cursor) {
        // A changed revision moves the entry ahead of the cursor: only those not yet marked are touched.
        if (cursor.value.deletedAt === undefined) {
          await cursor.update({ ...cursor.value, deletedAt: collection.deletedAt, revision: stamp() });
        }
        cursor = await cursor.continue();
      }
      await tx.objectStore('collections').delete(collection.id);
      await tx.objectStore('meta').delete(folderKeys(collection.id));
      await tx.objectStore('meta').delete(mapKeys(collection.id));
    }
  });
}
