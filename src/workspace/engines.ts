import type { Recipe } from '../domain/recipe.ts';
import { openEngine } from '../embed/choose.ts';
import type { EngineInfo } from '../embed/embedder.ts';
import type { Pool } from '../embed/pool.ts';
import type { Models } from './models.ts';

/** The engine that is loaded: one at a time, kept while it is used, closed when nothing has used it for a while. */
export interface Engines {
  get(recipe: Recipe, signal: AbortSignal): Promise<Pool>;
  /** Says that the engine is not needed now; it closes after IDLE_MS unless it is asked for again. */
  idle(): void;
  close(): Promise<void>;
}

const IDLE_MS = 120_000;

export type EngineState =
  | { state: 'idle' }
  | { state: 'loading' }
  | ({ state: 'ready' } & EngineInfo)
  | { state: 'failed'; error: unknown };

export function createEngines(models: Models, onState: (state: EngineState) => void): Engines {
  let key = '';
  let engine: Promise<Pool> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function close(): Promise<void> {
    clearTimeout(timer);
    const closing = engine;
    engine = undefined;
    key = '';
    if (!closing) return;
    const loaded = await closing.catch(() => undefined);
    await loaded?.close();
    if (!engine) onState({ state: 'idle' });
  }

  async function load(recipe: Recipe, signal: AbortSignal): Promise<Pool> {
    onState({ state: 'loading' });
    try {
      const { info, gguf } = await models.open(recipe.modelId);
      return await openEngine(info, gguf, recipe, signal, {
        onInfo: ready => onState({ state: 'ready', ...ready }),
      });
    } catch (error) {
      onState(signal.aborted ? { state: 'idle' } : { state: 'failed', error });
      throw error;
    }
  }

  return {
    async get(recipe, signal) {
      clearTimeout(timer);
      const wanted = JSON.stringify([recipe.modelId, recipe.pooling, recipe.normalize]);
      if (engine && key === wanted) return engine;
      await close();
      key = wanted;
      const loading = load(recipe, signal);
      engine = loading;
      loading.catch(() => {
        if (engine === loading) engine = undefined;
      });
      return loading;
    },
    idle() {
      clearTimeout(timer);
      timer = setTimeout(() => void close(), IDLE_MS);
    },
    close,
  };
}
