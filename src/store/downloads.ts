import type { Database } from './database.ts';
import {
  findFile,
  folderOf,
  modelFileNames,
  openForWriting,
  removeFile,
  writeAll,
  writeFile,
} from './folders.ts';
import type { DownloadRecord, ModelRecord } from './schema.ts';

/** Keys of all downloads in `meta`. */
export const DOWNLOADS = IDBKeyRange.bound('download:', 'download;', false, true);
const keyOf = (id: string) => `download:${id}` as const;

/** Downloads that are not finished, oldest first. */
export async function listDownloads(db: Database): Promise<DownloadRecord[]> {
  const records = await db.read(['meta'], tx => tx.objectStore('meta').getAll(DOWNLOADS));
  return (records as DownloadRecord[]).sort((a, b) => a.addedAt - b.addedAt);
}

export async function getDownload(db: Database, id: string): Promise<DownloadRecord | undefined> {
  return (await db.read(['meta'], tx => tx.objectStore('meta').get(keyOf(id)))) as DownloadRecord | undefined;
}

/** Records a download, unless one of its id is there. */
export async function addDownload(db: Database, record: Omit<DownloadRecord, 'key'>): Promise<void> {
  await db.write(['meta'], async tx => {
    const meta = tx.objectStore('meta');
    if (!(await meta.get(keyOf(record.id)))) await meta.put({ ...record, key: keyOf(record.id) });
  });
}

/** Changes a download's record. Undefined where it was cancelled meanwhile: then nothing is written. */
export function changeDownload(
  db: Database,
  id: string,
  change: (record: DownloadRecord) => DownloadRecord,
): Promise<DownloadRecord | undefined> {
  return db.write(['meta'], async tx => {
    const meta = tx.objectStore('meta');
    const record = (await meta.get(keyOf(id))) as DownloadRecord | undefined;
    if (!record) return undefined;
    const changed = change(record);
    await meta.put(changed);
    return changed;
  });
}

/** Drops the record; the received bytes go by `removeParts`. */
export async function removeDownload(db: Database, id: string): Promise<void> {
  await db.write(['meta'], async tx => void (await tx.objectStore('meta').delete(keyOf(id))));
}

/**
 * Keeps what was downloaded as a model: its files get their names, then one transaction puts the model in the
 * download's place. Begun again after a crash it goes on where it stopped. False where it was cancelled meanwhile.
 */
export async function keepDownload(
  db: Database,
  record: DownloadRecord,
  model: ModelRecord,
): Promise<boolean> {
  const names = modelFileNames(model);
  for (const [i, part] of partNames(record).entries()) await movePart(part, names[i] as string);
  return db.write(['meta', 'models'], async (tx, stamp) => {
    if (!(await tx.objectStore('meta').get(record.key))) return false;
    await tx.objectStore('meta').delete(record.key);
    await tx.objectStore('models').put(model);
    stamp();
    return true;
  });
}

/** Names of what is received, in the folder `downloads`: none that could be taken for a model's. */
export function partNames({ id, parts }: DownloadRecord): string[] {
  return parts.map((_, i) => `${id}.${i}.part`);
}

/** A file that is being received. Close it. */
export interface PartFile {
  readonly size: number;
  /** Adds bytes at the end. Throws QuotaExceededError where the disk is full. */
  append(bytes: Uint8Array<ArrayBuffer>): void;
  clear(): void;
  close(): void;
}

export async function openPart(name: string): Promise<PartFile> {
  const handle = await openForWriting('downloads', name);
  let size = handle.getSize();
  return {
    get size() {
      return size;
    },
    append(bytes) {
      size += writeAll(handle, bytes, size);
    },
    clear() {
      handle.truncate(0);
      size = 0;
    },
    close() {
      handle.flush();
      handle.close();
    },
  };
}

/** What was received of a part; undefined where nothing was, or it has become a model's. */
export async function readPart(name: string): Promise<File | undefined> {
  return (await findFile('downloads', name))?.getFile();
}

export async function removeParts(record: DownloadRecord): Promise<void> {
  for (const name of partNames(record)) await removeFile('downloads', name);
}

/** Moves a part among the models; one that is there already was moved before a crash. Copied where files cannot move. */
async function movePart(part: string, name: string): Promise<void> {
  const file = (await findFile('downloads', part)) as Movable | undefined;
  if (!file) return;
  if (file.move) return file.move(await folderOf('models'), name);
  await writeFile('models', name, await file.getFile());
  await removeFile('downloads', part);
}

/** Every browser's newer versions have it; TypeScript's library has not. */
type Movable = FileSystemFileHandle & {
  move?: (folder: FileSystemDirectoryHandle, name: string) => Promise<void>;
};
