import type { EngineChoice, EngineId, EngineReport } from '../domain/engine.ts';
import { isAbort } from '../domain/errors.ts';
import type { ModelInfo } from '../domain/model.ts';
import { isSane, leastCosine } from './compare.ts';
import type { EmbedInput } from './embedder.ts';
import type { EngineFactory, Machine, StartOptions } from './engine-factory.ts';
import type { Pool } from './pool.ts';
import type { Samples } from './samples.ts';

/** The engine whose vectors the others are compared with, and that serves where none is better. */
export const REFERENCE: EngineId = 'wllama-cpu';

/** Engines are timed with texts of so many tokens, the length of a chunk, … */
const TIMED_TOKENS = 128;
/** … until so long has passed. */
const TIMED_MS = 200;
/**
 * On a busy machine two timings of one engine differ by half. Below this factor the engine that is listed first is
 * taken: the same one each time, so that the same files get the same bits.
 */
const CLEARLY = 2;

export interface TestOptions {
  model: ModelInfo;
  machine: Machine;
  factories: readonly EngineFactory[];
  samples: Samples;
  /** What to start an engine with. */
  startOptions: (factory: EngineFactory) => Promise<StartOptions>;
  /** The reference's pool, where it runs already; it is left running. */
  running?: Pool | undefined;
  /** Where vectors are shipped, the first engine that is right ends the test: the others are not even loaded. */
  firstRight?: boolean;
  /** Runs what is timed with nothing else under way. */
  exclusively?: <R>(work: () => Promise<R>) => Promise<R>;
}

/** What one engine did with the samples. */
interface Trial {
  vectors: Float32Array;
  tokensPerSecond: number;
  name: string;
}

/**
 * Embeds known texts with every engine that could serve a model, one engine after the other, compares the vectors
 * with the shipped ones or else the CPU's, and times them with as many instances as would serve.
 * Rejects with AbortError, or with what keeps the reference itself from running.
 */
export async function testEngines(options: TestOptions, signal: AbortSignal): Promise<EngineReport[]> {
  const { factories, samples, running } = options;
  const reports: EngineReport[] = [];
  if (options.firstRight && samples.expected) {
    for (const factory of factories) {
      const report = await reportOf(factory, options, samples.expected, signal);
      reports.push(report);
      if (report.outcome === 'right') break;
    }
    return reports;
  }
  const reference = factories.find(({ id }) => id === REFERENCE);
  if (!reference) throw new Error('There is no reference engine.');
  const known = running
    ? await tried(running, options, reference, signal)
    : await started(reference, options, signal);
  for (const factory of factories) {
    const trial = factory === reference ? known : undefined;
    reports.push(await reportOf(factory, options, samples.expected ?? known.vectors, signal, trial));
  }
  return reports;
}

