import { VecdropError } from '../domain/errors.ts';
import type { Database } from './database.ts';
import type { ModelRecord } from './schema.ts';

const FOLDER = 'models';

/** Models kept in this browser; their bytes are in OPFS, one file a model, named by id. */
export function listModels(db: Database): Promise<ModelRecord[]> {
  return db.read(['models'], tx => tx.objectStore('models').getAll());
}

/**
 * Keeps a model: bytes to a temporary name, then renamed, then its record. A record therefore means whole bytes.
 * Rejects with 'storage/quota' where the disk is full.
 */
export async function keepModel(db: Database, record: ModelRecord, bytes: Blob): Promise<void> {
  const folder = await modelFolder();
  const temporary = `${record.id}.part`;
  try {
    const handle = await folder.getFileHandle(temporary, { create: true });
    await bytes.stream().pipeTo(await handle.createWritable());
    const written = await handle.getFile();
    if (written.size !== bytes.size) throw new DOMException('short write', 'QuotaExceededError');
    const kept = await folder.getFileHandle(`${record.id}.gguf`, { create: true });
    await written.stream().pipeTo(await kept.createWritable());
    await folder.removeEntry(temporary);
  } catch (error) {
    await folder.removeEntry(temporary).catch(() => {});
    const quota = error instanceof DOMException && error.name === 'QuotaExceededError';
    throw new VecdropError(
      quota ? 'storage/quota' : 'storage/failed',
      `“${record.info.name}” could not be kept: ${quota ? 'the browser gives Vecdrop no more disk space. Free some and add it again.' : 'writing it failed. Add it again.'}`,
      error,
    );
  }
  await db.write(['models'], async (tx, stamp) => {
    await tx.objectStore('models').put(record);
    stamp();
  });
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
