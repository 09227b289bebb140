import * as Comlink from 'comlink';
import { VecdropError } from '../domain/errors.ts';
import type { Look } from '../domain/folder.ts';
import { portOf } from '../rpc/abort-port.ts';
import { hostWorker, type WorkerHost } from '../rpc/host.ts';
import { requestToWire, responseFromWire, type WireRequest, type WireResponse } from '../rpc/wire.ts';
import type {
  AbortPort,
  Addition,
  AddProgress,
  AddReport,
  WorkspaceApi,
  WorkspaceEvent,
  WorkspaceHost,
} from './api.ts';

/** Arguments as the page has them: an AbortSignal where the workspace takes a port to abort by. */
type WithSignals<Arguments extends unknown[]> = {
  [At in keyof Arguments]: Arguments[At] extends AbortPort ? AbortSignal : Arguments[At];
};

type Signalled<Api> = {
  [Name in keyof Api]: Api[Name] extends (...args: infer Arguments) => infer Answer
    ? (...args: WithSignals<Arguments>) => Answer
    : never;
};

/** The workspace as the page has it: AbortSignals for ports, and events. Every call settles, even if the worker dies. */
export interface WorkspaceClient extends Signalled<Omit<WorkspaceApi, 'fetch'>> {
  subscribe(listener: (event: WorkspaceEvent) => void): () => void;
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

type RemoteApi = Comlink.Remote<WorkspaceApi & Comlink.ProxyMarked>;

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

  /** A call that settles as the worker says, aborted or not: only the worker knows whether it was too late. */
  async function callToItsEnd<R>(
    signal: AbortSignal,
    use: (remote: RemoteApi, abort: MessagePort) => Promise<R>,
  ): Promise<R> {
    signal.throwIfAborted();
    const { port, release } = portOf(signal);
    return call(new AbortController().signal, remote => use(remote, port)).finally(release);
  }

  const own: Pick<
    WorkspaceClient,
    | 'addFiles'
    | 'lookInto'
    | 'importTable'
    | 'importArchive'
    | 'fetch'
    | 'fetchWire'
    | 'subscribe'
    | 'persist'
  > = {
    fetchWire,
    importTable: (files, mapping, target, signal, progress) =>
      callToItsEnd(signal, (remote, abort) =>
        remote.importTable(files, mapping, target, Comlink.transfer(abort, [abort]), Comlink.proxy(progress)),
      ),
    importArchive: (file, target, signal, progress) =>
      callToItsEnd(signal, (remote, abort) =>
        remote.importArchive(file, target, Comlink.transfer(abort, [abort]), Comlink.proxy(progress)),
      ),
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
    persist: () => navigator.storage.persist(),
  };

  // The rest of the methods cross by one rule: a signal as a port, what the worker may call as a proxy.
  return new Proxy(own as WorkspaceClient, {
    get(target, name, receiver) {
      if (Reflect.has(target, name) || typeof name === 'symbol' || name === 'then')
        return Reflect.get(target, name, receiver);
      return (...args: unknown[]) => {
        const given = args.find(arg => arg instanceof AbortSignal);
        return call(given ?? new AbortController().signal, async (remote, abort): Promise<unknown> => {
          const method = (remote as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[
            name
          ];
          return method?.(...args.map(arg => crossing(arg, abort)));
        });
      };
    },
  });
}

function crossing(arg: unknown, abort: MessagePort): unknown {
  if (arg instanceof AbortSignal) return Comlink.transfer(abort, [abort]);
  return typeof arg === 'function' ? Comlink.proxy(arg) : arg;
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
