import type { CollectionInfo, FileRow } from '../domain/collection.ts';
import { recipeKey } from '../domain/recipe.ts';
import { filesOf, listCollections } from './collections.ts';
import type { Database, Stamp, Transaction } from './database.ts';
import { discard } from './meta.ts';
import type { CollectionRecord, FileRecord, Generation } from './schema.ts';

/** A file's record as the page's list shows it. */
function toRow(file: FileRecord): FileRow {
  const shown = file.growing ?? file.current;
  return {
    id: file.id,
    collectionId: file.collectionId,
    path: file.path,
    bytes: file.bytes,
    state: file.state,
    done: shown?.done ?? 0,
    chunks: shown?.chunks ?? 0,
    tokens: shown?.tokens ?? 0,
    unknown: shown?.unknown ?? 0,
    addedAt: file.addedAt,
    revision: file.revision,
    ...(shown && shown.pages > 0 ? { pages: shown.pages } : {}),
    ...(shown?.notice ? { notice: shown.notice } : {}),
    ...(file.format ? { format: file.format } : {}),
    ...(file.error ? { error: file.error } : {}),
    ...(file.deletedAt === undefined ? {} : { deletedAt: file.deletedAt }),
  };
}

/** Rows that changed after a revision, in the order of their changes. */
export async function changedFiles(
  db: Database,
  collectionId: string,
  afterRevision: number,
  limit: number,
): Promise<FileRow[]> {
  const range = IDBKeyRange.bound(
    [collectionId, afterRevision],
    [collectionId, Number.POSITIVE_INFINITY],
    true,
  );
  const records = await db.read(['files'], tx =>
    tx.objectStore('files').index('byRevision').getAll(range, limit),
  );
  return records.map(toRow);
}

export function getFile(db: Database, id: string): Promise<FileRecord | undefined> {
  return db.read(['files'], tx => tx.objectStore('files').get(id));
}

/** Files of a collection that are not deleted, by path in code unit order. */
export async function liveFiles(db: Database, collectionId: string): Promise<FileRecord[]> {
  const all = await db.read(['files'], tx => filesOf(tx, collectionId));
  return all.filter(file => file.deletedAt === undefined);
}

/** The original, where it is kept. */
export async function readBlob(db: Database, fileId: string): Promise<Blob | undefined> {
  const original = await readOriginal(db, fileId);
  return original && (original instanceof Blob ? original : new Blob([original]));
}

/** Which of these files' originals are kept, by their ids; none is read. */
export async function keptOriginals(db: Database, files: readonly FileRecord[]): Promise<Set<string>> {
  const all = new Set(await db.read(['blobs'], tx => tx.objectStore('blobs').getAllKeys()));
  return new Set(files.flatMap(({ id }) => (all.has(id) ? [id] : [])));
}

/** The original as it is stored: small ones as bytes. */
export async function readOriginal(db: Database, fileId: string): Promise<Blob | ArrayBuffer | undefined> {
  return (await db.read(['blobs'], tx => tx.objectStore('blobs').get(fileId)))?.blob;
}

/** The content of a file to keep. */
export interface Content {
  blob: Blob;
  /** When it was last changed on disk, where that is known: milliseconds since 1970. */
  modifiedAt?: number | undefined;
  /** The same in memory: stored in place of the Blob where given. */
  bytes?: ArrayBuffer;
  sha256: string;
}

/** Keeps a file's original. Inside a transaction. */
async function putOriginal(
  tx: Transaction<'readwrite'>,
  fileId: string,
  { blob, bytes }: Content,
): Promise<void> {
  await tx.objectStore('blobs').put({ fileId, blob: bytes ?? blob });
}

/** Files of any collection with this content; deleted ones too, while their data is there. */
export function sameContentFiles(db: Database, sha256: string): Promise<FileRecord[]> {
  return db.read(['files'], tx => tx.objectStore('files').index('byContent').getAll(sha256));
}

/**
 * What a reader of a collection may see of a file: the finished generation under the collection's recipe,
 * or, on first indexing, the growing one as far as it is. Generations of two recipes are never read together.
 */
export function readable(file: FileRecord, collection: CollectionRecord): Generation | undefined {
  const key = recipeKey(collection.recipe);
  if (file.current) return file.current.recipeKey === key ? file.current : undefined;
  return file.growing?.recipeKey === key ? file.growing : undefined;
}

/** Changes files one by one in a single transaction; `change` returns undefined to leave one as it is. */
async function changeFiles(
  db: Database,
  ids: readonly string[],
  change: (file: FileRecord, tx: Transaction<'readwrite'>, stamp: Stamp) => Promise<FileRecord | undefined>,
): Promise<void> {
  await db.write(['files', 'meta', 'blobs'], async (tx, stamp) => {
    const files = tx.objectStore('files');
    for (const id of ids) {
      const file = await files.get(id);
      if (!file || file.purged) continue;
      const changed = await change(file, tx, stamp);
      if (changed) await files.put({ ...changed, revision: stamp() });
    }
  });
}

/** Soft deletion: undone by restoreFiles until the purge. */
export async function deleteFiles(db: Database, ids: readonly string[], now: number): Promise<void> {
  await changeFiles(db, ids, async file => ({ ...file, deletedAt: now }));
}

