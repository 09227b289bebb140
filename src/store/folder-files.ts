import type { FilePlace, KeptFolder, StoredFile } from '../domain/folder.ts';
import type { Database, Transaction } from './database.ts';
import { freePath } from './files.ts';
import type { FileRecord, FolderRecord } from './schema.ts';

/** Files of a collection below folders, deleted ones left out, by path; those that the API brought are in no folder. */
export async function filesBelow(
  db: Database,
  collectionId: string,
  folders: readonly string[],
): Promise<StoredFile[]> {
  return db.read(['files'], async tx => {
    const found = await Promise.all(folders.map(folder => recordsBelow(tx, collectionId, folder)));
    return found
      .flat()
      .filter(({ deletedAt, upload }) => deletedAt === undefined && upload === undefined)
      .map(({ id, path, bytes, modifiedAt, sha256, state }) => ({
        id,
        path,
        bytes,
        modifiedAt,
        sha256,
        state,
      }));
  });
}

function recordsBelow<Mode extends 'readonly' | 'readwrite'>(
  tx: Transaction<Mode>,
  collectionId: string,
  folder: string,
): Promise<FileRecord[]> {
  // '0' is the character after '/'.
  const range = IDBKeyRange.bound([collectionId, `${folder}/`], [collectionId, `${folder}0`], false, true);
  return tx.objectStore('files').index('byPath').getAll(range);
}

/**
 * Moves files to other paths, and notes when they were last changed on disk, in one transaction; their chunks and
 * vectors stay as they are. Where a path has been taken meanwhile, a free one beside it. Deleted files are left alone.
 */
export async function placeFiles(db: Database, places: readonly FilePlace[]): Promise<void> {
  if (places.length === 0) return;
  await db.write(['files'], async (tx, stamp) => {
    const files = tx.objectStore('files');
    for (const { id, path, modifiedAt } of places) {
      const file = await files.get(id);
      if (!file || file.deletedAt !== undefined) continue;
      const changed = modifiedAt === undefined ? file : { ...file, modifiedAt };
      if (path === undefined || path === file.path) await files.put(changed);
      else {
        const free = await freePath(tx, file.collectionId, path);
        await files.put({ ...changed, path: free, revision: stamp() });
      }
    }
  });
}

/** All that came out of an archive has its time, what is no longer in it too: it is compared with that as one. */
export async function touchBelow(
  db: Database,
  collectionId: string,
  archive: string,
  modifiedAt: number,
): Promise<void> {
  const stored = await filesBelow(db, collectionId, [archive]);
  const others = stored.filter(file => file.modifiedAt !== modifiedAt);
  await placeFiles(
    db,
    others.map(({ id }) => ({ id, modifiedAt })),
  );
}

const keyOf = (collectionId: string, name: string): FolderRecord['key'] => `folder:${collectionId}/${name}`;

/** Every key of a collection's folders. */
export function folderKeys(collectionId: string): IDBKeyRange {
  return IDBKeyRange.bound(keyOf(collectionId, ''), `folder:${collectionId}0`, false, true);
}

/** Keeps a folder in the place of another of its name: names are what paths begin with. */
export async function keepFolder(
  db: Database,
  collectionId: string,
  handle: FileSystemDirectoryHandle,
): Promise<void> {
  await db.write(['meta'], async tx => {
    await tx.objectStore('meta').put({ key: keyOf(collectionId, handle.name), name: handle.name, handle });
  });
}

export async function keptFolders(db: Database, collectionId: string): Promise<KeptFolder[]> {
  const records = await db.read(['meta'], tx => tx.objectStore('meta').getAll(folderKeys(collectionId)));
  return (records as FolderRecord[]).map(({ name, handle }) => ({ name, handle }));
}
