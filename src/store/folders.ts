import { toVecdropError, VecdropError } from '../domain/errors.ts';

/** Folders of the origin's private file system. */
export type Folder = 'models' | 'downloads' | 'search';

export async function folderOf(name: Folder): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(name, { create: true });
}

export async function removeFolder(name: Folder): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(name, { recursive: true }).catch(() => {});
}

export async function removeFile(folder: Folder, name: string): Promise<void> {
  await (await folderOf(folder)).removeEntry(name).catch(() => {});
}

/** Undefined where there is no such file. */
export async function findFile(folder: Folder, name: string): Promise<FileSystemFileHandle | undefined> {
  try {
    return await (await folderOf(folder)).getFileHandle(name);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

/**
 * Opens a file for writing in place: an access handle is the one way that every browser has in a worker. Only one can
 * be open at a time for a file.
 */
export async function openForWriting(folder: Folder, name: string): Promise<FileSystemSyncAccessHandle> {
  const file = await (await folderOf(folder)).getFileHandle(name, { create: true });
  return file.createSyncAccessHandle();
}

/** Writes a blob as a file, whole or not at all. */
export async function writeFile(folder: Folder, name: string, bytes: Blob): Promise<void> {
  const handle = await openForWriting(folder, name);
  try {
    handle.truncate(0);
    let at = 0;
    const reader = bytes.stream().getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      at += writeAll(handle, read.value, at);
    }
    handle.flush();
  } catch (error) {
    handle.close();
    await removeFile(folder, name);
    throw error;
  }
  handle.close();
}

/** A write that the disk takes only in part says so by its count alone. */
export function writeAll(
  handle: FileSystemSyncAccessHandle,
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
): number {
  const written = handle.write(bytes, { at });
  if (written !== bytes.byteLength) throw new DOMException('The disk is full.', 'QuotaExceededError');
  return written;
}

/** Names of a model's files, in order of their parts. */
export function modelFileNames({ id, parts = 1 }: { id: string; parts?: number }): string[] {
  if (parts === 1) return [`${id}.gguf`];
  const number = (n: number) => String(n).padStart(5, '0');
  return Array.from({ length: parts }, (_, i) => `${id}-${number(i + 1)}-of-${number(parts)}.gguf`);
}

/** What went wrong with a file, in a sentence: 'storage/quota' or 'storage/failed'. `what` begins it. */
export function fileError(error: unknown, what: string): VecdropError {
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return new VecdropError(
      'storage/quota',
      `${what}: the browser gives Vecdrop no more disk space. Remove models or collections you no longer need, or free space on the disk, then try again.`,
      error,
    );
  }
  return toVecdropError(error, 'storage/failed', `${what}: reading or writing it failed. Try again.`);
}
