import type { ApiBackend, ApiFile } from '../api/backend.ts';
import { strategies } from '../chunk/registry.ts';
import type { ModelInfo } from '../domain/model.ts';
import { putCollection } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { addUpload, deleteFiles, getFile, liveFiles, readBlob } from '../store/files.ts';
import { readSettings } from '../store/meta.ts';
import type { FileRecord } from '../store/schema.ts';
import { createStoreBackend } from './api-stores.ts';
import { builtIn } from './built-in.ts';
import type { EmbedService } from './embed-service.ts';
import { defaultRecipe, type Models } from './models.ts';
import type { Reader } from './reader.ts';
import type { SearchMethods } from './search-methods.ts';
import type { SentenceVectorStore } from './sentence-vectors.ts';
import { sha256 } from './sha256.ts';
import { tokenizerOf } from './tokenizers.ts';

/** Where the API's files go: a collection as any other, with an id that every tab knows. */
const COLLECTION = 'api';

export interface BackendOptions {
  db: Database;
  models: Models;
  reader: Reader;
  sentences: SentenceVectorStore;
  embedder: EmbedService;
  find: SearchMethods['find'];
  version: string;
}

/** The workspace as the API needs it. */
export function createApiBackend({
  db,
  models,
  reader,
  sentences,
  embedder,
  find,
  version,
}: BackendOptions): ApiBackend {
  return {
    version,
    uploads: COLLECTION,
    stores: createStoreBackend({ db, models, find }),
    strategies: strategies.map(({ id }) => id),
    models: models.list,
    aliases: aliasesOf,
    async findModel(name) {
      const all = await models.list();
      const wanted = name.toLowerCase();
      const own = all.find(model => model.id === name || aliasesOf(model).includes(wanted));
      if (own) return own;
      const { aliases } = await readSettings(db);
      return all.find(model => model.id === aliases[wanted]);
    },

    async addFile(filename, content, purpose) {
      await ensureApiCollection(db);
      const original = { blob: content, bytes: await content.arrayBuffer(), sha256: await sha256(content) };
      return toApiFile(await addUpload(db, COLLECTION, original, { filename, purpose }));
    },
    async files() {
      const files = await liveFiles(db, COLLECTION);
      return files.sort((a, b) => a.addedAt - b.addedAt).map(toApiFile);
    },
    async file(id) {
      const file = await getFile(db, id);
      return file && file.collectionId === COLLECTION && file.deletedAt === undefined
        ? toApiFile(file)
        : undefined;
    },
    content: id => readBlob(db, id),
    removeFile: id => deleteFiles(db, [id], Date.now()),

    async chunk(id, { capacity, overlap, strategy }, signal) {
      const [file, blob, model] = await Promise.all([
        getFile(db, id),
        readBlob(db, id),
        models.open(builtIn.id),
      ]);
      const recipe = { ...defaultRecipe(model.info), chunkSize: capacity, overlap, strategy };
      const { columns, pages } = await sentences.read(
        reader,
        { blob: blob ?? new Blob(), path: file?.path ?? '', textId: `upload ${id}` },
        recipe,
        model,
        signal,
      );
      const text = pages.join('');
      return Array.from(columns.starts, (start, i) => text.slice(start, columns.ends[i]));
    },
    async tokenize(model, texts) {
      const opened = tokenizerOf(await models.open(model.id));
      return texts.map(text => opened.encode(text).ids);
    },
    async embed(model, inputs, dimensions, signal) {
      const data = await embedder.embed({ ...defaultRecipe(model), dimensions }, inputs, signal);
      return { data, dimensions };
    },
  };
}

/** A model answers to its name, with its quantization, and, if built in, to what LlamaEdge's documentation calls it. */
function aliasesOf({ id, name, quantization }: ModelInfo): string[] {
  const own = [name, `${name}-${quantization}`].map(alias => alias.toLowerCase());
  return id === builtIn.id ? [...own, `${name.toLowerCase()}-ggml-model-f16`, 'embedding'] : own;
}

function toApiFile({ id, path, bytes, addedAt, upload }: FileRecord): ApiFile {
  return { id, filename: upload?.filename ?? path, bytes, purpose: upload?.purpose ?? 'assistants', addedAt };
}

async function ensureApiCollection(db: Database): Promise<void> {
  const there = await db.read(['collections'], tx => tx.objectStore('collections').get(COLLECTION));
  if (there && there.deletedAt === undefined) return;
  await putCollection(db, {
    id: COLLECTION,
    name: 'API',
    recipe: defaultRecipe(builtIn),
    createdAt: Date.now(),
  });
}
