import type { EngineId } from '../domain/engine.ts';
import type { ModelInfo } from '../domain/model.ts';
import { REFERENCE } from './choose.ts';
import type { EngineInfo } from './embedder.ts';
import type { EngineFactory, EngineRecipe, StartOptions } from './engine-factory.ts';
import { type Fall, guardPool } from './guard.ts';
import type { Pool } from './pool.ts';
import { engineFactories } from './registry.ts';
import type { Samples } from './samples.ts';
import { selfTest } from './self-test.ts';

export interface OpenOptions {
  /** The CPU's where absent. */
  engine?: EngineId | undefined;
  samples: Samples;
  /** Instances of the engine at the most. */
  instances: number;
  /** Instances on the CPU, when it has to serve for another engine; as many where absent. */
  fallbackInstances?: number;
  threads?: number;
  /** Tokens a text at the most; the model's own context where absent. */
  contextLength?: number;
  /** See StartOptions. */
  asText?: boolean;
  onInfo?: (info: EngineInfo) => void;
  /** The engine did not load, or was given up in mid-run; the CPU serves. */
  onFall?: (fall: Fall) => void;
  factories?: readonly EngineFactory[];
}

/**
 * Opens an engine for a model. Resolves when its first instance serves, the others following; an engine that does not
 * load is replaced by the CPU's. Rejects with 'model/load', 'model/corrupt' or 'model/unsupported', or with
 * AbortError; then nothing is left running.
 */
export async function openEngine(
  model: ModelInfo,
  gguf: Blob | Blob[],
  recipe: EngineRecipe,
  signal: AbortSignal,
  options: OpenOptions,
): Promise<Pool> {
  const { engine = REFERENCE, factories = engineFactories, onFall } = options;
  const reference = factoryOf(factories, REFERENCE);
  const factory = factoryOf(factories, engine);
  if (factory !== reference) {
    try {
      return await ready(startWatched(factory, reference, model, gguf, recipe, options), signal);
    } catch (error) {
      signal.throwIfAborted();
      onFall?.({ outcome: 'failed', reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const instances =
    factory === reference ? options.instances : (options.fallbackInstances ?? options.instances);
  return ready(start(reference, model, gguf, recipe, { ...options, instances }), signal);
}

function startWatched(
  factory: EngineFactory,
  reference: EngineFactory,
  model: ModelInfo,
  gguf: Blob | Blob[],
  recipe: EngineRecipe,
  options: OpenOptions,
): Pool {
  const watched = start(factory, model, gguf, recipe, options);
  if (!factory.watched) return watched;
  const { fallbackInstances = options.instances, onInfo, onFall } = options;
  return guardPool({
    watched,
    startTrusted: heard => start(reference, model, gguf, recipe, { ...options, instances: 1, onInfo: heard }),
    instances: fallbackInstances,
    leastCosine: factory.leastCosine,
    onInfo,
    onFall,
  });
}

function start(
  factory: EngineFactory,
  model: ModelInfo,
  gguf: Blob | Blob[],
  recipe: EngineRecipe,
  options: OpenOptions,
): Pool {
  const { samples, threads = 1 } = options;
  const exact = !factory.watched && threads === 1;
  const { leastCosine } = factory;
  return factory.start({
    ...startOptions(model, gguf, recipe, options),
    check: selfTest(model, recipe, { samples, leastCosine, exact, asText: options.asText === true }),
    onInfo: options.onInfo,
  });
}

/** What an engine is started with, but for its check. */
export function startOptions(
  model: ModelInfo,
  gguf: Blob | Blob[],
  recipe: EngineRecipe,
  {
    instances,
    threads = 1,
    contextLength = model.contextLength,
    asText = false,
  }: Omit<OpenOptions, 'samples'>,
): StartOptions {
  return { model, gguf, recipe, instances, threads, contextLength, asText };
}

async function ready(pool: Pool, signal: AbortSignal): Promise<Pool> {
  const abort = () => void pool.close();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    await pool.ready;
    return pool;
  } catch (error) {
    await pool.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function factoryOf(factories: readonly EngineFactory[], id: EngineId): EngineFactory {
  const factory = factories.find(candidate => candidate.id === id);
  if (!factory) throw new Error(`There is no engine “${id}”.`);
  return factory;
}
