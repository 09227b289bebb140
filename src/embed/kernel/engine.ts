import { VecdropError } from '../../domain/errors.ts';
import { inTurns } from '../../rpc/turns.ts';
import type { EngineSettings, Share } from '../embed-api.ts';
import { normalized } from '../normalize.ts';
import { type Encoder, openEncoder } from './encoder.ts';

/** Tokens that go through the encoder together, or one longer text. */
const BATCH_TOKENS = 512;

/** One encoder on one thread. Calls wait for each other. */
export interface Kernel {
  /**
   * Vectors of some texts, row-major, in the order given: the same bits for the same ids whatever else is embedded.
   * Lets other events through every few milliseconds, so that `signal` can abort. Rejects with 'chunk/too-long'
   * or 'engine/failed', and goes on.
   */
  embed(texts: readonly Int32Array[], signal: AbortSignal): Promise<Float32Array>;
  /** Where its weights are. */
  readonly memory: WebAssembly.Memory;
}

/** Rows that a kernel for texts of up to `contextLength` tokens works on at a time. */
export function batchRows(contextLength: number): number {
  return Math.max(BATCH_TOKENS, contextLength);
}

/** Loads a model; with `share`, into or beside others' memory, which Encoder says more of. Rejects with 'model/corrupt', or with 'model/unsupported' for what the kernel does not compute. */
export async function openKernel(
  gguf: Blob | Blob[],
  settings: Pick<EngineSettings, 'contextLength' | 'dimensions' | 'pooling' | 'normalize'>,
  share?: Share,
): Promise<Kernel> {
  const { contextLength, dimensions, pooling, normalize } = settings;
  const encoder = await openEncoder(gguf, batchRows(contextLength), contextLength, share);
  if (encoder.shape.width !== dimensions) {
    throw new VecdropError(
      'model/corrupt',
      `The model’s file has ${encoder.shape.width} dimensions where ${dimensions} are due. Get the file again.`,
    );
  }
  let last: Promise<unknown> = Promise.resolve();
  return {
    memory: encoder.memory,
    async embed(texts, signal) {
      for (const ids of texts) checkIds(ids, encoder, contextLength);
      const data = new Float32Array(texts.length * dimensions);
      const work = last.then(() => inTurns(signal, embedAll(encoder, texts, pooling, data)));
      last = work.catch(() => {});
      await work;
      if (!normalize) return data;
      for (let at = 0; at < data.length; at += dimensions) {
        data.set(normalized(data.subarray(at, at + dimensions)), at);
      }
      return data;
    },
  };
}

/** Embeds texts in batches, in order; stops after every piece of work. */
function* embedAll(
  encoder: Encoder,
  texts: readonly Int32Array[],
  pooling: EngineSettings['pooling'],
  data: Float32Array,
): Generator<void> {
  for (let first = 0; first < texts.length; ) {
    let end = first;
    let tokens = 0;
    do tokens += texts[end++]?.length ?? 0;
    while (end < texts.length && tokens + (texts[end]?.length ?? 0) <= BATCH_TOKENS);
    yield* encoder.encode(texts.slice(first, end));
    for (let text = first; text < end; text++) {
      data.set(encoder.pooled(text - first, pooling), text * encoder.shape.width);
    }
    first = end;
  }
}

function checkIds(ids: Int32Array, { shape }: Encoder, contextLength: number): void {
  if (ids.length > contextLength) {
    throw new VecdropError(
      'chunk/too-long',
      `A text of ${ids.length} tokens is longer than the model reads (${contextLength}). Choose a smaller chunk size.`,
    );
  }
  if (ids.length === 0 || ids.some(id => id < 0 || id >= shape.vocabulary)) {
    throw new VecdropError('engine/failed', 'A text has no tokens, or none of this model. Try again.');
  }
}
