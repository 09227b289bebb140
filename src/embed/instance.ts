import { transfer } from 'comlink';
import type { WorkerHost } from '../rpc/host.ts';
import type { EmbedApi, EngineSettings, EngineText, OpenedEngine, Share } from './embed-api.ts';
import { callDeadlineMs, LOAD_MS } from './limits.ts';

/** Beyond the engine's own deadlines, for a worker that cannot even tell. */
const GRACE_MS = 10_000;
/** How long a worker may go on with the text it is in when its call was aborted. */
const DRAIN_MS = 10_000;

/** One embed worker as the pool sees it: every call has its deadline. */
export interface Instance {
  open(gguf: Blob | Blob[], settings: EngineSettings, share?: Share): Promise<OpenedEngine>;
  /** Row-major vectors of the texts. Rejects at once on an abort, a deadline or the worker's death. */
  embed(texts: readonly EngineText[], signal: AbortSignal): Promise<Float32Array>;
  /** After a call that was aborted: true once the worker is free again, false when it has to be replaced. */
  drained(): Promise<boolean>;
  readonly ended: Promise<void>;
  terminate(): void;
}

/** Wraps a worker's host with the deadlines of its calls. */
export function instanceOf(host: WorkerHost<EmbedApi>): Instance {
  const never = new AbortController().signal;
  let answered: Promise<unknown> = Promise.resolve();
  return {
    ended: host.ended,
    terminate: () => host.terminate(),
    open: (gguf, settings, share) =>
      host.call(never, LOAD_MS + GRACE_MS, remote => remote.open(gguf, settings, share)),
    embed(texts, signal) {
      const deadline = texts.reduce((sum, text) => sum + callDeadlineMs(text.length), GRACE_MS);
      return host.call(signal, deadline, (remote, abort) => {
        const call = remote.embed([...texts], transfer(abort, [abort]));
        answered = call.catch(() => {});
        return call;
      });
    },
    async drained() {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<boolean>(resolve => {
        timer = setTimeout(resolve, DRAIN_MS, false);
      });
      const free = await Promise.race([answered.then(() => true), host.ended.then(() => false), late]);
      clearTimeout(timer);
      return free && host.alive;
    },
  };
}
