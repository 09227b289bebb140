import type { ChunkColumns } from '../domain/chunk.ts';
import type { Failure } from '../domain/collection.ts';
import { recipeKey } from '../domain/recipe.ts';
import { filesOf, listCollections } from './collections.ts';
import type { Database, Stamp, Transaction } from './database.ts';
import { discard } from './meta.ts';
import type { CollectionRecord, FileRecord, Generation } from './schema.ts';

/** Deaths without progress after which a file is failed. */
export const MAX_ATTEMPTS = 3;

export interface QueuedFile {
  file: FileRecord;
  collection: CollectionRecord;
}

/** The next file that waits for work and is not in `busy`, in the order of adding. */
export async function nextFile(db: Database, busy: ReadonlySet<string>): Promise<QueuedFile | undefined> {
  return db.read(['files', 'collections'], async tx => {
    const collections = new Map((await tx.objectStore('collections').getAll()).map(c => [c.id, c]));
    let cursor = await tx.objectStore('files').index('byQueue').openCursor();
    while (cursor) {
      const file = cursor.value;
      const collection = collections.get(file.collectionId);
      const wanted =
        file.deletedAt === undefined && collection !== undefined && collection.deletedAt === undefined;
      if (wanted && !busy.has(file.id)) return { file, collection };
      cursor = await cursor.continue();
    }
    return undefined;
  });
}

/** How much waits, over all collections: files, and their bytes as far as they have no chunks yet. */
export async function queueTotals(
  db: Database,
): Promise<{ files: number; unreadBytes: number; tokens: number }> {
  return db.read(['files', 'collections'], async tx => {
    const gone = new Set(
      (await tx.objectStore('collections').getAll()).flatMap(c => (c.deletedAt ? [c.id] : [])),
    );
    const totals = { files: 0, unreadBytes: 0, tokens: 0 };
    for (const file of await tx.objectStore('files').index('byQueue').getAll()) {
      if (file.deletedAt !== undefined || gone.has(file.collectionId)) continue;
      totals.files += 1;
      const { growing } = file;
      if (growing) totals.tokens += growing.tokens * (1 - growing.done / Math.max(1, growing.chunks));
      else totals.unreadBytes += file.bytes;
    }
    return totals;
  });
}

/**
 * Counts a death in advance: committed before work on a file starts. Resolves to the file as it is now, or undefined
 * when it is no longer to be worked on.
 */
export async function beginAttempt(
  db: Database,
  id: string,
  state: 'reading' | 'embedding',
): Promise<FileRecord | undefined> {
  return changeQueued(db, id, async (file, _tx, stamp) => ({
    ...file,
    state,
    attempts: file.attempts + 1,
    revision: stamp(),
  }));
}

/** Stores what reading made, which is progress: the file waits again, for the engine now, and the generation grows. */
export async function commitChunks(
  db: Database,
  id: string,
  generation: Generation,
  columns: ChunkColumns,
  format: string | undefined,
): Promise<FileRecord | undefined> {
  return changeQueued(db, id, async (file, tx, stamp) => {
    if (file.sha256 !== generation.sha256) return undefined;
    await discard(tx, file.growing, generation.document, file.current?.document);
    await tx.objectStore('chunks').put({ generation: generation.id, columns });
    await tx.objectStore('meta').delete(`draft:${generation.document}`);
    return {
      ...file,
      state: 'waiting',
      attempts: 0,
      growing: generation,
      revision: stamp(),
      ...(format ? { format } : {}),
    };
  });
}

/** Commits one block of vectors with `done`, in order. Undefined when the file is no longer to be worked on. */
export async function commitBlock(
  db: Database,
  id: string,
  block: { generation: string; first: number; count: number; data: Float32Array },
): Promise<FileRecord | undefined> {
  return changeQueued(db, id, async (file, tx, stamp) => {
    if (file.growing?.id !== block.generation || file.growing.done !== block.first) return undefined;
    await tx.objectStore('vectors').put(block);
    const growing = { ...file.growing, done: block.first + block.count };
    return { ...file, attempts: 0, growing, revision: stamp() };
  });
}

/**
 * Ends work on a file whose vectors are whole: they take the old ones' place at once, or, while the collection is
 * on its way to another recipe, wait until all its files are whole.
 */
export async function finishFile(
  db: Database,
  id: string,
  generation: string,
  keepOriginal: boolean,
): Promise<void> {
  await db.write(['files', 'collections', 'blobs', 'meta'], async (tx, stamp) => {
    const file = await tx.objectStore('files').get(id);
    if (!file || file.growing?.id !== generation || file.growing.done !== file.growing.chunks) return;
    const { queue: _, error: _error, ...rest } = file;
    const done: FileRecord = { ...rest, state: 'done', attempts: 0, revision: stamp() };
    const collection = await tx.objectStore('collections').get(file.collectionId);
    const waits = collection?.nextRecipe !== undefined && file.current !== undefined;
    await tx.objectStore('files').put(waits ? done : await swapped(tx, done));
    if (!keepOriginal) await tx.objectStore('blobs').delete(id);
    if (collection) await settleRecipe(tx, collection, stamp);
  });
}

