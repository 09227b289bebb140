import { errorCode, toVecdropError, VecdropError } from '../domain/errors.ts';
import type { ModelInfo, Pooling } from '../domain/model.ts';
import type { Vectors } from '../domain/vectors.ts';
import type { WorkerHost } from '../rpc/host.ts';
import { abortError } from './abort-error.ts';
import { toCalls } from './calls.ts';
import type { EmbedApi, EngineSettings, EngineText } from './embed-api.ts';
import type { Embedder, EmbedInput, EmbedOptions, EngineInfo } from './embedder.ts';
import { type Instance, instanceOf } from './instance.ts';
import { createPlaces, type Place } from './places.ts';
import { inputError } from './rejected.ts';

/** Deaths on one text, and deaths while loading, after which it is given up. */
const DEATHS = 3;

/** Put before every instance's first call; when it throws, the instance does not serve. */
export type PoolCheck = (embed: (texts: readonly EngineText[]) => Promise<Float32Array>) => Promise<void>;

export interface PoolOptions {
  model: ModelInfo;
  /** The parts of a split model in order. */
  gguf: Blob | Blob[];
  pooling: Pooling;
  normalize: boolean;
  /** Tokens a text at the most; the model's own context where absent. */
  contextLength?: number;
  /** Engines get the texts themselves, not our ids. */
  asText?: boolean;
  /** Instances at the most; fewer when the memory does not suffice. */
  size: number;
  /** What else the engines are set to. */
  settings?: Pick<EngineSettings, 'device' | 'threads'>;
  check?: PoolCheck | undefined;
  onInfo?: ((info: EngineInfo) => void) | undefined;
  /** Instances share one memory with the weights; else each has a copy. */
  shares?: boolean;
  /** Starts a worker with the engine. */
  startHost: () => WorkerHost<EmbedApi>;
}

/**
 * A pool of one-thread engines. `embed` may be called any number of times at once: batches are cut into calls of
 * about a second, first come first served but for those that go ahead. To keep every instance busy with little in flight, give it batches of one
 * call (up to CALL_TOKENS) and wait for `whenFree` before the next.
 * A failure that one text caused tells which: see rejectedInput.
 */
export interface Pool extends Embedder {
  readonly info: EngineInfo;
  /** Settles when the first instance serves; rejects with a 'model/…' error. The others follow by themselves. */
  readonly ready: Promise<void>;
  /** Settles when no instance is loading: as many serve as ever will. */
  whole(): Promise<void>;
  /** Settles when fewer calls wait than instances serve, or when there is no more use in waiting. */
  whenFree(): Promise<void>;
  /** Instances from now on, at the most: those that are too many end when they are idle. */
  resize(size: number): void;
}

interface Job {
  batch: readonly EmbedInput[];
  data: Float32Array;
  /** Inputs without a vector. */
  left: number;
  deaths: Uint8Array;
  /** Of one call, which goes before those of other jobs. */
  ahead: boolean;
  /** Aborts the calls of the job that are under way. */
  controller: AbortController;
  settle(outcome: { error: unknown } | { vectors: Vectors }): void;
}

/** What one instance is given at once: some inputs of one job. */
interface Call {
  job: Job;
  inputs: readonly number[];
}

interface Slot {
  instance: Instance;
  place?: Place | undefined;
  state: 'loading' | 'idle' | 'busy';
}

