import * as Comlink from 'comlink';
import { strategies } from '../chunk/registry.ts';
import { testedSpeed } from '../domain/engine.ts';
import { VecdropError } from '../domain/errors.ts';
import { lineStarts } from '../domain/lines.ts';
import { thisMachine } from '../embed/machine.ts';
import { accepted } from '../ingest/registry.ts';
import { abortable } from '../rpc/abort-port.ts';
import {
  changeCollection,
  dropNextRecipe,
  ensureCollection,
  getCollection,
  putCollection,
  setRecipe,
} from '../store/collections.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { readHead, readPages, readText } from '../store/documents.ts';
import {
  cancelFiles,
  changedFiles,
  collectionTotals,
  deleteFiles,
  getFile,
  liveFiles,
  readable,
  requeueFiles,
  restoreFiles,
} from '../store/files.ts';
import { clearPause, readSettings, writePause, writeSettings } from '../store/meta.ts';
import { removeModelFiles, sweepModelFiles } from '../store/models.ts';
import { removeSearchFiles } from '../store/search-files.ts';
import { eraseAll } from '../store/sweep.ts';
import { readColumns, readVector } from '../store/vectors.ts';
import { addFiles } from './additions.ts';
import { answer } from './answer.ts';
import type { WorkspaceApi, WorkspaceEvent, WorkspaceHost } from './api.ts';
import { createApiBackend } from './api-backend.ts';
import { builtIn } from './built-in.ts';
import { createCallLog } from './call-log.ts';
import { createDownloads } from './downloads.ts';
import { createEmbedService } from './embed-service.ts';
import { createEngineChoices } from './engine-choice.ts';
import { engineMethods } from './engine-methods.ts';
import { budgetFor } from './engine-plan.ts';
import { createEngines } from './engines.ts';
import { exportMethods } from './export-methods.ts';
import { folderMethods } from './folder-methods.ts';
import { createHostGate } from './hosts.ts';
import { importMethods } from './import-methods.ts';
import { startIndexer } from './indexer.ts';
import { createKeys } from './keys.ts';
import { mapMethods } from './map-methods.ts';
import { createModelMethods } from './model-methods.ts';
import { createModels, defaultRecipe } from './models.ts';
import { createPipeline } from './pipeline.ts';
import { createQueryVectors } from './query-vectors.ts';
import { createReader } from './reader.ts';
import { checkRecipe, planRecipe, previewRecipe } from './recipes.ts';
import { createRemoteModels } from './remote-models.ts';
import { createSearchHost } from './search-host.ts';
import { createSearchMethods } from './search-methods.ts';
import { createSentenceVectors } from './sentence-vectors.ts';
import { createStatusBoard } from './status.ts';
import { upsertMethods } from './upsert-methods.ts';

export const workspaceHost: WorkspaceHost = {
  async open(baseUrl, listener) {
    const db = await openDatabase({ onBlocked: message => listener({ type: 'blocked', message }) });
    return Comlink.proxy(await createWorkspace(db, baseUrl, listener));
  },
};

/** What search indexes may take of the memory for engines and search: an instance finds room beside them. */
const SEARCH_SHARE = 0.75;

