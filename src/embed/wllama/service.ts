import { transfer } from 'comlink';
import { toVecdropError, VecdropError } from '../../domain/errors.ts';
import { expandToF32 } from '../../gguf/expand.ts';
import { signalOf } from '../../rpc/abort-port.ts';
import { EXPANDED_MOST } from '../limits.ts';
import { type Engine, type EngineSettings, loadEngine } from './engine.ts';

export interface OpenSettings extends EngineSettings {
  /** Quantized weights as they are in the file, three times slower: for measuring. */
  asStored?: boolean;
}

/** What came of loading a model. */
export interface OpenedEngine {
  build: Engine['build'];
  /** Whether the weights were expanded to F32. */
  expanded: boolean;
}

/** What an embed worker serves. */
export interface EmbedApi {
  /**
   * Loads the model; once. Rejects with 'model/load', 'model/corrupt' or 'model/unsupported'.
   * Every worker expands the weights for itself: the bytes are gone when they are loaded, and nobody else waits.
   */
  open(gguf: Blob, settings: OpenSettings): Promise<OpenedEngine>;
  /**
   * The vectors of some texts, row-major, in the order given. Heard between texts: anything on `abort` ends it
   * with AbortError. Rejects with 'chunk/too-long', or 'engine/failed' after which the worker must be replaced.
   */
  embed(texts: Int32Array[], abort: MessagePort): Promise<Float32Array>;
}

/** The object behind an embed worker: one engine and its dimensions. */
export function createEmbedService(load: typeof loadEngine = loadEngine): EmbedApi {
  let loaded: { engine: Engine; dimensions: number } | undefined;
  return {
    async open(gguf, settings) {
      try {
        const weights = settings.asStored ? gguf : await expandToF32(gguf, EXPANDED_MOST);
        const engine = await load(weights, settings);
        loaded = { engine, dimensions: settings.dimensions };
        return { build: engine.build, expanded: weights !== gguf };
      } catch (error) {
        throw withReasons(toVecdropError(error, 'model/load', 'The model could not be loaded. Try again.'));
      }
    },

    async embed(texts, abort) {
      const { signal, release } = signalOf(abort);
      try {
        if (!loaded)
          throw new VecdropError('engine/failed', 'The embedding engine holds no model. Try again.');
        const { engine, dimensions } = loaded;
        const data = new Float32Array(texts.length * dimensions);
        for (const [row, ids] of texts.entries()) {
          signal.throwIfAborted();
          data.set(await engine.embed(ids), row * dimensions);
        }
        return transfer(data, [data.buffer]);
      } catch (error) {
        throw error instanceof VecdropError ? withReasons(error) : error;
      } finally {
        release();
      }
    },
  };
}

/** Name, message and stack are all that crosses to the owner: the cause goes along in the stack. */
function withReasons(error: VecdropError): VecdropError {
  if (error.cause instanceof Error) error.stack += `\nCaused by: ${error.cause.message}`;
  return error;
}
