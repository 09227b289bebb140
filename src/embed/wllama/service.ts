import { transfer } from 'comlink';
import { toVecdropError, VecdropError } from '../../domain/errors.ts';
import { signalOf } from '../../rpc/abort-port.ts';
import { type Engine, type EngineSettings, loadEngine } from './engine.ts';

/** What an embed worker serves. */
export interface EmbedApi {
  /** Loads the model; once. Rejects with 'model/load'. */
  open(gguf: Blob, settings: EngineSettings): Promise<void>;
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
        loaded = { engine: await load(gguf, settings), dimensions: settings.dimensions };
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
