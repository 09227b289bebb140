import type { ChunkColumns } from '../domain/chunk.ts';
import { VecdropError } from '../domain/errors.ts';
import { filesOf } from './collections.ts';
import type { Database } from './database.ts';
import { freePath } from './files.ts';
import { discard } from './meta.ts';
import type { CollectionRecord, DocumentHead, DocumentPage, FileRecord, VectorBlock } from './schema.ts';
import { sweep } from './sweep.ts';

/**
 * What is being imported stands under a collection that no record describes: no list shows it, no queue takes it. At
 * its end one transaction hands all of it over; till then nothing was imported.
 */
export type StagingId = `import:${string}`;

/** Held while an import goes on: what stands under a staging id whose lock is free was left by a tab that died. */
const lockOf = (staging: StagingId) => `vecdrop-${staging}`;

/** Does an import under a staging id of its own; whatever it left there goes when it fails, its data soon after. */
export async function staged<R>(
  db: Database,
  work: (staging: StagingId) => Promise<R>,
  locks: Pick<LockManager, 'request'> = navigator.locks,
): Promise<R> {
  const staging: StagingId = `import:${crypto.randomUUID()}`;
  return locks.request(lockOf(staging), async () => {
    try {
      return await work(staging);
    } catch (error) {
      // What cannot be removed now, on a full disk, goes when the next tab takes the queue.
      await dropStaged(db, staging).catch(() => {});
      // Nobody need wait for the bytes, which take seconds: a tab that is closed meanwhile leaves them to the sweeper.
      void sweep(db).catch(() => {});
      throw error;
    }
  });
}

/** Files under a staging id; their data may follow. */
export async function stageFiles(db: Database, files: readonly FileRecord[]): Promise<void> {
  await db.write(['files'], async tx => {
    for (const file of files) await tx.objectStore('files').add(file);
  });
}

export async function stageDocuments(
  db: Database,
  records: readonly (DocumentHead | DocumentPage)[],
): Promise<void> {
  await db.write(['documents'], async tx => {
    for (const record of records) await tx.objectStore('documents').put(record);
  });
}

export async function stageColumns(db: Database, generation: string, columns: ChunkColumns): Promise<void> {
  await db.write(['chunks'], async tx => {
    await tx.objectStore('chunks').put({ generation, columns });
  });
}

export async function stageBlocks(db: Database, blocks: readonly VectorBlock[]): Promise<void> {
  await db.write(['vectors'], async tx => {
    for (const block of blocks) await tx.objectStore('vectors').put(block);
  });
}

export async function stageOriginal(db: Database, fileId: string, blob: Blob | ArrayBuffer): Promise<void> {
  await db.write(['blobs'], async tx => {
    await tx.objectStore('blobs').put({ fileId, blob });
  });
}

/** Whether any of these files has a record, be it only that it is deleted. */
export async function anyFileKnown(db: Database, ids: readonly string[]): Promise<boolean> {
  return db.read(['files'], async tx => {
    for (const id of ids) if ((await tx.objectStore('files').getKey(id)) !== undefined) return true;
    return false;
  });
}

/** Where staged files go. */
export interface Handover {
  /** Made with the files where it is not there yet. */
  collection: CollectionRecord;
  /** How many files must have been staged: fewer are there when everything was deleted meanwhile. */
  files: number;
}

/** Hands what is staged to its collection, all at once. Resolves to the paths that were taken: [given, kept as]. */
export async function handOver(
  db: Database,
  staging: StagingId,
  { collection, files: expected }: Handover,
): Promise<[string, string][]> {
  return db.write(['files', 'collections'], async (tx, stamp) => {
    const collections = tx.objectStore('collections');
    const there = await collections.get(collection.id);
    if (there?.deletedAt !== undefined) throw gone();
    if (!there) await collections.put(collection);
    const files = await filesOf(tx, staging);
    if (files.length !== expected) throw gone();
    const renamed: [string, string][] = [];
    for (const file of files) {
      const path = await freePath(tx, collection.id, file.path);
      if (path !== file.path) renamed.push([file.path, path]);
      const queue = file.queue === undefined ? {} : { queue: stamp() };
      await tx
        .objectStore('files')
        .put({ ...file, ...queue, collectionId: collection.id, path, revision: stamp() });
    }
    return renamed;
  });
}

function gone(): VecdropError {
  return new VecdropError(
    'storage/failed',
    'What was being imported, or the collection that it was for, was deleted meanwhile. Import it again.',
  );
}

/** Removes what stands under a staging id. */
async function dropStaged(db: Database, staging: StagingId): Promise<void> {
  await db.write(['files', 'blobs', 'meta'], async tx => {
    for (const file of await filesOf(tx, staging)) {
      await discard(tx, file.current);
      await discard(tx, file.growing);
      await tx.objectStore('blobs').delete(file.id);
      await tx.objectStore('files').delete(file.id);
    }
  });
}

/** Removes what imports left whose tabs died. */
export async function dropDeadImports(
  db: Database,
  locks: Pick<LockManager, 'request'> = navigator.locks,
): Promise<void> {
  const all = IDBKeyRange.bound(['import:'], ['import;']);
  const found = await db.read(['files'], async tx => {
    const ids = new Set<StagingId>();
    let cursor = await tx.objectStore('files').index('byPath').openKeyCursor(all);
    while (cursor) {
      const id = cursor.key[0] as StagingId;
      ids.add(id);
      cursor = await cursor.continue([id, []] as never);
    }
    return ids;
  });
  for (const staging of found) {
    await locks.request(lockOf(staging), { ifAvailable: true }, async lock => {
      if (lock) await dropStaged(db, staging);
    });
  }
}
