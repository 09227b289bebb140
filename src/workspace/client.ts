import * as Comlink from 'comlink';
import type { EngineChoice } from '../domain/engine.ts';
import { VecdropError } from '../domain/errors.ts';
import type { Look } from '../domain/folder.ts';
import type { ImportMapping } from '../domain/import.ts';
import type { MapPoints, Projection } from '../domain/map.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { ChunkPlace, ChunkValues, SearchAnswer, SearchQuery } from '../domain/search.ts';
import { hostWorker, type WorkerHost } from '../rpc/host.ts';
import { requestToWire, responseFromWire, type WireRequest, type WireResponse } from '../rpc/wire.ts';
import type {
  Addition,
  AddProgress,
  AddReport,
  Preview,
  RecipePlan,
  WorkspaceApi,
  WorkspaceEvent,
  WorkspaceHost,
} from './api.ts';
import type { ExportOptions } from './exports-api.ts';
import type { LikenessFacts } from './facts-api.ts';
import type {
  ImportLook,
  ImportReport,
  ImportsApi,
  ImportTarget,
  TableCheck,
  VectorCheck,
} from './imports-api.ts';
import type { MapProgress } from './map-api.ts';
import type { RemoteEndpoint, RepoFile } from './models-api.ts';
import type {
  DatabaseLook,
  UpsertProgress,
  UpsertReport,
  UpsertSelection,
  UpsertTarget,
} from './upsert-api.ts';

type Abortable =
  | 'addFiles'
  | 'planRecipe'
  | 'exportCollection'
  | 'likenessFacts'
  | 'exportToFile'
  | 'previewChunks'
  | 'lookInto'
  | 'fetch'
  | 'lookAtImport'
  | 'checkTable'
  | 'checkVectors'
  | 'importTable'
  | 'importArchive'
  | 'repoFiles'
  | 'remoteModels'
  | 'addRemoteModel'
  | 'testEngines'
  | 'mapPoints'
  | 'search'
  | 'lookAtDatabase'
  | 'upsertCollection'
  | 'removeLeftOver'
  | 'similar'
  | 'searchScores';

