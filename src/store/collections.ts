import { VecdropError } from '../domain/errors.ts';
import type { Recipe } from '../domain/recipe.ts';
import { recipeKey } from '../domain/recipe.ts';
import type { Database, Transaction } from './database.ts';
import { discard } from './meta.ts';
import type { CollectionRecord, FileRecord } from './schema.ts';

/** Collections that are not deleted, oldest first. */
export async function listCollections(db: Database): Promise<CollectionRecord[]> {
  const all = await db.read(['collections'], tx => tx.objectStore('collections').getAll());
  return all.filter(c => c.deletedAt === undefined).sort((a, b) => a.createdAt - b.createdAt);
}

/** Collections that can be restored included. */
export function listAllCollections(db: Database): Promise<CollectionRecord[]> {
  return db.read(['collections'], tx => tx.objectStore('collections').getAll());
}

/** A collection by id, deleted or not. Rejects with 'input/invalid' where there is none. */
export async function getCollection(db: Database, id: string): Promise<CollectionRecord> {
  const record = await db.read(['collections'], tx => tx.objectStore('collections').get(id));
  return present(record);
}

export async function putCollection(db: Database, record: CollectionRecord): Promise<void> {
  await db.write(['collections'], async (tx, stamp) => {
    await tx.objectStore('collections').put(record);
    stamp();
  });
}

/** Makes a collection if there is none at all, in one transaction: several tabs may start at once. */
export async function ensureCollection(db: Database, first: CollectionRecord): Promise<void> {
  await db.write(['collections'], async (tx, stamp) => {
    const store = tx.objectStore('collections');
    if ((await store.getAll()).some(c => c.deletedAt === undefined)) return;
    await store.put(first);
    stamp();
  });
}

/** Changes a collection's own fields. */
export async function changeCollection(
  db: Database,
  id: string,
  change: (record: CollectionRecord) => CollectionRecord,
): Promise<void> {
  await db.write(['collections'], async (tx, stamp) => {
    const store = tx.objectStore('collections');
    await store.put(change(present(await store.get(id))));
    stamp();
  });
}

/**
 * Sets the recipe that a collection works towards, and puts every file that needs work into the queue.
 * What the recipe leaves as it is (a query prefix) is simply stored.
 */
export async function setRecipe(db: Database, id: string, recipe: Recipe): Promise<void> {
  await db.write(['collections', 'files', 'meta'], async (tx, stamp) => {
    const collections = tx.objectStore('collections');
    const { nextRecipe: _, ...record } = present(await collections.get(id));
    const key = recipeKey(recipe);
    const files = (await filesOf(tx, id)).filter(file => file.deletedAt === undefined);
    const whole = files.every(file => file.current?.recipeKey === key || file.current === undefined);
    for (const file of files) await aim(tx, file, key, stamp);
    // With no finished vectors under the old recipe there is nothing to keep serving.
    await collections.put(whole ? { ...record, recipe } : { ...record, nextRecipe: recipe });
    stamp();
  });
}

/** Points one file at a recipe: what is made for another one goes, what fits stays. */
async function aim(
  tx: Transaction<'readwrite'>,
  file: FileRecord,
  key: string,
  stamp: () => number,
): Promise<void> {
  const { growing, error: _, ...rest } = file;
  const keep = growing?.recipeKey === key ? growing : undefined;
  if (growing && !keep) await discard(tx, growing, file.current?.document);
  const finished = file.current?.recipeKey === key && file.current.sha256 === file.sha256;
  if (finished) {
    const { queue: _queue, ...idle } = rest;
    await tx.objectStore('files').put({ ...idle, state: 'done', attempts: 0, revision: stamp() });
    return;
  }
  // Somebody took it out of the queue before it had any vectors: a recipe does not bring it back.
  if (file.state === 'cancelled' && file.current === undefined) {
    await tx.objectStore('files').put({ ...rest, revision: stamp() });
    return;
  }
  await tx.objectStore('files').put({
    ...rest,
    ...(keep ? { growing: keep } : {}),
    state: 'waiting',
    attempts: 0,
    queue: file.queue ?? stamp(),
    revision: stamp(),
  });
}

/** Gives up a recipe change that is under way: the vectors that serve go on serving. */
export async function dropNextRecipe(db: Database, id: string): Promise<void> {
  const { recipe, nextRecipe } = await getCollection(db, id);
  if (nextRecipe) await setRecipe(db, id, recipe);
}

/** All files of a collection, deleted ones included, inside a transaction. */
export function filesOf<Mode extends 'readonly' | 'readwrite'>(
  tx: Transaction<Mode>,
  collectionId: string,
): Promise<FileRecord[]> {
  const all = IDBKeyRange.bound([collectionId, ''], [collectionId, []]);
  return tx.objectStore('files').index('byPath').getAll(all);
}

function present(record: CollectionRecord | undefined): CollectionRecord {
  if (!record)
    throw new VecdropError('input/invalid', 'This collection no longer exists. Choose another one.');
  return record;
}