async function reportOf(
  factory: EngineFactory,
  options: TestOptions,
  expected: Float32Array,
  signal: AbortSignal,
  done?: Trial,
): Promise<EngineReport> {
  const { id: engine, name } = factory;
  const { model, machine, samples } = options;
  try {
    const there = await factory.available(model, machine);
    signal.throwIfAborted();
    if (there !== true) return { engine, name, outcome: 'absent', reason: there };
    const trial = done ?? (await started(factory, options, signal));
    const report = { engine, name: trial.name, tokensPerSecond: trial.tokensPerSecond };
    if (!isSane(trial.vectors, model.dimensions) || trial.vectors.length !== expected.length) {
      return { ...report, outcome: 'wrong', reason: 'It gave vectors that are not of finite numbers.' };
    }
    // The reference without shipped vectors has nothing to be compared with.
    if (expected === trial.vectors) return { ...report, outcome: 'right' };
    const cosine = leastCosine(trial.vectors, expected, model.dimensions);
    const right = cosine >= factory.leastCosine;
    const reason = `Its vectors are wrong: a cosine of ${cosine.toFixed(4)} with ${samples.expected ? 'the model’s own' : 'the CPU’s'}, where ${factory.leastCosine} is due.`;
    return { ...report, cosine, outcome: right ? 'right' : 'wrong', ...(right ? {} : { reason }) };
  } catch (error) {
    if (signal.aborted || isAbort(error)) throw error;
    return {
      engine,
      name,
      outcome: 'failed',
      reason: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Starts an engine for its trial, and ends it after. */
async function started(factory: EngineFactory, options: TestOptions, signal: AbortSignal): Promise<Trial> {
  const startOptions = await options.startOptions(factory);
  signal.throwIfAborted();
  const pool = factory.start(startOptions);
  const abort = () => void pool.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await pool.ready;
    return await tried(pool, options, factory, signal);
  } finally {
    signal.removeEventListener('abort', abort);
    await pool.close();
    signal.throwIfAborted();
  }
}

async function tried(
  pool: Pool,
  { model, samples, exclusively = work => work() }: TestOptions,
  factory: EngineFactory,
  signal: AbortSignal,
): Promise<Trial> {
  await pool.whole();
  return exclusively(async () => {
    const { data } = await pool.embed(samples.inputs, signal);
    const tokensPerSecond = await timed(pool, timedText(model, samples), signal);
    return { vectors: data, tokensPerSecond, name: pool.info.name || factory.name };
  });
}

/** A text of the length of a chunk, of the longest sample's words over and over. */
function timedText({ contextLength }: ModelInfo, { inputs }: Samples): EmbedInput {
  const [longest] = inputs.toSorted((a, b) => b.ids.length - a.ids.length);
  const from = longest?.ids ?? Int32Array.of(0);
  const length = Math.min(TIMED_TOKENS, contextLength);
  const times = Math.max(1, Math.floor(length / from.length));
  return {
    text: Array.from({ length: times }, () => longest?.text).join(' '),
    ids: Int32Array.from({ length }, (_, at) => from[at % from.length] ?? 0),
  };
}

/** Tokens a second, over all of the pool's instances. */
async function timed(pool: Pool, text: EmbedInput, signal: AbortSignal): Promise<number> {
  const began = performance.now();
  let tokens = 0;
  for (;;) {
    // A call an instance: together they would be one.
    await Promise.all(
      Array.from({ length: Math.max(1, pool.info.instances) }, () => pool.embed([text], signal)),
    );
    tokens += text.ids.length * Math.max(1, pool.info.instances);
    const ms = performance.now() - began;
    if (ms >= TIMED_MS) return (tokens / ms) * 1000;
  }
}

/**
 * The engine that a model gets: the fastest of those that are right, or the one that a person chose unless it is
 * wrong. Every report but that of the one taken says why not.
 */
export function choose(reports: readonly EngineReport[], wanted: EngineId | 'auto'): EngineChoice {
  const right = reports.filter(({ outcome }) => outcome === 'right');
  const most = Math.max(...right.map(({ tokensPerSecond = 0 }) => tokensPerSecond));
  const fastest = right.find(({ tokensPerSecond = 0 }) => tokensPerSecond * CLEARLY >= most);
  const chosen = wanted === 'auto' ? undefined : right.find(({ engine }) => engine === wanted);
  const taken = (chosen ?? fastest)?.engine ?? REFERENCE;
  const by = reports.find(({ engine }) => engine === taken);
  return {
    taken,
    overruled: chosen !== undefined && chosen !== fastest,
    reports: reports.map(report => {
      const { reason, ...rest } = report;
      if (report.engine === taken) return rest;
      return { ...rest, reason: report.outcome === 'right' ? whyNot(report, by) : (reason ?? '') };
    }),
  };
}

function whyNot({ tokensPerSecond = 0 }: EngineReport, taken: EngineReport | undefined): string {
  const rates = `${Math.round(tokensPerSecond)} tokens/s against ${Math.round(taken?.tokensPerSecond ?? 0)}`;
  return tokensPerSecond > (taken?.tokensPerSecond ?? 0)
    ? `Right, and faster (${rates}), but another was preferred.`
    : `Right, but slower: ${rates}.`;
}
