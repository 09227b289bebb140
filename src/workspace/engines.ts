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
  /** Of the load under way: one that was given up must not be handed to the next who asks. */
  let loading: AbortSignal | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function close(): Promise<void> {
    clearTimeout(timer);
    const closing = engine;
    engine = undefined;
    await closed(closing);
    if (closing && !engine) onState({ state: 'idle' });
  }

  async function closed(closing: Promise<Pool> | undefined): Promise<void> {
    const pool = await closing?.catch(() => undefined);
    await pool?.close();
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
      if (engine && key === wanted && !loading?.aborted) return engine;
      // Taken before anything is awaited: whoever asks meanwhile gets this one.
      const before = engine;
      const next = closed(before).then(() => load(recipe, signal));
      key = wanted;
      engine = next;
      loading = signal;
      next.then(
        () => {
          if (engine === next) loading = undefined;
        },
        () => {
          if (engine === next) engine = undefined;
        },
      );
      return next;
    },
    idle() {
      clearTimeout(timer);
      timer = setTimeout(() => void close(), IDLE_MS);
    },
    close,
  };
}
