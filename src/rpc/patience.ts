import { wait as waitFor } from './wait.ts';

/** A failure of another server that may pass by itself: too many requests, a start, a connection that was lost. */
export class Passing extends Error {
  /** As the server asked, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** For a person, where waiting has not helped. */
  readonly sentence: string;

  constructor(sentence: string, retryAfterMs?: number, cause?: unknown) {
    super(sentence, { cause });
    this.sentence = sentence;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Waits before the second try, the third, … in milliseconds; a server's Retry-After counts instead where it is given. */
const WAITS = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/** A server that asks for more is not waited for: a person is told. */
const LONGEST_WAIT = 120_000;

export interface PatienceOptions {
  signal: AbortSignal;
  /** What is thrown where waiting has not helped. */
  giveUp: (failure: Passing) => Error;
  /** How often it is tried again; as often as there are waits where absent, for about a minute. */
  retries?: number | undefined;
  wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Does work again while it throws Passing, each time after a longer wait. Rejects with AbortError, and whatever else the work throws. */
export async function patiently<R>(
  work: () => Promise<R>,
  { signal, giveUp, retries = WAITS.length, wait = waitFor }: PatienceOptions,
): Promise<R> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      const ms = error.retryAfterMs ?? WAITS[tries];
      if (ms === undefined || tries >= retries || ms > LONGEST_WAIT) throw giveUp(error);
      // Those that were turned away together must not come back together.
      await wait(ms * (1 + Math.random() / 4), signal);
    }
  }
}

/** Retry-After, seconds or a date (RFC 9110, 10.2.3), in milliseconds from now. */
export function retryAfterMs(header: string | null): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
