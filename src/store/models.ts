import { VecdropError } from '../domain/errors.ts';
import type { Database } from './database.ts';
import type { ModelRecord } from './schema.ts';

const FOLDER = 'models';

/** Models kept in this browser; their bytes are in OPFS, one file a model, named by id. */
export function listModels(db: Database): Promise<ModelRecord[]> {
  return db.read(['models'], tx => tx.objectStore('models').getAll());
}

/**
 * Keeps a model: first its bytes, then its record. So a record means whole bytes, and what a crash leaves of a file
 * is written over by the next try. Rejects with 'storage/quota' where the disk is full.
 */
export async function keepModel(db: Database, record: ModelRecord, bytes: Blob): Promise<void> {
  if ((await listModels(db)).some(model => model.id === record.id)) return;
  try {
    await writeFile(`${record.id}.gguf`, bytes);
  } catch (error) {
    const quota = error instanceof DOMException && error.name === 'QuotaExceededError';
    throw new VecdropError(
      quota ? 'storage/quota' : 'storage/failed',
      quota
        ? `“${record.info.name}” could not be kept: the browser gives Vecdrop no more disk space. Free some and add it again.`
        : `“${record.info.name}” could not be kept: writing it failed. Add it again.`,
      error,
    );
  }
  await db.write(['models'], async (tx, stamp) => {
    await tx.objectStore('models').put(record);
    stamp();
  });
}

/** Through an access handle: the one way to write that every browser has in a worker. */
async function writeFile(name: string, bytes: Blob): Promise<void> {
  const folder = await modelFolder();
  const file = await folder.getFileHandle(name, { create: true });
  const handle = await file.createSyncAccessHandle();
  try {
    handle.truncate(0);
    let at = 0;
    const reader = bytes.stream().getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const written = handle.write(read.value, { at });
      if (written !== read.value.byteLength)
        throw new DOMException('The disk is full.', 'QuotaExceededError');
      at += written;
    }
    handle.flush();
  } catch (error) {
    handle.close();
    await folder.removeEntry(name).catch(() => {});
    throw error;
  }
  handle.close();
}

/** The bytes of a kept model, read from disk as they are needed. */
export async function openModel(id: string): Promise<Blob> {
  try {
    const handle = await (await modelFolder()).getFileHandle(`${id}.gguf`);
    return await handle.getFile();
  } catch (error) {
    throw new VecdropError(
      'model/missing',
      'The model of this collection is gone from this browser. Add its file again.',
      error,
    );
  }
}

/** Removes every kept model's bytes. */
export async function removeModelFiles(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true }).catch(() => {});
}

async function modelFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}
