import { errorCode, isAbort } from '../domain/errors.ts';
import type { Vectors } from '../domain/vectors.ts';
import { cosine, isSane, rowOf } from './compare.ts';
import type { EmbedInput, EmbedOptions, EngineInfo } from './embedder.ts';
import type { Pool } from './pool.ts';

/** Calls whose vectors may wait for their check at once. */
const HELD = 8;

/** Why an engine was given up in the middle of its work. */
export interface Fall {
  /** 'wrong' vectors, or none any more. */
  outcome: 'wrong' | 'failed';
  /** With the reference's vector of the text that showed it. */
  cosine?: number;
  reason: string;
}

export interface GuardOptions {
  /** The engine that is not trusted. */
  watched: Pool;
  /** Starts the trusted engine with one instance. Called at the first check. */
  startTrusted: (onInfo: (info: EngineInfo) => void) => Pool;
  /** Instances of the trusted engine once it has to serve alone. */
  instances: number;
  /** How near the two engines' vectors must be. */
  leastCosine: number;
  onInfo?: ((info: EngineInfo) => void) | undefined;
  onFall?: ((fall: Fall) => void) | undefined;
}

/**
 * An engine that may give wrong vectors at any time, under the eyes of one that does not. Its vectors are held back
 * until one text among them, another each time, was embedded by the trusted engine too and came out alike. What
 * waits while a check runs is checked next, by one text for all of it: so the check costs little where the watched
 * engine is much faster, and nothing unchecked gets out. When it is wrong, or is lost, everything held is done again
 * by the trusted engine, which serves alone from then on.
 */
export function guardPool(options: GuardOptions): Pool {
  const { watched, startTrusted, instances, leastCosine, onInfo, onFall } = options;
  const { model } = watched;
  let trusted: Pool | undefined;
  let fallen = false;
  let closed = false;
  let held: { batch: readonly EmbedInput[]; vectors: Vectors; settle(right: boolean): void }[] = [];
  let holding = 0;
  let checking = false;
  let turn = 0;
  let freeWaiters: (() => void)[] = [];

  function reference(): Pool {
    trusted ??= startTrusted(info => {
      if (fallen) onInfo?.(info);
    });
    return trusted;
  }

  function fall(found: Fall): void {
    if (fallen || closed) return;
    fallen = true;
    void watched.close();
    reference().resize(instances);
    onFall?.(found);
    onInfo?.({ ...reference().info });
    wake();
  }

  function wake(): void {
    if (!fallen && !closed && holding >= HELD) return;
    for (const waiter of freeWaiters) waiter();
    freeWaiters = [];
  }

  /** Checks what is held, one window after the other. */
  async function check(): Promise<void> {
    if (checking) return;
    checking = true;
    while (held.length > 0) {
      const window = held;
      held = [];
      const right = !fallen && (await isRight(window));
      for (const { settle } of window) settle(right);
    }
    checking = false;
  }

  async function isRight(window: typeof held): Promise<boolean> {
    const texts = window.flatMap(({ batch, vectors }) =>
      batch.map((input, row) => ({ input, vector: rowOf(vectors.data, row, vectors.dimensions) })),
    );
    const picked = texts[turn++ % texts.length];
    if (!picked) return true;
    try {
      const { data } = await reference().embed([picked.input], new AbortController().signal);
      const found = cosine(picked.vector, data);
      if (found >= leastCosine) return true;
      fall({
        outcome: 'wrong',
        cosine: found,
        reason: `In the middle of the work a vector differed from the CPU’s (cosine ${found.toFixed(4)}); nothing wrong was kept.`,
      });
    } catch (error) {
      // Whether they are right cannot be known: they are done by the trusted engine, or it tells why not.
      if (!isAbort(error))
        fall({ outcome: 'failed', reason: `Its vectors could not be checked: ${sentence(error)}` });
    }
    return false;
  }

  function verdict(batch: readonly EmbedInput[], vectors: Vectors, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      holding += 1;
      held.push({
        batch,
        vectors,
        settle(right) {
          signal.removeEventListener('abort', abort);
          holding -= 1;
          wake();
          resolve(right);
        },
      });
      void check();
    });
  }

  async function watchedVectors(
    batch: readonly EmbedInput[],
    signal: AbortSignal,
    options?: EmbedOptions,
  ): Promise<Vectors | undefined> {
    try {
      const vectors = await watched.embed(batch, signal, options);
      if (fallen) return undefined;
      if (isSane(vectors.data, vectors.dimensions)) return vectors;
      fall({
        outcome: 'wrong',
        reason: 'In the middle of the work it gave vectors that are not of finite numbers.',
      });
    } catch (error) {
      signal.throwIfAborted();
      if (closed || errorCode(error) === 'chunk/too-long') throw error;
      fall({ outcome: 'failed', reason: `It stopped in the middle of the work: ${sentence(error)}` });
    }
    return undefined;
  }

  return {
    model,
    get info() {
      return fallen ? reference().info : watched.info;
    },
    ready: watched.ready,
    whole: () => (fallen ? reference().whole() : watched.whole()),
    async embed(batch, signal, options) {
      if (!fallen && batch.length > 0) {
        const vectors = await watchedVectors(batch, signal, options);
        if (vectors && (await verdict(batch, vectors, signal))) return vectors;
      }
      return reference().embed(batch, signal, options);
    },
    async whenFree() {
      while (!fallen && !closed && holding >= HELD)
        await new Promise<void>(resolve => freeWaiters.push(resolve));
      await (fallen ? reference() : watched).whenFree();
    },
    resize(size) {
      if (fallen) reference().resize(size);
    },
    async close() {
      closed = true;
      wake();
      await Promise.all([watched.close(), trusted?.close()]);
    },
  };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
