import { transfer } from 'comlink';
import { toVecdropError, VecdropError } from '../../domain/errors.ts';
import { expandToF32 } from '../../gguf/expand.ts';
import { signalOf } from '../../rpc/abort-port.ts';
import type { EmbedApi, EngineSettings } from '../embed-api.ts';
import { EXPANDED_MOST } from '../limits.ts';
import { type Engine, loadEngine } from './engine.ts';

/** The object behind an embed worker: one engine and its dimensions. */
export function createEmbedService(load: typeof loadEngine = loadEngine): EmbedApi {
  let loaded: { engine: Engine; dimensions: number } | undefined;
  return {
    async open(gguf, settings) {
      try {
        // Every worker expands for itself: the bytes are gone when they are loaded, and nobody else waits.
        const stored = settings.asStored || settings.device === 'webgpu';
        const weights = stored ? gguf : await expandToF32(gguf, EXPANDED_MOST);
        const engine = await load([weights].flat(), settings);
        loaded = { engine, dimensions: settings.dimensions };
        return { name: engineName(engine.build, settings, weights === gguf ? settings.quantization : 'F32') };
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

/** As shown; `weights` is how the engine has them. */
function engineName(
  build: Engine['build'],
  { device, threads = 1 }: EngineSettings,
  weights?: string,
): string {
  const parts = ['wllama', device === 'webgpu' ? 'WebGPU' : 'CPU', weights];
  if (threads > 1) parts.push(`${threads} threads`);
  if (build === 'compat') parts.push('compatible');
  return parts.filter(Boolean).join(', ');
}

/** Name, message and stack are all that crosses to the owner: the cause goes along in the stack. */
function withReasons(error: VecdropError): VecdropError {
  if (error.cause instanceof Error) error.stack += `\nCaused by: ${error.cause.message}`;
  return error;
}