/** Fails one file; what it had before stays readable. */
export async function failFile(db: Database, id: string, error: Failure): Promise<void> {
  await db.write(['files', 'collections', 'meta'], async (tx, stamp) => {
    const file = await tx.objectStore('files').get(id);
    if (!file || file.queue === undefined) return;
    const { queue: _, ...rest } = file;
    await tx.objectStore('files').put({ ...rest, state: 'failed', error, revision: stamp() });
    const collection = await tx.objectStore('collections').get(file.collectionId);
    if (collection) await settleRecipe(tx, collection, stamp);
  });
}

/** Lets a file wait again after what may have been its own fault: the attempt counts. */
export async function yieldFile(db: Database, id: string): Promise<void> {
  await changeQueued(db, id, async (file, _tx, stamp) => ({ ...file, state: 'waiting', revision: stamp() }));
}

/** A pause is not a death: the attempt that it cut short is taken back. */
export async function releaseFile(db: Database, id: string): Promise<void> {
  await changeQueued(db, id, async (file, _tx, stamp) => ({
    ...file,
    state: 'waiting',
    attempts: Math.max(0, file.attempts - 1),
    revision: stamp(),
  }));
}

/**
 * Takes back what waiting files were charged with: a death is charged to all that were under way, and the work has
 * got on since. Without it three kills of the browser could fail a file that was never alone to blame. Only while no
 * file is under way.
 */
export async function forgiveDeaths(db: Database): Promise<void> {
  await db.write(['files', 'meta'], async (tx, stamp) => {
    for (const file of await tx.objectStore('files').index('byQueue').getAll()) {
      if (file.attempts > 0) await tx.objectStore('files').put({ ...file, attempts: 0, revision: stamp() });
    }
  });
}

async function changeQueued(
  db: Database,
  id: string,
  change: (file: FileRecord, tx: Transaction<'readwrite'>, stamp: Stamp) => Promise<FileRecord | undefined>,
): Promise<FileRecord | undefined> {
  return db.write(['files', 'chunks', 'vectors', 'meta'], async (tx, stamp) => {
    const file = await tx.objectStore('files').get(id);
    if (!file || file.queue === undefined || file.deletedAt !== undefined) return undefined;
    const changed = await change(file, tx, stamp);
    if (changed) await tx.objectStore('files').put(changed);
    return changed;
  });
}

async function swapped(tx: Transaction<'readwrite'>, file: FileRecord): Promise<FileRecord> {
  const { growing, current, ...rest } = file;
  if (!growing) return file;
  await discard(tx, current, growing.document);
  return { ...rest, current: growing };
}

/** When no file of a collection waits any more, its next recipe takes over, for all files at once. */
async function settleRecipe(
  tx: Transaction<'readwrite'>,
  collection: CollectionRecord,
  stamp: Stamp,
): Promise<void> {
  const { nextRecipe, ...rest } = collection;
  if (!nextRecipe || (await anyQueued(tx, collection.id))) return;
  const files = (await filesOf(tx, collection.id)).filter(file => file.purged !== true);
  const key = recipeKey(nextRecipe);
  for (const file of files) {
    if (file.growing?.recipeKey === key && file.growing.done === file.growing.chunks) {
      await tx.objectStore('files').put({ ...(await swapped(tx, file)), revision: stamp() });
    }
  }
  await tx.objectStore('collections').put({ ...rest, recipe: nextRecipe });
  stamp();
}

/** Lets recipes take over whose last waiting file was deleted or cancelled. */
export async function settleRecipes(db: Database): Promise<void> {
  const changing = (await listCollections(db)).filter(collection => collection.nextRecipe);
  for (const { id } of changing) {
    await db.write(['files', 'collections', 'meta'], async (tx, stamp) => {
      const collection = await tx.objectStore('collections').get(id);
      if (collection) await settleRecipe(tx, collection, stamp);
    });
  }
}

/** Stops at the first one found: asked after every file, it must not read them all. */
async function anyQueued(tx: Transaction<'readwrite'>, collectionId: string): Promise<boolean> {
  let cursor = await tx.objectStore('files').index('byQueue').openCursor();
  while (cursor) {
    const { value } = cursor;
    if (value.collectionId === collectionId && value.deletedAt === undefined) return true;
    cursor = await cursor.continue();
  }
  return false;
}
