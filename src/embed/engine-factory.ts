import type { EngineId } from '../domain/engine.ts';
import type { ModelInfo } from '../domain/model.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { EngineInfo } from './embedder.ts';
import type { Pool, PoolCheck } from './pool.ts';

/** What of a recipe an engine is set to. */
export type EngineRecipe = Pick<Recipe, 'pooling' | 'normalize'>;

/** What the choice of an engine depends on beside the model. */
export interface Machine {
  /** navigator.hardwareConcurrency. */
  cores: number;
  /** navigator.deviceMemory: gigabytes, rounded by the browser; absent in some. */
  memoryGB?: number | undefined;
  /** Whether memory may be shared between threads. */
  isolated: boolean;
  /** The GPU as the browser describes it; absent where it gives no adapter. */
  gpu?: string | undefined;
}

/** What an engine is started with. */
export interface StartOptions {
  model: ModelInfo;
  /** The parts of a split model in order. */
  gguf: Blob | Blob[];
  recipe: EngineRecipe;
  /** Instances at the most, where the engine runs several. */
  instances: number;
  /** Threads of one instance. */
  threads: number;
  /** Tokens a text at the most. */
  contextLength: number;
  /** The model's tokens are not exactly known to us: the engine cuts the text itself. */
  asText: boolean;
  /** What every instance must pass before it serves. */
  check?: PoolCheck | undefined;
  onInfo?: ((info: EngineInfo) => void) | undefined;
}

/** One kind of engine: a line in the registry. */
export interface EngineFactory {
  readonly id: EngineId;
  /** As shown in reports, before it has run. */
  readonly name: string;
  /** Not trusted after its self-test: its vectors are compared with the CPU's for as long as it runs. */
  readonly watched: boolean;
  /** How near its vectors must be to the reference's (cosine). */
  readonly leastCosine: number;
  /** True, or in a sentence why it cannot serve this model here. Cheap: nothing is loaded. */
  available(model: ModelInfo, machine: Machine): Promise<true | string>;
  /** Bytes that one instance holds, its weights and work space, for texts of up to the model's context length. */
  instanceBytes(model: ModelInfo, gguf: Blob | Blob[]): Promise<number>;
  /** How many of them all instances of a pool have in common where the page is isolated; none where absent. */
  sharedBytes?(model: ModelInfo, gguf: Blob | Blob[]): Promise<number>;
  /** Begins to load; the pool's `ready` tells what came of it. */
  start(options: StartOptions): Pool;
}
