import { VecdropError } from '../domain/errors.ts';
import { wait } from '../rpc/wait.ts';
import { Lost } from './response.ts';

const TRIES = 5;
const FIRST_PAUSE_MS = 1_000;

export interface RetryOptions {
  signal: AbortSignal;
  /** Tries in a row that may bring nothing new. */
  tries?: number;
  /** How far the work is: only what passes the furthest so far counts as progress. */
  progress?: () => number;
  /** A try has failed and another follows: why, in a sentence. */
  onRetry?: ((sentence: string) => void) | undefined;
  /** Waits before another try. */
  pause?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/**
 * Does work again while it throws Lost, each time after a longer pause. Rejects with 'download/waiting' where that does
 * not help, AbortError, and with whatever else the work throws.
 */
export async function retrying<R>(
  work: () => Promise<R>,
  { signal, tries = TRIES, progress = () => 0, onRetry, pause = wait }: RetryOptions,
): Promise<R> {
  let furthest = progress();
  for (let failures = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Lost)) throw error;
      failures = progress() > furthest ? 1 : failures + 1;
      furthest = Math.max(furthest, progress());
      if (failures >= tries) {
        throw new VecdropError('download/waiting', `${error.message} Resume to try again.`, error.cause);
      }
      onRetry?.(`${error.message} Trying again.`);
      await pause(FIRST_PAUSE_MS * 2 ** (failures - 1), signal);
    }
  }
}
