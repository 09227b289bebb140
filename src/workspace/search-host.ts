import type { Remote } from 'comlink';
import { errorCode } from '../domain/errors.ts';
import { hostWorker, type WorkerHost } from '../rpc/host.ts';
import type { SearchService } from './search-service.ts';

/** The search worker: started by the first question, closed when nobody asks for a while, started again by need. */
export interface SearchHost {
  /** One call. A worker that dies of it is replaced, and asked once more. */
  call<R>(
    signal: AbortSignal,
    use: (service: Remote<SearchService>, abort: MessagePort) => Promise<R>,
    deadlineMs?: number,
  ): Promise<R>;
  close(): void;
}

export interface SearchHostOptions {
  startWorker?: () => Worker;
  /** The database's name, for tests. */
  database?: string;
  idleMs?: number;
  /** Told what the indexes hold now: after each answer, and 0 when they are gone. */
  onBytes?: (bytes: number) => void;
}

/** Its indexes are read again in a moment; their memory is the page's until then. */
const IDLE_MS = 5 * 60_000;
const DEADLINE_MS = 60_000;

const newWorker = () =>
  new Worker(new URL('./search.worker.ts', import.meta.url), { type: 'module', name: 'vecdrop-search' });

export function createSearchHost({
  startWorker = newWorker,
  database,
  idleMs = IDLE_MS,
  onBytes = () => {},
}: SearchHostOptions = {}): SearchHost {
  let running: { host: WorkerHost<SearchService>; opened: Promise<void> } | undefined;
  let calls = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    running?.host.terminate();
    running = undefined;
    onBytes(0);
  }

  /** Nobody asked for a while. */
  async function rest(): Promise<void> {
    const resting = running;
    if (!resting) return;
    const never = new AbortController().signal;
    await resting.host.call(never, DEADLINE_MS, service => service.save()).catch(() => {});
    if (calls === 0 && running === resting) stop();
  }

  function start() {
    if (running?.host.alive) return running;
    const host = hostWorker<SearchService>('search', startWorker);
    const never = new AbortController().signal;
    const opened = host.call(never, DEADLINE_MS, remote => remote.open(database));
    // Whoever asks is told; a worker that could not open is of no use to the next.
    opened.catch(() => {
      if (running?.host === host) stop();
    });
    void host.ended.then(() => {
      if (running?.host === host) onBytes(0);
    });
    running = { host, opened };
    return running;
  }

  async function once<R>(
    signal: AbortSignal,
    use: (service: Remote<SearchService>, abort: MessagePort) => Promise<R>,
    deadlineMs: number,
  ): Promise<R> {
    const { host, opened } = start();
    await opened;
    const answer = await host.call(signal, deadlineMs, use);
    // Nobody waits for it, and the next answer tells it again.
    host
      .call(new AbortController().signal, DEADLINE_MS, service => service.bytes())
      .then(
        bytes => running?.host === host && onBytes(bytes),
        () => {},
      );
    return answer;
  }

  return {
    async call(signal, use, deadlineMs = DEADLINE_MS) {
      clearTimeout(timer);
      calls += 1;
      try {
        return await once(signal, use, deadlineMs).catch(error => {
          if (errorCode(error) !== 'worker/died') throw error;
          return once(signal, use, deadlineMs);
        });
      } catch (error) {
        // It may hang in a loop.
        if (errorCode(error) === 'worker/timeout') stop();
        throw error;
      } finally {
        calls -= 1;
        if (calls === 0) timer = setTimeout(rest, idleMs);
      }
    },
    close: stop,
  };
}
