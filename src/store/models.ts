import { VecdropError } from '../domain/errors.ts';
import type { Database, Transaction } from './database.ts';
import { DOWNLOADS, partNames } from './downloads.ts';
import { fileError, folderOf, modelFileNames, removeFile, removeFolder, writeFile } from './folders.ts';
import type { DownloadRecord, ModelRecord } from './schema.ts';

/** Shared by who brings a model's files in, exclusive for who removes those without a record. */
const FILES_LOCK = 'vecdrop-model-files';

/** Models kept in this browser, and those behind an endpoint. The bytes of the kept ones are in OPFS. */
export function listModels(db: Database): Promise<ModelRecord[]> {
  return db.read(['models'], tx => tx.objectStore('models').getAll());
}

export function getModel(db: Database, id: string): Promise<ModelRecord | undefined> {
  return db.read(['models'], tx => tx.objectStore('models').get(id));
}

/** Whether a model is kept, its bytes too. */
export async function hasModel(db: Database, id: string): Promise<boolean> {
  const record = await getModel(db, id);
  if (!record) return false;
  const files = await openModelFiles(record).catch(() => []);
  return files.reduce((sum, { size }) => sum + size, 0) === record.info.bytes;
}

/**
 * Keeps a model: first its bytes, then its record. So a record means whole bytes, and what a crash leaves of files is
 * written over by the next try or removed by the sweep. Rejects with 'storage/quota' where the disk is full.
 */
export async function keepModel(db: Database, record: ModelRecord, files: readonly Blob[]): Promise<void> {
  const kept = { ...record, ...(files.length > 1 ? { parts: files.length } : {}) };
  const bring = async () => {
    // Another tab may have been quicker.
    if (await hasModel(db, record.id)) return;
    for (const [i, name] of modelFileNames(kept).entries()) {
      await writeFile('models', name, files[i] as Blob).catch(error => {
        throw fileError(error, `“${record.info.name}” could not be kept`);
      });
    }
    await putModel(db, kept);
  };
  await bringFiles(() => alone(record.id, bring));
}

/** Records a model whose bytes are in place, or that has none here. */
export async function putModel(db: Database, record: ModelRecord): Promise<void> {
  await db.write(['models'], async (tx, stamp) => {
    await tx.objectStore('models').put(record);
    stamp();
  });
}

/** The bytes of a kept model, read from disk as they are needed. Rejects with 'model/missing'. */
export async function openModelFiles(record: ModelRecord): Promise<Blob[]> {
  try {
    const folder = await folderOf('models');
    const files = modelFileNames(record).map(async name => (await folder.getFileHandle(name)).getFile());
    return await Promise.all(files);
  } catch (error) {
    throw new VecdropError(
      'model/missing',
      `The file of the model “${record.info.name}” is gone from this browser. Add it again.`,
      error,
    );
  }
}

/**
 * Removes a model that no collection needs, and frees its disk. Deleted collections count while they can be restored.
 * Answers with the names of those that need it, and then nothing is removed.
 */
export function removeModel(db: Database, id: string): Promise<string[]> {
  return alone(id, async () => {
    const { needing, record } = await db.write(['models', 'collections', 'meta'], async (tx, stamp) => {
      const collections = await tx.objectStore('collections').getAll();
      const needing = collections
        .filter(({ recipe, nextRecipe }) => recipe.modelId === id || nextRecipe?.modelId === id)
        .map(({ name }) => name);
      const record = await tx.objectStore('models').get(id);
      if (needing.length === 0 && record) {
        await tx.objectStore('models').delete(id);
        await forget(tx, record);
        stamp();
      }
      return { needing, record };
    });
    if (needing.length === 0 && record && !record.info.remote) {
      for (const name of modelFileNames(record)) await removeFile('models', name);
    }
    return needing;
  });
}

/** What was found out about a model goes with it, and the key of an endpoint with its last model. */
async function forget(tx: Transaction<'readwrite'>, { id, info }: ModelRecord): Promise<void> {
  const meta = tx.objectStore('meta');
  await meta.delete(`engine:${id}`);
  await meta.delete(`probe:${id}`);
  if (!info.remote) return;
  const { baseUrl } = info.remote;
  const others = await tx.objectStore('models').getAll();
  const record = await meta.get('remote-keys');
  if (record?.key !== 'remote-keys' || others.some(other => other.info.remote?.baseUrl === baseUrl)) return;
  const { [baseUrl]: _, ...keys } = record.keys;
  await meta.put({ ...record, keys });
}

/** Removes every kept model's bytes, and what was received of others. */
export async function removeModelFiles(): Promise<void> {
  await removeFolder('models');
  await removeFolder('downloads');
}

/** Writes files: while they are without a record, or about to be, the sweep leaves all alone. */
export async function bringFiles(work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(FILES_LOCK, { mode: 'shared' }, work);
}

/** Of all tabs one at a time works on a model's files. */
async function alone<R>(id: string, work: () => Promise<R>): Promise<R> {
  return navigator.locks.request(`${FILES_LOCK}:${id}`, work);
}

/** Removes files that a crash left without a record, unless some tab is bringing files in. */
export async function sweepModelFiles(db: Database): Promise<void> {
  await navigator.locks.request(FILES_LOCK, { mode: 'exclusive', ifAvailable: true }, async lock => {
    if (!lock) return;
    // In one look: a download becomes a model in one transaction.
    const { models, downloads } = await db.read(['models', 'meta'], async tx => ({
      models: await tx.objectStore('models').getAll(),
      downloads: (await tx.objectStore('meta').getAll(DOWNLOADS)) as DownloadRecord[],
    }));
    const moved = downloads.flatMap(({ whole, parts }) =>
      whole ? modelFileNames({ id: whole.info.id, parts: parts.length }) : [],
    );
    await removeAllBut('models', new Set([...models.flatMap(modelFileNames), ...moved]));
    await removeAllBut('downloads', new Set(downloads.flatMap(partNames)));
  });
}

async function removeAllBut(name: 'models' | 'downloads', keep: ReadonlySet<string>): Promise<void> {
  const folder = await folderOf(name);
  for await (const file of folder.keys()) {
    if (!keep.has(file)) await folder.removeEntry(file, { recursive: true }).catch(() => {});
  }
}
