import { LoggerWithoutDebug, LogLevel, Wllama } from '@wllama/wllama/esm/index.js';
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { VecdropError } from '../../domain/errors.ts';
import type { EngineSettings, EngineText } from '../embed-api.ts';
import { callDeadlineMs, LOAD_MS } from '../limits.ts';
import { normalized } from '../normalize.ts';
import { needsCompat } from './needs-compat.ts';
import { noCache } from './no-cache.ts';

/** One llama.cpp in WebAssembly. It takes one text at a time. */
export interface Engine {
  readonly build: 'wasm64' | 'compat';
  /**
   * The vector of one text: `dimensions` long; on one thread of a CPU the same bits for the same ids whatever came before.
   * Rejects with 'chunk/too-long' (and goes on), or with 'engine/failed' and is then of no more use.
   */
  embed(text: EngineText): Promise<Float32Array>;
  close(): void;
}

/** Lines of the engine's log that are kept to explain a failure. */
const REASONS = 20;
/** More than any model has. */
const ALL_LAYERS = 999;

/** Loads a model. Rejects with 'model/load'; the cause holds what the engine logged. Never hangs. */
export async function loadEngine(gguf: readonly Blob[], settings: EngineSettings): Promise<Engine> {
  const { contextLength, dimensions, pooling, normalize, device = 'cpu', threads = 1 } = settings;
  const reasons: string[] = [];
  let crash: (reason: Error) => void = () => {};
  const crashed = new Promise<never>((_, reject) => {
    crash = reject;
  });
  crashed.catch(() => {});
  const note = (...parts: unknown[]) => {
    reasons.push(parts.map(String).join(' ').trim());
    if (reasons.length > REASONS) reasons.shift();
  };
  const logger = {
    ...LoggerWithoutDebug,
    log: note,
    warn: note,
    error: (...parts: unknown[]) => {
      const [first] = parts;
      // A script error in the engine's own worker comes here and nowhere else.
      if (first instanceof ErrorEvent) {
        note(first.message);
        crash(new Error(first.message || 'The engine’s worker failed.'));
      } else note(...parts);
    },
  };
  const compat = settings.build === 'compat' || needsCompat() ? await import('./compat.ts') : undefined;
  const wllama = new SelfHosted(compat, logger);
  await checkServed(wllama.getWorkerResources().wasmPath);
  // What goes wrong while it tells us why it stopped is told to nobody else, and its call would stay open.
  const onUnhandled = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    crash(event.reason);
  };
  self.addEventListener('unhandledrejection', onUnhandled);

  let closed = false;
  const close = () => {
    closed = true;
    self.removeEventListener('unhandledrejection', onUnhandled);
    void wllama.exit();
  };
  const failure = (code: 'model/load' | 'engine/failed', sentence: string, error: unknown) => {
    close();
    return new VecdropError(code, sentence, new Error([String(error), ...reasons].join('\n')));
  };

  try {
    await within(LOAD_MS, crashed, async () => {
      await wllama.loadModel([...gguf], {
        embeddings: true,
        pooling_type: pooling,
        n_threads: threads,
        n_gpu_layers: device === 'webgpu' ? ALL_LAYERS : 0,
        // More calls in flight than slots hang for ever; a batch smaller than a text aborts.
        n_parallel: 1,
        n_ctx: contextLength,
        n_batch: contextLength,
        n_ubatch: contextLength,
        kv_unified: true,
        warmup: false,
        log_level: LogLevel.WARN,
      });
      // loadModel resolves on failure too.
      const info = wllama.getLoadedContextInfo() as ReturnType<Wllama['getLoadedContextInfo']> & {
        success?: boolean;
      };
      if (info.success !== true) throw new Error('The engine refused the model.');
      if (info.n_embd !== dimensions) {
        throw new Error(`The engine gives ${info.n_embd} dimensions, the file says ${dimensions}.`);
      }
    });
  } catch (error) {
    throw failure(
      'model/load',
      'The model could not be loaded. Close other tabs to free memory and try again, or choose another model file.',
      error,
    );
  }

  let busy = false;
  return {
    build: compat ? 'compat' : 'wasm64',
    close,
    async embed(text) {
      if (closed || busy) {
        throw new VecdropError('engine/failed', 'The embedding engine is not ready for a text. Try again.');
      }
      if (typeof text !== 'string' && text.length > contextLength) {
        throw new VecdropError(
          'chunk/too-long',
          `A text of ${text.length} tokens is longer than the model reads (${contextLength}). Choose a smaller chunk size.`,
        );
      }
      busy = true;
      try {
        const row = await within(callDeadlineMs(text.length), crashed, () =>
          rawVector(wllama, text, dimensions),
        );
        return normalize ? normalized(row) : row;
      } catch (error) {
        throw failure('engine/failed', 'The embedding engine failed on a text. Try again.', error);
      } finally {
        busy = false;
      }
    },
  };
}

/** The pooled vector of one text as the model gives it, before any normalising. */
async function rawVector(wllama: Wllama, text: EngineText, dimensions: number): Promise<Float32Array> {
  // embd_normalize -1: as it is; the engine would else divide by the norm in its own way.
  const request = {
    model: '',
    input: typeof text === 'string' ? text : Array.from(text),
    embd_normalize: -1,
  };
  const response = await wllama.createEmbedding(request);
  const row = response?.data?.[0]?.embedding;
  if (typeof text !== 'string' && response?.usage?.prompt_tokens !== text.length) {
    throw new Error(`The engine read ${response?.usage?.prompt_tokens} tokens of ${text.length}.`);
  }
  if (!Array.isArray(row) || row.length !== dimensions) throw new Error('The engine gave no vector.');
  const vector = Float32Array.from(row);
  if (!vector.every(Number.isFinite))
    throw new Error('The engine gave a vector that is not of finite numbers.');
  return vector;
}

/** wllama with the files of this site only: its own choice would fall back to a content network. */
class SelfHosted extends Wllama {
  readonly #compat: typeof import('./compat.ts') | undefined;

  constructor(compat: typeof import('./compat.ts') | undefined, logger: typeof LoggerWithoutDebug) {
    super({ default: wasmUrl }, { logger, cacheManager: noCache });
    this.setCompat(null);
    this.#compat = compat;
  }

  override getWorkerResources() {
    const base = self.location.href;
    return this.#compat
      ? {
          wasmPath: new URL(this.#compat.wasmUrl, base).href,
          jsPath: { code: this.#compat.workerCode },
          compat: true,
        }
      : { wasmPath: new URL(wasmUrl, base).href, compat: false };
  }
}

/**
 * The engine stops without a word where its file is missing. Whether the network is there at all shows when it is
 * fetched: it may be in the cache.
 */
async function checkServed(wasm: string): Promise<void> {
  const status = await fetch(wasm, { method: 'HEAD' }).then(
    response => response.status,
    () => undefined,
  );
  if (status !== 404 && status !== 410) return;
  throw new VecdropError(
    'model/load',
    `Part of the embedding engine is not where the page expects it (${status}). Serve all of dist/, then resume.`,
  );
}

/** The work's outcome, unless the engine's worker breaks or the time runs out first. */
async function within<R>(ms: number, crashed: Promise<never>, work: () => Promise<R>): Promise<R> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${Math.round(ms / 1000)} seconds.`)), ms);
  });
  try {
    return await Promise.race([work(), crashed, late]);
  } finally {
    clearTimeout(timer);
  }
}