/** The workspace as the page has it: AbortSignals for ports, and events. Every call settles, even if the worker dies. */
export interface WorkspaceClient extends Omit<WorkspaceApi & ImportsApi, Abortable> {
  subscribe(listener: (event: WorkspaceEvent) => void): () => void;
  addFiles(
    collectionId: string,
    additions: Addition[],
    signal: AbortSignal,
    progress: (progress: AddProgress) => void,
  ): Promise<AddReport>;
  planRecipe(collectionId: string, recipe: Recipe, signal: AbortSignal): Promise<RecipePlan>;
  exportCollection(
    collectionId: string,
    options: ExportOptions,
    signal: AbortSignal,
    progress: (progress: AddProgress) => void,
  ): Promise<Blob>;
  likenessFacts(collectionId: string, signal: AbortSignal): Promise<LikenessFacts>;
  exportToFile(
    collectionId: string,
    options: ExportOptions,
    target: FileSystemFileHandle,
    signal: AbortSignal,
    progress: (progress: AddProgress) => void,
  ): Promise<number>;
  lookAtImport(files: File[], signal: AbortSignal): Promise<ImportLook>;
  checkTable(
    files: File[],
    mapping: ImportMapping,
    target: ImportTarget,
    signal: AbortSignal,
  ): Promise<TableCheck>;
  checkVectors(
    files: File[],
    mapping: ImportMapping,
    target: ImportTarget,
    signal: AbortSignal,
  ): Promise<VectorCheck>;
  importTable(
    files: File[],
    mapping: ImportMapping,
    target: ImportTarget,
    signal: AbortSignal,
    progress: (progress: AddProgress) => void,
  ): Promise<ImportReport>;
  importArchive(
    file: File,
    target: { name: string } | { collectionId: string },
    signal: AbortSignal,
    progress: (progress: AddProgress) => void,
  ): Promise<ImportReport>;
  previewChunks(
    fileId: string,
    recipe: Recipe,
    most: number,
    signal: AbortSignal,
    progress: (progress: AddProgress) => void,
  ): Promise<Preview>;
  lookInto(
    files: readonly { file: File; hash: boolean }[],
    signal: AbortSignal,
    progress: (files: number) => void,
  ): Promise<Look[]>;
  repoFiles(repo: string, signal: AbortSignal): Promise<RepoFile[]>;
  remoteModels(endpoint: RemoteEndpoint, signal: AbortSignal): Promise<string[]>;
  addRemoteModel(
    endpoint: RemoteEndpoint,
    model: string,
    contextLength: number,
    signal: AbortSignal,
  ): Promise<ModelInfo>;
  testEngines(modelId: string, signal: AbortSignal): Promise<EngineChoice>;
  mapPoints(
    collectionId: string,
    projection: Projection,
    signal: AbortSignal,
    progress: (progress: MapProgress) => void,
  ): Promise<MapPoints>;
  search(
    collectionId: string,
    query: SearchQuery,
    signal: AbortSignal,
    early?: (answer: SearchAnswer) => void,
  ): Promise<SearchAnswer>;
  similar(place: ChunkPlace, limit: number, signal: AbortSignal): Promise<SearchAnswer>;
  searchScores(collectionId: string, query: SearchQuery, signal: AbortSignal): Promise<ChunkValues>;
  lookAtDatabase(collectionId: string, target: UpsertTarget, signal: AbortSignal): Promise<DatabaseLook>;
  upsertCollection(
    collectionId: string,
    target: UpsertTarget,
    selection: UpsertSelection,
    signal: AbortSignal,
    progress: (progress: UpsertProgress) => void,
  ): Promise<UpsertReport>;
  removeLeftOver(collectionId: string, target: UpsertTarget, signal: AbortSignal): Promise<number>;
  /**
   * As the global fetch, but answered by this page: hand it to an OpenAI client as its `fetch`. Of the address only
   * the path counts.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** One request of the API as another door has received it. Its body is transferred: the caller has it no more. */
  fetchWire(request: WireRequest, signal: AbortSignal): Promise<WireResponse>;
  /** Asks the browser not to throw the data away; true when it agrees. */
  persist(): Promise<boolean>;
}

type RemoteApi = Comlink.Remote<WorkspaceApi & ImportsApi & Comlink.ProxyMarked>;

/** Files that cross to the worker at once: copying a File costs the page some 0.1 ms of its time. */
const SLICE = 100;

/** Deaths of the workspace worker within a minute after which the page asks to be reloaded. */
const RESTARTS = 3;
const RESTART_WINDOW_MS = 60_000;