/** Undoes a deletion; where its path has been taken since, the file comes back under a free name. */
export async function restoreFiles(db: Database, ids: readonly string[]): Promise<void> {
  await changeFiles(db, ids, async (file, tx) => {
    const { deletedAt, ...rest } = file;
    if (deletedAt === undefined) return undefined;
    return { ...rest, path: await freePath(tx, file.collectionId, file.path) };
  });
}

/** Puts failed and cancelled files back into the queue. */
export async function requeueFiles(db: Database, ids: readonly string[]): Promise<void> {
  await changeFiles(db, ids, async (file, _tx, stamp) => {
    if (file.state !== 'failed' && file.state !== 'cancelled') return undefined;
    const { error: _, ...rest } = file;
    return { ...rest, state: 'waiting', attempts: 0, queue: stamp() };
  });
}

/** Takes files out of the queue. What was committed of them stays. */
export async function cancelFiles(db: Database, ids: readonly string[]): Promise<void> {
  await changeFiles(db, ids, async file => {
    if (file.queue === undefined) return undefined;
    const { queue: _, ...rest } = file;
    return { ...rest, state: 'cancelled' };
  });
}

/** A path not taken by a live file: the given one, or with ' (2)', ' (3)' … before its extension. */
export async function freePath(
  tx: Transaction<'readwrite'>,
  collectionId: string,
  path: string,
): Promise<string> {
  const index = tx.objectStore('files').index('byPath');
  const dot = path.lastIndexOf('.');
  const split = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : `${path.slice(0, split)} (${n})${path.slice(split)}`;
    const there = await index.getAll([collectionId, candidate]);
    if (there.every(file => file.deletedAt !== undefined)) return candidate;
  }
}

/** Puts a new file into the queue under a free path, and its original beside it. Inside a transaction. */
export async function createFile(
  tx: Transaction<'readwrite'>,
  collectionId: string,
  path: string,
  content: Content,
  stamp: Stamp,
): Promise<FileRecord> {
  const file: FileRecord = {
    id: crypto.randomUUID(),
    collectionId,
    path: await freePath(tx, collectionId, path),
    bytes: content.blob.size,
    sha256: content.sha256,
    modifiedAt: content.modifiedAt,
    state: 'waiting',
    queue: stamp(),
    attempts: 0,
    addedAt: Date.now(),
    revision: stamp(),
  };
  await tx.objectStore('files').put(file);
  await putOriginal(tx, file.id, content);
  return file;
}

/** Adds a file that came in by the API, which may have any number of one name. */
export async function addUpload(
  db: Database,
  collectionId: string,
  content: Content,
  upload: NonNullable<FileRecord['upload']>,
): Promise<FileRecord> {
  return db.write(['files', 'blobs'], async (tx, stamp) => {
    const file = { ...(await createFile(tx, collectionId, upload.filename, content, stamp)), upload };
    await tx.objectStore('files').put(file);
    return file;
  });
}

/** Replaces a file's content: the old vectors serve until the new ones are whole. Inside a transaction. */
export async function replaceContent(
  tx: Transaction<'readwrite'>,
  file: FileRecord,
  content: Content,
  stamp: Stamp,
): Promise<void> {
  const { growing, error: _, ...rest } = file;
  await discard(tx, growing, file.current?.document);
  await putOriginal(tx, file.id, content);
  await tx.objectStore('files').put({
    ...rest,
    bytes: content.blob.size,
    sha256: content.sha256,
    modifiedAt: content.modifiedAt,
    state: 'waiting',
    attempts: 0,
    queue: file.queue ?? stamp(),
    revision: stamp(),
  });
}

interface Counted {
  collectionId: string;
  chunks: number;
  tokens: number;
  bytes: number;
}

/**
 * Collections with their totals. Totals are kept in memory and brought up to date by revision,
 * so that asking often costs what has changed, not what there is.
 */
export function collectionTotals(db: Database): () => Promise<CollectionInfo[]> {
  const counted = new Map<string, Counted>();
  const seen = new Map<string, number>();

  return async () => {
    const collections = await listCollections(db);
    for (const { id } of collections) {
      for (;;) {
        const rows = await changedFiles(db, id, seen.get(id) ?? 0, 1000);
        for (const row of rows) {
          seen.set(id, row.revision);
          if (row.deletedAt === undefined) counted.set(row.id, row);
          else counted.delete(row.id);
        }
        if (rows.length < 1000) break;
      }
    }
    const totals = new Map(collections.map(c => [c.id, { files: 0, chunks: 0, tokens: 0, bytes: 0 }]));
    for (const { collectionId, chunks, tokens, bytes } of counted.values()) {
      const total = totals.get(collectionId);
      if (!total) continue;
      total.files += 1;
      total.chunks += chunks;
      total.tokens += tokens;
      total.bytes += bytes;
    }
    return collections.map(({ id, name, recipe, nextRecipe, createdAt }) => ({
      id,
      name,
      recipe,
      createdAt,
      ...(nextRecipe ? { nextRecipe } : {}),
      ...(totals.get(id) ?? { files: 0, chunks: 0, tokens: 0, bytes: 0 }),
    }));
  };
}
