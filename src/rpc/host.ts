import * as Comlink from 'comlink';
import { VecdropError } from '../domain/errors.ts';
import { portOf } from './abort-port.ts';
import type { AliveMessage } from './serve.ts';

/** A worker behind Comlink whose every call settles: by its answer, an abort, a deadline or the worker's death. */
export interface WorkerHost<T> {
  /**
   * Runs one call. `use` gets the remote object and a port to pass on (as an argument of its own; it is
   * transferred) where the method takes one.
   * Rejects with AbortError, 'worker/timeout', 'worker/died', 'worker/start', or what the method threw.
   * An abort or a deadline settles this promise only: a worker inside a synchronous loop must be terminated.
   */
  call<R>(
    signal: AbortSignal,
    deadlineMs: number,
    use: (remote: Comlink.Remote<T>, abort: MessagePort) => Promise<R>,
  ): Promise<R>;
  readonly alive: boolean;
  /** Settles when the worker has ended, however it ended. */
  readonly ended: Promise<void>;
  terminate(): void;
}

/** Starts a worker that calls `serve`. `label` names it in errors. */
export function hostWorker<T>(label: string, create: () => Worker): WorkerHost<T> {
  const worker = create();
  const remote = Comlink.wrap<T>(worker);
  let alive = true;
  // A set, not a promise that every call would hang a reaction on for the worker's whole life.
  const onDeath = new Set<(reason: VecdropError) => void>();
  let served = false;
  let death: VecdropError | undefined;
  let settleEnded = () => {};
  const ended = new Promise<void>(resolve => {
    settleEnded = resolve;
  });
  let settleAnnounced = () => {};
  const announced = new Promise<void>(resolve => {
    settleAnnounced = resolve;
  });
  const end = (cause?: string) => {
    if (!alive) return;
    alive = false;
    death = served
      ? new VecdropError('worker/died', `The ${label} stopped unexpectedly. Try again.`, cause)
      : new VecdropError('worker/start', `The ${label} could not be started. Reload the page.`, cause);
    for (const notify of onDeath) notify(death);
    settleEnded();
  };

  worker.addEventListener('message', ({ data }: MessageEvent<Partial<AliveMessage> | undefined>) => {
    // Granted only when the worker that holds it is gone.
    if (!data?.aliveLock) return;
    served = true;
    void navigator.locks.request(data.aliveLock, () => end());
    settleAnnounced();
  });
  worker.addEventListener('error', event => {
    event.preventDefault();
    worker.terminate();
    end(event.message);
  });

  async function call<R>(
    signal: AbortSignal,
    deadlineMs: number,
    use: (remote: Comlink.Remote<T>, abort: MessagePort) => Promise<R>,
  ): Promise<R> {
    signal.throwIfAborted();
    if (death) throw death;
    const { port, release } = portOf(signal);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let onAbort = () => {};
    let onEnd: (reason: VecdropError) => void = () => {};
    const interruption = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      if (Number.isFinite(deadlineMs)) {
        timer = setTimeout(() => {
          reject(
            new VecdropError(
              'worker/timeout',
              `The ${label} gave no answer within ${Math.round(deadlineMs / 1000)} seconds. Try again.`,
            ),
          );
        }, deadlineMs);
      }
      onEnd = reject;
      onDeath.add(onEnd);
    });
    try {
      // A worker that dies of its first call is noticed only if its lock was known before.
      await Promise.race([announced, interruption]);
      return await Promise.race([use(remote, Comlink.transfer(port, [port])), interruption]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      onDeath.delete(onEnd);
      release();
    }
  }

  return {
    call,
    get alive() {
      return alive;
    },
    ended,
    terminate() {
      worker.terminate();
      end();
    },
  };
}
