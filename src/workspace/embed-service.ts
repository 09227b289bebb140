import { VecdropError } from '../domain/errors.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { EmbedInput } from '../embed/embedder.ts';
import type { Engines } from './engines.ts';

/** Embeds for a request, beside the queue's own work; a short one goes before what waits of it. One tab has the engine: the others ask it. */
export interface EmbedService {
  /** Row-major vectors. Rejects with AbortError, the engine's errors, or 'worker/timeout' where no tab answers. */
  embed(recipe: Recipe, inputs: readonly EmbedInput[], signal: AbortSignal): Promise<Float32Array>;
  /** Whether this tab has the engine now. */
  role(indexing: boolean): void;
  close(): void;
}

type Message =
  | { type: 'embed'; id: string; recipe: Recipe; inputs: EmbedInput[] }
  | { type: 'abort'; id: string }
  | { type: 'taken'; id: string }
  | { type: 'done'; id: string; data: Float32Array }
  | { type: 'failed'; id: string; name: string; message: string };

/** A tab that has the engine says so within this time, or is asked again: it may just be taking over. */
const TAKEN_MS = 1_000;
const TRIES = 15;
/** After that it may be dead; a tab that works sends `taken` again this often. */
const ALIVE_MS = 5_000;

export function createEmbedService(engines: Engines, channelName = 'vecdrop-embed'): EmbedService {
  const channel = new BroadcastChannel(channelName);
  const waiting = new Map<string, (message: Message) => void>();
  const serving = new Map<string, AbortController>();
  let indexing = false;

  async function here(
    recipe: Recipe,
    inputs: readonly EmbedInput[],
    signal: AbortSignal,
  ): Promise<Float32Array> {
    const engine = await engines.get(recipe, signal);
    const { data } = await engine.embed(inputs, signal, { ahead: true });
    return data;
  }

  async function serve({ id, recipe, inputs }: Message & { type: 'embed' }): Promise<void> {
    if (serving.has(id)) return channel.postMessage({ type: 'taken', id } satisfies Message);
    const controller = new AbortController();
    serving.set(id, controller);
    const taken = () => channel.postMessage({ type: 'taken', id } satisfies Message);
    taken();
    const beat = setInterval(taken, ALIVE_MS / 2);
    try {
      const data = await here(recipe, inputs, controller.signal);
      channel.postMessage({ type: 'done', id, data } satisfies Message);
    } catch (error) {
      const { name, message } = error as Error;
      channel.postMessage({ type: 'failed', id, name, message } satisfies Message);
    } finally {
      clearInterval(beat);
      serving.delete(id);
    }
  }

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type === 'embed') {
      if (indexing) void serve(data);
    } else if (data.type === 'abort') serving.get(data.id)?.abort();
    else waiting.get(data.id)?.(data);
  };

  function elsewhere(
    recipe: Recipe,
    inputs: readonly EmbedInput[],
    signal: AbortSignal,
  ): Promise<Float32Array> {
    const id = crypto.randomUUID();
    return new Promise<Float32Array>((resolve, reject) => {
      let tries = 0;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        waiting.delete(id);
        settle();
      };
      const onAbort = () => {
        channel.postMessage({ type: 'abort', id } satisfies Message);
        end(() => reject(signal.reason));
      };
      const ask = () => {
        tries += 1;
        if (tries > TRIES) {
          const sentence = 'No open tab answers with its engine. Reload one and try again.';
          return end(() => reject(new VecdropError('worker/timeout', sentence)));
        }
        if (indexing) return end(() => here(recipe, inputs, signal).then(resolve, reject));
        channel.postMessage({ type: 'embed', id, recipe, inputs: [...inputs] } satisfies Message);
        timer = setTimeout(ask, TAKEN_MS);
      };
      waiting.set(id, message => {
        clearTimeout(timer);
        if (message.type === 'done') end(() => resolve(message.data));
        else if (message.type === 'failed') {
          const error = new Error(message.message);
          error.name = message.name;
          end(() => reject(error));
        } else timer = setTimeout(ask, ALIVE_MS);
      });
      signal.addEventListener('abort', onAbort, { once: true });
      ask();
    });
  }

  return {
    async embed(recipe, inputs, signal) {
      signal.throwIfAborted();
      return indexing ? here(recipe, inputs, signal) : elsewhere(recipe, inputs, signal);
    },
    role(now) {
      indexing = now;
    },
    close: () => channel.close(),
  };
}
