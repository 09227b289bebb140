import { VecdropError } from '../../domain/errors.ts';
import type { ModelInfo } from '../../domain/model.ts';
import type { Vectors } from '../../domain/vectors.ts';
import { abortError } from '../abort-error.ts';
import type { EmbedInput } from '../embedder.ts';
import { normalized } from '../normalize.ts';
import type { Pool } from '../pool.ts';
import { inputError } from '../rejected.ts';
import type { RemoteClient } from './client.ts';
import { fault, Refused } from './faults.ts';

/** A request's texts and tokens at the most. */
const REQUEST_TEXTS = 64;
const REQUEST_TOKENS = 8_192;
/** Requests under way at once. */
const IN_FLIGHT = 4;

interface Job {
  batch: readonly EmbedInput[];
  data: Float32Array;
  left: number;
  controller: AbortController;
  settle(outcome: { error: unknown } | { vectors: Vectors }): void;
}

/** One text that waits for a request. */
interface Item {
  job: Job;
  input: number;
}

/**
 * A model behind an endpoint. Texts of all callers are sent together, as many as a request may hold, while few
 * requests are under way; the fewer wait, the sooner each goes out. Gets texts, never ids: another server may cut
 * them otherwise. Vectors are brought to length 1 here where the recipe says so.
 */
export function createRemotePool(model: ModelInfo, client: RemoteClient, normalize: boolean): Pool {
  const { dimensions } = model;
  const served = model.remote?.model ?? model.name;
  const host = new URL(model.remote?.baseUrl ?? '').host;
  const info = { name: `${host}, ${served}`, instances: 1 };
  const jobs = new Set<Job>();
  let waiting: Item[] = [];
  let flying = 0;
  let closed: Error | undefined;
  let freeWaiters: (() => void)[] = [];

  const tokensOf = ({ job, input }: Item) => job.batch[input]?.ids.length ?? 0;

  function isFree(): boolean {
    return closed !== undefined || waiting.reduce((sum, item) => sum + tokensOf(item), 0) < REQUEST_TOKENS;
  }

  function pump(): void {
    while (!closed && flying < IN_FLIGHT && waiting.length > 0) {
      const items = takeRequest();
      flying += 1;
      void send(items).finally(() => {
        flying -= 1;
        pump();
      });
    }
    if (!isFree()) return;
    for (const wake of freeWaiters) wake();
    freeWaiters = [];
  }

  function takeRequest(): Item[] {
    const items: Item[] = [];
    let tokens = 0;
    for (const item of waiting) {
      tokens += tokensOf(item);
      if (items.length > 0 && (items.length === REQUEST_TEXTS || tokens > REQUEST_TOKENS)) break;
      items.push(item);
    }
    waiting = waiting.slice(items.length);
    return items;
  }

  async function send(items: Item[]): Promise<void> {
    const controller = new AbortController();
    // Texts of several callers: it ends when none of them wants it any more.
    const signals = [...new Set(items.map(({ job }) => job.controller.signal))];
    const check = () => signals.every(({ aborted }) => aborted) && controller.abort();
    for (const signal of signals) signal.addEventListener('abort', check);
    check();
    try {
      const texts = items.map(({ job, input }) => job.batch[input]?.text ?? '');
      const rows = await client.embed(served, texts, controller.signal);
      for (const [i, item] of items.entries()) accept(item, rows[i] as Float32Array);
    } catch (error) {
      if (error instanceof Refused) refuse(items, error);
      else for (const job of new Set(items.map(item => item.job))) job.settle({ error });
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', check);
    }
  }

  function accept({ job, input }: Item, row: Float32Array): void {
    if (row.length !== dimensions) {
      const error = new VecdropError(
        'model/changed',
        `${host} gives vectors of ${row.length} dimensions, where “${model.name}” had ${dimensions}. It serves another model now: serve the former one again, or add this one.`,
      );
      job.settle({ error });
      return;
    }
    job.data.set(normalize ? normalized(row) : row, input * dimensions);
    job.left -= 1;
    if (job.left === 0) job.settle({ vectors: { data: job.data, dimensions } });
  }

  /** One text may be at fault: the halves are sent again, until it is known which. */
  function refuse(items: Item[], error: Refused): void {
    const [{ job, input } = {}] = items;
    if (items.length === 1 && job && input !== undefined) {
      job.settle({ error: inputError('chunk/rejected', input, error.message, error) });
      return;
    }
    const half = Math.ceil(items.length / 2);
    for (const part of [items.slice(0, half), items.slice(half)]) {
      flying += 1;
      void send(part.filter(item => jobs.has(item.job))).finally(() => {
        flying -= 1;
        pump();
      });
    }
  }

  return {
    model,
    info,
    ready: Promise.resolve(),
    whole: async () => {},
    resize: () => {},
    whenFree: () => (isFree() ? Promise.resolve() : new Promise(resolve => freeWaiters.push(resolve))),
    embed: (batch, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(abortError(signal));
        if (closed) return reject(closed);
        const data = new Float32Array(batch.length * dimensions);
        if (batch.length === 0) return resolve({ data, dimensions });
        const abort = () => job.settle({ error: abortError(signal) });
        const job: Job = {
          batch,
          data,
          left: batch.length,
          controller: new AbortController(),
          settle(outcome) {
            if (!jobs.delete(job)) return;
            signal.removeEventListener('abort', abort);
            waiting = waiting.filter(item => item.job !== job);
            if ('vectors' in outcome) return resolve(outcome.vectors);
            job.controller.abort();
            reject(outcome.error instanceof Error ? outcome.error : fault(String(outcome.error)));
          },
        };
        signal.addEventListener('abort', abort, { once: true });
        jobs.add(job);
        waiting.push(...batch.map((_, input) => ({ job, input })));
        pump();
      }),
    async close() {
      closed = new DOMException('The embedding engine was closed.', 'AbortError');
      for (const job of jobs) job.settle({ error: closed });
      pump();
    },
  };
}