/** Starts a pool; its first instance loads at once. */
export function createPool(options: PoolOptions): Pool {
  const { model, gguf, pooling, normalize, asText, settings, startHost, onInfo, check } = options;
  const places = options.shares ? createPlaces() : undefined;
  const { dimensions } = model;
  const contextLength = Math.min(options.contextLength ?? model.contextLength, model.contextLength);
  const info: EngineInfo = { name: '', instances: 0 };
  const slots = new Set<Slot>();
  const jobs = new Set<Job>();
  let waiting: Call[] = [];
  let freeWaiters: (() => void)[] = [];
  let wholeWaiters: (() => void)[] = [];
  /** Instances there should be: one until it serves, for two loading at once would both be late. */
  let target = 1;
  let { size } = options;
  let served = false;
  let loadDeaths = 0;
  /** Why there is no more embedding: closed, or the model does not load. */
  let over: Error | undefined;
  let settleReady: (error?: Error) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    settleReady = error => (error ? reject(error) : resolve());
  });
  ready.catch(() => {});

  function start() {
    let slot: Slot;
    try {
      slot = { instance: instanceOf(startHost()), place: places?.take(), state: 'loading' };
    } catch (error) {
      loadFailed(error);
      return;
    }
    slots.add(slot);
    void load(slot).then(
      () => {
        if (over || !slots.has(slot)) return;
        slot.state = 'idle';
        loadDeaths = 0;
        if (!served) {
          served = true;
          target = size;
          settleReady();
          fill();
        }
        pump();
      },
      error => {
        drop(slot);
        loadFailed(error);
      },
    );
    void slot.instance.ended.then(() => {
      // A busy or loading one is missed by its call.
      if (slot.state === 'idle' && slots.has(slot)) {
        drop(slot);
        pump();
      }
    });
  }

  async function load({ instance, place }: Slot) {
    const { quantization } = model;
    const set = { contextLength, dimensions, pooling, normalize, quantization };
    const opened = await instance.open(gguf, { ...settings, ...set }, place?.share);
    info.name = opened.name;
    const never = new AbortController().signal;
    await check?.(texts => instance.embed(texts, never));
    place?.serves(opened.memory);
  }

  function loadFailed(error: unknown) {
    if (over) return;
    const again = errorCode(error) === 'worker/died' && ++loadDeaths < DEATHS;
    if (!again && slots.size > 0) {
      target = slots.size;
      announce();
    } else if (!again) {
      const sentence = 'The model could not be loaded. Close other tabs to free memory and try again.';
      const { code, message } = toVecdropError(error, 'model/load', sentence);
      finish(new VecdropError(code.startsWith('model/') ? code : 'model/load', message, error));
      return;
    }
    fill();
  }

  function fill() {
    while (!over && slots.size < target) start();
  }

  function drop(slot: Slot) {
    if (!slots.delete(slot)) return;
    slot.instance.terminate();
    slot.place?.leave(slot.state === 'idle');
  }

  /** Gives waiting calls to idle instances, and replaces those that are missed. */
  function pump() {
    if (!over) {
      for (const slot of slots) {
        if (slot.state !== 'idle') continue;
        const call = waiting.shift();
        if (!call) break;
        void run(slot, call);
      }
      if (waiting.length > 0) fill();
    }
    announce();
    const serving = Math.max(1, info.instances);
    if (over || waiting.length < serving) {
      for (const wake of freeWaiters) wake();
      freeWaiters = [];
    }
  }

  function isWhole() {
    return served && [...slots].every(({ state }) => state !== 'loading');
  }

  function announce() {
    let instances = 0;
    for (const { state } of slots) if (state !== 'loading') instances++;
    if (over || isWhole()) {
      for (const wake of wholeWaiters) wake();
      wholeWaiters = [];
    }
    if (instances === info.instances) return;
    info.instances = instances;
    onInfo?.({ ...info });
  }

  async function run(slot: Slot, call: Call) {
    const { job, inputs } = call;
    slot.state = 'busy';
    let free = true;
    try {
      const texts = inputs.map(input => {
        const { text, ids } = job.batch[input] as EmbedInput;
        return asText && text !== '' ? text : ids;
      });
      const rows = await slot.instance.embed(texts, job.controller.signal);
      if (rows.length !== inputs.length * dimensions) throw new Error('The engine gave too few vectors.');
      for (const [row, input] of inputs.entries()) {
        job.data.set(rows.subarray(row * dimensions, (row + 1) * dimensions), input * dimensions);
      }
      job.left -= inputs.length;
      if (job.left === 0) job.settle({ vectors: { data: job.data, dimensions } });
    } catch (error) {
      if (job.controller.signal.aborted) free = await slot.instance.drained();
      else {
        free = false;
        again(call, error);
      }
    }
    if (over || !slots.has(slot)) return;
    if (free) slot.state = 'idle';
    if (!free || slots.size > target) drop(slot);
    pump();
  }

  /** A call whose worker was lost is done again: first input by input, so that the one at fault is known. */
  function again({ job, inputs }: Call, error: unknown) {
    for (const input of inputs) job.deaths[input] = (job.deaths[input] ?? 0) + 1;
    const [input = 0] = inputs;
    if (inputs.length === 1 && (job.deaths[input] ?? 0) >= DEATHS) {
      const sentence = 'The embedding engine failed three times on this text. The rest can go on without it.';
      job.settle({ error: inputError('chunk/rejected', input, sentence, error) });
    } else waiting.unshift(...inputs.map(input => ({ job, inputs: [input] })));
  }

  function finish(reason: Error) {
    if (over) return;
    over = reason;
    for (const job of jobs) job.settle({ error: reason });
    for (const slot of slots) drop(slot);
    places?.close();
    settleReady(reason);
    pump();
  }

  /** Behind all that wait, or, where the job goes ahead, behind those that do too. */
  function queue(calls: readonly Call[], { ahead }: Job) {
    const other = ahead ? waiting.findIndex(({ job }) => !job.ahead) : -1;
    waiting.splice(other < 0 ? waiting.length : other, 0, ...calls);
  }

  function embed(
    batch: readonly EmbedInput[],
    signal: AbortSignal,
    options: EmbedOptions = {},
  ): Promise<Vectors> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortError(signal));
      if (over) return reject(over);
      const data = new Float32Array(batch.length * dimensions);
      if (batch.length === 0) return resolve({ data, dimensions });
      const long = batch.findIndex(({ ids }) => ids.length > contextLength);
      if (long >= 0) {
        const sentence = `A text is longer than the ${contextLength} tokens the model reads. Choose a smaller chunk size.`;
        return reject(inputError('chunk/too-long', long, sentence));
      }
      const abort = () => {
        job.settle({ error: abortError(signal) });
        pump();
      };
      const calls = toCalls(batch);
      const job: Job = {
        batch,
        data,
        left: batch.length,
        deaths: new Uint8Array(batch.length),
        ahead: options.ahead === true && calls.length === 1,
        controller: new AbortController(),
        settle(outcome) {
          if (!jobs.delete(job)) return;
          signal.removeEventListener('abort', abort);
          waiting = waiting.filter(call => call.job !== job);
          if ('vectors' in outcome) return resolve(outcome.vectors);
          job.controller.abort();
          reject(outcome.error);
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      jobs.add(job);
      queue(
        calls.map(inputs => ({ job, inputs })),
        job,
      );
      pump();
    });
  }

  fill();
  return {
    model,
    info,
    ready,
    embed,
    whole: () => (over || isWhole() ? Promise.resolve() : new Promise(resolve => wholeWaiters.push(resolve))),
    whenFree: () => {
      if (over || waiting.length < Math.max(1, info.instances)) return Promise.resolve();
      return new Promise(resolve => freeWaiters.push(resolve));
    },
    resize(to) {
      size = to;
      // One loads alone until it serves.
      if (over || !served) return;
      target = size;
      for (const slot of slots) if (slot.state === 'idle' && slots.size > target) drop(slot);
      fill();
      announce();
    },
    async close() {
      finish(new DOMException('The embedding engine was closed.', 'AbortError'));
    },
  };
}