/** Joins the stages: the only place that knows them all. */
async function createWorkspace(
  db: Database,
  baseUrl: string,
  emit: (event: WorkspaceEvent) => void,
): Promise<WorkspaceApi> {
  const models = createModels(db, baseUrl);
  const gate = createHostGate({ db, baseUrl });
  const downloads = createDownloads({
    db,
    gate,
    emit: all => emit({ type: 'downloads', downloads: all }),
  });
  const board = createStatusBoard(
    db,
    () => pipeline,
    status => emit({ type: 'status', status }),
  );
  const machine = thisMachine();
  const choices = createEngineChoices(db, __VERSION__, () => machine);
  const keys = createKeys(db);
  const remote = createRemoteModels(db, gate.fetch, baseUrl, keys);
  const calls = createCallLog(call => emit({ type: 'call', call }));
  const engines = createEngines({
    models,
    choices,
    settings: () => readSettings(db),
    machine: () => machine,
    openRemote: remote.open,
    onState: board.engine,
    onCall: calls.add,
  });
  const embedder = createEmbedService(engines);
  const sentences = createSentenceVectors(embedder);
  const pipeline = createPipeline({
    db,
    models,
    engines,
    reader: createReader(),
    sentences,
    onTokens: board.tokens,
    onProgress: board.touch,
  });
  // A look at one document must not wait for the file that is being read, nor lose the text that it holds to others.
  const previewer = createReader();
  const bystander = createReader();
  const totals = collectionTotals(db);
  const search = createSearchMethods({
    db,
    host: createSearchHost({ onBytes: engines.makeRoom }),
    queries: createQueryVectors(models, embedder),
    budget: async () => SEARCH_SHARE * budgetFor(await readSettings(db), await machine),
  });
  const backend = createApiBackend({
    db,
    models,
    find: search.find,
    reader: bystander,
    sentences,
    embedder,
    version: __VERSION__,
  });

  db.onChange(revision => {
    emit({ type: 'changed', revision });
    board.touch();
  });
  await ensureCollection(db, await newCollection('My documents'));
  const indexer = startIndexer({
    db,
    pipeline,
    onRole(indexing) {
      board.role(indexing);
      embedder.role(indexing);
    },
    onPause: board.pause,
  });

  void sweepModelFiles(db).catch(() => {});
  void downloads.resumeAll().catch(() => {});
  addEventListener('online', () => void downloads.resumeAll().catch(() => {}));

  async function newCollection(name: string, modelId: string = builtIn.id) {
    const info = await models.info(modelId);
    return { id: crypto.randomUUID(), name, recipe: defaultRecipe(info), createdAt: Date.now() };
  }

  /** A file with the generation that is shown of it: what readers may see, else what is being made. */
  async function shown(fileId: string) {
    const file = await getFile(db, fileId);
    if (!file) return undefined;
    const collection = await getCollection(db, file.collectionId);
    const generation = readable(file, collection) ?? file.growing;
    return generation && { file, generation };
  }

  /** With about how long its tokens take, where a speed is known. */
  async function withSeconds<T extends { tokensToEmbed: number }>(
    work: T,
    modelId: string,
  ): Promise<T & { seconds?: number }> {
    const { tokensPerSecond = testedSpeed(await choices.get(modelId)) } = await board.current();
    return tokensPerSecond ? { ...work, seconds: work.tokensToEmbed / tokensPerSecond } : work;
  }

  return {
    status: board.current,
    async offers() {
      return {
        formats: accepted.map(({ id, name, extensions }) => ({ id, name, extensions })),
        strategies: strategies.map(({ id, name, description, sizes, overlaps, needsVectors = false }) => ({
          id,
          name,
          description,
          sizes,
          overlaps,
          needsVectors,
        })),
      };
    },
    async storage() {
      const { usage = 0, quota = 0 } = await navigator.storage.estimate();
      return { usage, quota, persisted: await navigator.storage.persisted() };
    },

    collections: totals,
    async createCollection(name, modelId) {
      const record = await newCollection(cleanName(name), modelId);
      await putCollection(db, record);
      return record.id;
    },
    renameCollection: (id, name) =>
      changeCollection(db, id, record => ({ ...record, name: cleanName(name) })),
    removeCollection: id => changeCollection(db, id, record => ({ ...record, deletedAt: Date.now() })),
    restoreCollection: id => changeCollection(db, id, ({ deletedAt: _, ...record }) => record),

    files: (id, afterRevision, limit) => changedFiles(db, id, afterRevision, limit),
    addFiles: (id, additions, port, progress) =>
      abortable(port, signal => addFiles(db, id, additions, models.add, signal, progress)),
    removeFiles: ids => deleteFiles(db, ids, Date.now()),
    restoreFiles: ids => restoreFiles(db, ids),
    retryFiles: ids => requeueFiles(db, ids),
    cancelFiles: ids => cancelFiles(db, ids),
    async cancelAll(id) {
      await dropNextRecipe(db, id);
      const queued = (await liveFiles(db, id)).filter(file => file.queue !== undefined);
      await cancelFiles(
        db,
        queued.map(file => file.id),
      );
    },
    pause: () => writePause(db, { reason: 'user', message: 'Paused.' }),
    async resume() {
      await clearPause(db);
      indexer.resume();
    },

    async document(fileId) {
      const found = await shown(fileId);
      if (!found) return undefined;
      const { generation } = found;
      const [head, chunks] = await Promise.all([
        readHead(db, generation.document),
        readColumns(db, generation.id),
      ]);
      if (!head || !chunks) return undefined;
      const { length, blocks, title } = head;
      return { fileId, length, blocks, chunks, embedded: generation.done, ...(title ? { title } : {}) };
    },
    async text(fileId, start, end) {
      const found = await shown(fileId);
      return found ? readText(db, found.generation.document, start, end) : '';
    },
    async lineStarts(fileId) {
      const found = await shown(fileId);
      return lineStarts(found ? await readPages(db, found.generation.document) : []);
    },
    async vector(fileId, ordinal) {
      const found = await shown(fileId);
      return found && readVector(db, found.generation.id, ordinal);
    },
    previewChunks: (fileId, recipe, most, port, progress) =>
      abortable(port, async signal => {
        const preview = await previewRecipe(
          { db, reader: previewer, sentences, models },
          { fileId, recipe, most },
          signal,
          (done, total) => progress({ done, total }),
        );
        return 'chunks' in preview ? preview : withSeconds(preview, recipe.modelId);
      }),

    planRecipe: (id, recipe, port) =>
      abortable(port, async signal => {
        const plan = await planRecipe(db, bystander, sentences, models, id, recipe, signal);
        return withSeconds(plan, recipe.modelId);
      }),
    async applyRecipe(id, recipe) {
      await checkRecipe(recipe, models);
      await setRecipe(db, id, recipe);
    },

    models: models.list,
    addModel: file => models.add([file]),
    ...engineMethods({ models, engines, choices, remote, calls }),
    ...createModelMethods({ db, models, gate, downloads }),
    ...search.methods,

    ...folderMethods(db),
    ...exportMethods(db, models, baseUrl),
    ...importMethods({ db, models, embedder }),
    ...upsertMethods({ db, models, keys, fetch: gate.fetch, baseUrl }),
    ...mapMethods({ db, shown: async fileId => (await shown(fileId))?.generation }),

    fetch: (wire, port) =>
      abortable(port, signal => answer(wire, signal, backend, request => emit({ type: 'request', request }))),

    async apiNames() {
      return Object.fromEntries((await models.list()).map(model => [model.id, backend.aliases(model)]));
    },

    settings: () => readSettings(db),
    async changeSettings(settings) {
      await writeSettings(db, { ...(await readSettings(db)), ...settings });
    },
    async deleteEverything() {
      await downloads.cancelAll();
      await eraseAll(db);
      await removeModelFiles();
      await removeSearchFiles();
      await gate.forgetAll();
      keys.forgetAll();
      await ensureCollection(db, await newCollection('My documents'));
    },
  };
}

function cleanName(name: string): string {
  const clean = name.trim();
  if (clean === '') throw new VecdropError('input/invalid', 'A collection needs a name. Type one.');
  return clean;
}
