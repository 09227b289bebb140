import type { ModelInfo } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import { readGguf } from '../gguf/read.ts';
import type { EngineInfo } from './embedder.ts';
import { EXPANDED_MOST } from './limits.ts';
import { createPool, type Pool } from './pool.ts';
import { poolSize } from './pool-size.ts';
import { selfTest } from './self-test.ts';

/** The engine's code and work space, measured with a BERT of 22 million weights and 512 tokens. */
const ENGINE_BYTES = 100 * 2 ** 20;

export interface OpenOptions {
  /** Instances at the most; by the machine's cores and memory where absent. */
  instances?: number | undefined;
  onInfo?: (info: EngineInfo) => void;
}

/** What of a recipe an engine is set to. */
export type EngineRecipe = Pick<Recipe, 'pooling' | 'normalize'>;

/**
 * Opens the engine that serves a model best and has passed its self-test; today that is wllama on the CPU.
 * Resolves when the first instance serves, the others following. Rejects with 'model/load', 'model/corrupt' or 'model/unsupported',
 * or with AbortError; then nothing is left running.
 */
export async function openEngine(
  model: ModelInfo,
  gguf: Blob,
  { pooling, normalize }: EngineRecipe,
  signal: AbortSignal,
  { instances, onInfo }: OpenOptions = {},
): Promise<Pool> {
  signal.throwIfAborted();
  const { hardwareConcurrency, deviceMemory } = navigator as typeof navigator & { deviceMemory?: number };
  const instanceBytes = await bytesAsLoaded(model, gguf);
  signal.throwIfAborted();
  const pool = createPool({
    model,
    gguf,
    pooling,
    normalize,
    size: instances ?? poolSize({ cores: hardwareConcurrency, memoryGB: deviceMemory }, instanceBytes),
    check: selfTest(model, { pooling, normalize }),
    ...(onInfo ? { onInfo } : {}),
  });
  const abort = () => void pool.close();
  signal.addEventListener('abort', abort, { once: true });
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

/** What one instance holds: four bytes a weight where they are expanded, else the file as it is; and its own needs. */
async function bytesAsLoaded(model: ModelInfo, gguf: Blob): Promise<number> {
  const { tensors } = await readGguf(gguf, model.name);
  const weights = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return ENGINE_BYTES + (weights * 4 <= EXPANDED_MOST ? weights * 4 : gguf.size);
}
