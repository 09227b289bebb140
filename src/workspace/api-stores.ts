import type { ApiStore, ApiStoreFile, StoreBackend } from '../api/backend.ts';
import { VecdropError } from '../domain/errors.ts';
import { wait } from '../rpc/wait.ts';
import { changeCollection, listCollections, putCollection } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { readText } from '../store/documents.ts';
import { addUpload, deleteFiles, getFile, liveFiles, readable, readBlob } from '../store/files.ts';
import type { CollectionRecord, FileRecord } from '../store/schema.ts';
import { readColumns, vectorBlocks } from '../store/vectors.ts';
import { builtIn } from './built-in.ts';
import { defaultRecipe, type Models } from './models.ts';
import type { SearchMethods } from './search-methods.ts';

/** How often a file's record is looked at while its work goes on, should no event tell. */
const LOOK_MS = 500;

export interface StoresOptions {
  db: Database;
  models: Models;
  find: SearchMethods['find'];
}

/** Collections as vector stores. */
export function createStoreBackend({ db, models, find }: StoresOptions): StoreBackend {
  async function toStore(record: CollectionRecord): Promise<ApiStore> {
    const files = await liveFiles(db, record.id);
    return {
      id: record.id,
      name: record.name,
      createdAt: record.createdAt,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      files: files.map(file => toStoreFile(file, record)).sort((a, b) => a.addedAt - b.addedAt),
    };
  }

  /** A file with its collection and what readers see of it. */
  async function shown(fileId: string) {
    const file = await getFile(db, fileId);
    if (!file) return undefined;
    const collection = (await listCollections(db)).find(({ id }) => id === file.collectionId);
    const generation = collection && readable(file, collection);
    return generation && { file, collection, generation };
  }

  return {
    async stores() {
      return Promise.all((await listCollections(db)).map(toStore));
    },
    async store(idOrName) {
      const all = await listCollections(db);
      const found = all.find(({ id }) => id === idOrName) ?? all.find(({ name }) => name === idOrName);
      return found && toStore(found);
    },
    async createStore(name) {
      const recipe = defaultRecipe(await models.info(builtIn.id));
      const record = { id: crypto.randomUUID(), name, recipe, createdAt: Date.now() };
      await putCollection(db, record);
      return toStore(record);
    },
    renameStore: (id, name) => changeCollection(db, id, record => ({ ...record, name })),
    removeStore: id => changeCollection(db, id, record => ({ ...record, deletedAt: Date.now() })),

    async attach(storeId, fileId) {
      const source = await getFile(db, fileId);
      const blob = source && (await readBlob(db, fileId));
      if (!source || !blob) {
        throw new VecdropError(
          'input/invalid',
          'The original of this file was not kept. Upload it again to add it.',
        );
      }
      const there = await liveFiles(db, storeId);
      const same = there.find(file => file.upload?.from === fileId || file.id === fileId);
      if (same) return same.id;
      const { filename, purpose } = source.upload ?? { filename: source.path, purpose: 'assistants' };
      const original = { blob, bytes: await blob.arrayBuffer(), sha256: source.sha256 };
      return (await addUpload(db, storeId, original, { filename, purpose, from: fileId })).id;
    },
    removeStoreFile: id => deleteFiles(db, [id], Date.now()),

    async settled(fileId, signal) {
      for (;;) {
        signal.throwIfAborted();
        const file = await getFile(db, fileId);
        if (!file || file.queue === undefined) return;
        await changed(db, signal);
      }
    },
    async vectors(fileId) {
      const found = await shown(fileId);
      if (!found) return { data: new Float32Array(0), dimensions: 0, tokens: 0, model: '' };
      const { collection, generation } = found;
      const { dimensions, modelId } = collection.recipe;
      const data = new Float32Array(generation.done * dimensions);
      for await (const block of vectorBlocks(db, generation.id))
        data.set(block.data, block.first * dimensions);
      return { data, dimensions, tokens: generation.tokens, model: (await models.info(modelId)).name };
    },

    async search(storeId, query, { limit, threshold, fileIds }, signal) {
      const base = { text: query, balance: 1, byFile: false, fold: false };
      const asked = { ...base, limit, ...(fileIds ? { fileIds } : {}) };
      const { hits, meaning, notice, chunks } = await find(storeId, asked, signal);
      if (meaning !== 'used' && chunks.words > 0) {
        throw new VecdropError('engine/failed', notice ?? 'The query could not be embedded. Try again.');
      }
      const near = hits.filter(({ cosine = 0 }) => cosine >= threshold);
      return Promise.all(
        near.map(async ({ fileId, path, ordinal, cosine = 0, page, headings }) => ({
          fileId,
          filename: path,
          text: await textOf(fileId, ordinal),
          score: cosine,
          headings,
          ...(page === undefined ? {} : { page }),
        })),
      );
    },
  };

  async function textOf(fileId: string, ordinal: number): Promise<string> {
    const found = await shown(fileId);
    const columns = found && (await readColumns(db, found.generation.id));
    if (!columns) return '';
    return readText(db, found.generation.document, columns.starts[ordinal] ?? 0, columns.ends[ordinal] ?? 0);
  }
}

/** The next change of the database, or a while. Rejects with AbortError. */
async function changed(db: Database, signal: AbortSignal): Promise<void> {
  const rest = new AbortController();
  const stop = db.onChange(() => rest.abort());
  try {
    await wait(LOOK_MS, AbortSignal.any([signal, rest.signal]));
  } catch {
    signal.throwIfAborted();
  } finally {
    stop();
  }
}

function toStoreFile(file: FileRecord, { recipe }: CollectionRecord): ApiStoreFile {
  const { id, path, bytes, addedAt, state, upload, error } = file;
  const states = { done: 'completed', failed: 'failed', cancelled: 'cancelled' } as const;
  return {
    id,
    filename: upload?.filename ?? path,
    bytes,
    addedAt,
    state: state in states ? states[state as keyof typeof states] : 'in_progress',
    ...(error ? { error: error.message } : {}),
    chunking: { chunkSize: recipe.chunkSize, overlap: recipe.overlap },
  };
}