/** Starts the workspace worker; when it dies, another one takes over from what is stored. */
export function connectWorkspace(): WorkspaceClient {
  const listeners = new Set<(event: WorkspaceEvent) => void>();
  const emit = (event: WorkspaceEvent) => {
    for (const listener of listeners) listener(event);
  };
  const deaths: number[] = [];
  let host: WorkerHost<WorkspaceHost>;
  let api: Promise<RemoteApi>;

  function start() {
    const started = hostWorker<WorkspaceHost>(
      'workspace',
      () =>
        new Worker(new URL('./workspace.worker.ts', import.meta.url), {
          type: 'module',
          name: 'vecdrop-workspace',
        }),
    );
    host = started;
    const open = started.call(new AbortController().signal, Number.POSITIVE_INFINITY, remote =>
      remote.open(document.baseURI, Comlink.proxy(emit)),
    );
    api = open as Promise<RemoteApi>;
    // Every call that needs it reports the failure; a page that has made none yet must not see it as unhandled.
    api.catch(error => emit({ type: 'blocked', message: (error as Error).message }));
    void started.ended.then(restart);
  }

  function restart() {
    const now = Date.now();
    deaths.push(now);
    if (deaths.filter(at => now - at < RESTART_WINDOW_MS).length > RESTARTS) {
      api = Promise.reject(
        new VecdropError('worker/died', 'Vecdrop stopped several times in a row. Reload the page.'),
      );
      api.catch(() => {});
      emit({
        type: 'blocked',
        message: 'Vecdrop stopped several times in a row. Nothing stored is lost: reload the page.',
      });
      return;
    }
    start();
    emit({ type: 'changed', revision: 0 });
  }

  async function call<R>(
    signal: AbortSignal,
    use: (remote: RemoteApi, abort: MessagePort) => Promise<R>,
  ): Promise<R> {
    const remote = await api;
    return host.call(signal, Number.POSITIVE_INFINITY, (_, abort) => use(remote, abort));
  }

  start();

  const fetchWire = (request: WireRequest, signal: AbortSignal) =>
    call(signal, (remote, abort) => {
      const { body } = request;
      return remote.fetch(
        body ? Comlink.transfer(request, [body]) : request,
        Comlink.transfer(abort, [abort]),
      );
    });

  const withSignals: Pick<WorkspaceClient, Abortable | 'subscribe' | 'persist' | 'fetchWire'> = {
    fetchWire,
    async fetch(input, init) {
      const request = new Request(input, init);
      return responseFromWire(await fetchWire(await requestToWire(request), request.signal));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    addFiles(id, additions, signal, progress) {
      // Files that archives held come on top of those that were handed over.
      let unpacked = 0;
      return inSlices(additions, async (slice, before) => {
        const start = before + unpacked;
        const rest = additions.length - before - slice.length;
        const said = ({ done, total }: AddProgress) => {
          unpacked = start - before + total - slice.length;
          progress({ done: start + done, total: start + total + rest });
        };
        return call(signal, (remote, abort) =>
          remote.addFiles(id, slice, Comlink.transfer(abort, [abort]), Comlink.proxy(said)),
        );
      });
    },
    planRecipe: (id, recipe, signal) =>
      call(signal, (remote, abort) => remote.planRecipe(id, recipe, Comlink.transfer(abort, [abort]))),
    likenessFacts: (id, signal) =>
      call(signal, (remote, abort) => remote.likenessFacts(id, Comlink.transfer(abort, [abort]))),
    exportCollection: (id, options, signal, progress) =>
      call(signal, (remote, abort) =>
        remote.exportCollection(id, options, Comlink.transfer(abort, [abort]), Comlink.proxy(progress)),
      ),
    exportToFile: (id, options, target, signal, progress) =>
      call(signal, (remote, abort) =>
        remote.exportToFile(id, options, target, Comlink.transfer(abort, [abort]), Comlink.proxy(progress)),
      ),
    lookAtImport: (files, signal) =>
      call(
        signal,
        async (remote, abort): Promise<ImportLook> =>
          remote.lookAtImport(files, Comlink.transfer(abort, [abort])),
      ),
    checkTable: (files, mapping, target, signal) =>
      call(signal, (remote, abort) =>
        remote.checkTable(files, mapping, target, Comlink.transfer(abort, [abort])),
      ),
    checkVectors: (files, mapping, target, signal) =>
      call(signal, (remote, abort) =>
        remote.checkVectors(files, mapping, target, Comlink.transfer(abort, [abort])),
      ),
    importTable: (files, mapping, target, signal, progress) =>
      call(signal, (remote, abort) =>
        remote.importTable(files, mapping, target, Comlink.transfer(abort, [abort]), Comlink.proxy(progress)),
      ),
    importArchive: (file, target, signal, progress) =>
      call(signal, (remote, abort) =>
        remote.importArchive(file, target, Comlink.transfer(abort, [abort]), Comlink.proxy(progress)),
      ),
    previewChunks: (id, recipe, most, signal, progress) =>
      call(
        signal,
        async (remote, abort): Promise<Preview> =>
          remote.previewChunks(id, recipe, most, Comlink.transfer(abort, [abort]), Comlink.proxy(progress)),
      ),
    async lookInto(files, signal, progress) {
      const looks: Look[] = [];
      for (let at = 0; at < files.length; at += SLICE) {
        const slice = files.slice(at, at + SLICE);
        const said = (done: number) => progress(at + done);
        looks.push(
          ...(await call(signal, (remote, abort) =>
            remote.lookInto(slice, Comlink.transfer(abort, [abort]), Comlink.proxy(said)),
          )),
        );
      }
      return looks;
    },
    repoFiles: (repo, signal) =>
      call(signal, (remote, abort) => remote.repoFiles(repo, Comlink.transfer(abort, [abort]))),
    remoteModels: (endpoint, signal) =>
      call(signal, (remote, abort) => remote.remoteModels(endpoint, Comlink.transfer(abort, [abort]))),
    addRemoteModel: (endpoint, model, contextLength, signal) =>
      call(signal, (remote, abort) =>
        remote.addRemoteModel(endpoint, model, contextLength, Comlink.transfer(abort, [abort])),
      ),
    testEngines: (modelId, signal) =>
      call(signal, (remote, abort) => remote.testEngines(modelId, Comlink.transfer(abort, [abort]))),
    mapPoints: (id, projection, signal, progress) =>
      call(signal, (remote, abort) =>
        remote.mapPoints(id, projection, Comlink.transfer(abort, [abort]), Comlink.proxy(progress)),
      ),
    search: (id, query, signal, early) =>
      call(signal, (remote, abort) =>
        early
          ? remote.search(id, query, Comlink.transfer(abort, [abort]), Comlink.proxy(early))
          : remote.search(id, query, Comlink.transfer(abort, [abort])),
      ),
    similar: (place, limit, signal) =>
      call(signal, (remote, abort) => remote.similar(place, limit, Comlink.transfer(abort, [abort]))),
    searchScores: (id, query, signal) =>
      call(signal, (remote, abort) => remote.searchScores(id, query, Comlink.transfer(abort, [abort]))),
    lookAtDatabase: (id, target, signal) =>
      call(signal, (remote, abort) => remote.lookAtDatabase(id, target, Comlink.transfer(abort, [abort]))),
    upsertCollection: (id, target, selection, signal, progress) =>
      call(signal, (remote, abort) =>
        remote.upsertCollection(
          id,
          target,
          selection,
          Comlink.transfer(abort, [abort]),
          Comlink.proxy(progress),
        ),
      ),
    removeLeftOver: (id, target, signal) =>
      call(signal, (remote, abort) => remote.removeLeftOver(id, target, Comlink.transfer(abort, [abort]))),
    persist: () => navigator.storage.persist(),
  };

  // The rest of the methods cross as they are.
  return new Proxy(withSignals as WorkspaceClient, {
    get(target, name, receiver) {
      if (Reflect.has(target, name) || typeof name === 'symbol' || name === 'then')
        return Reflect.get(target, name, receiver);
      return (...args: unknown[]) =>
        call(
          new AbortController().signal,
          remote =>
            (remote as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[name]?.(
              ...args,
            ) as Promise<unknown>,
        );
    },
  });
}

/** Adds files slice by slice, and sums up what became of them. */
async function inSlices(
  additions: readonly Addition[],
  add: (slice: Addition[], before: number) => Promise<AddReport>,
): Promise<AddReport> {
  const sum: AddReport = {
    added: 0,
    unchanged: 0,
    changed: 0,
    renamed: [],
    failed: [],
    models: [],
    binary: { files: 0, of: [] },
  };
  // The files of a split model belong together: models are no matter of thousands.
  const isModel = ({ path }: Addition) => path.toLowerCase().endsWith('.gguf');
  const slices = [additions.filter(isModel)];
  const files = additions.filter(addition => !isModel(addition));
  for (let at = 0; at < files.length; at += SLICE) slices.push(files.slice(at, at + SLICE));
  let before = 0;
  for (const slice of slices) {
    if (slice.length === 0) continue;
    const { added, unchanged, changed, renamed, failed, models, binary } = await add(slice, before);
    before += slice.length;
    sum.added += added;
    sum.unchanged += unchanged;
    sum.changed += changed;
    sum.renamed.push(...renamed);
    sum.failed.push(...failed);
    sum.models.push(...models);
    sum.binary.files += binary.files;
    sum.binary.of.push(...binary.of);
  }
  return sum;
}
