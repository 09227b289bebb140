import { Wllama } from '@wllama/wllama/esm/index.js';
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import type { ModelInfo } from '../../src/domain/model.ts';
import type { EmbedInput } from '../../src/embed/embedder.ts';
import { openEngine } from '../../src/embed/open.ts';
import { type Samples, samplesFor } from '../../src/embed/samples.ts';
import { readModel } from '../../src/gguf/model-info.ts';
import { createTokenizer } from '../../src/tokenize/create.ts';
import type { Comparison } from './api.ts';

/** The built-in model, beside the page. */
export const MODEL = 'models/all-MiniLM-L6-v2-Q8_0.gguf';
const TOKENS = 256;
/** Texts a round and instance: about a second of work. */
const TEXTS = 4;
const RECIPE = { pooling: 'mean', normalize: true } as const;
const never = new AbortController().signal;

interface Prepared {
  info: ModelInfo;
  gguf: Blob;
  samples: Samples;
  /** All different, each of TOKENS tokens with the special ones. */
  inputs: EmbedInput[];
}

export async function compareWithPlain(
  text: string,
  rounds: number,
): Promise<Comparison & { leastCosine: number }> {
  const { info, gguf, samples, inputs } = await prepare(text, TEXTS);
  const ours = await openEngine(info, gguf, RECIPE, never, { samples, instances: 1 });
  const plain = await openPlain(gguf);
  const first: number[] = [];
  const second: number[] = [];
  let leastCosine = 1;
  for (let round = 0; round <= rounds; round++) {
    const vectors = await timed(first, () => ours.embed(inputs, never));
    const rows = await timed(second, () => plain.embed(inputs));
    for (const [i, row] of rows.entries()) {
      const vector = vectors.data.subarray(i * info.dimensions, (i + 1) * info.dimensions);
      leastCosine = Math.min(leastCosine, cosine(vector, row));
    }
  }
  await ours.close();
  await plain.close();
  return { first: first.slice(1), second: second.slice(1), leastCosine };
}

export async function compareInstances(text: string, rounds: number): Promise<Comparison> {
  const { info, gguf, samples, inputs } = await prepare(text, TEXTS * 4);
  const half = inputs.slice(0, inputs.length / 2);
  const one = await openEngine(info, gguf, RECIPE, never, { samples, instances: 1 });
  let both = () => {};
  const whole = new Promise<void>(resolve => {
    both = resolve;
  });
  const two = await openEngine(info, gguf, RECIPE, never, {
    samples,
    instances: 2,
    onInfo: ({ instances }) => instances === 2 && both(),
  });
  await whole;
  const first: number[] = [];
  const second: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    await timed(first, () => two.embed(inputs, never), inputs.length);
    await timed(second, () => one.embed(half, never), half.length);
  }
  await one.close();
  await two.close();
  return { first: first.slice(1), second: second.slice(1) };
}

async function prepare(text: string, count: number): Promise<Prepared> {
  const gguf = await (await fetch(MODEL)).blob();
  // Any id but the built-in one's would do: it only says which golden vectors the self-test compares with.
  const { info, tokenizer } = await readModel(gguf, MODEL, 'bench');
  const { ids } = createTokenizer(tokenizer).encode(text.slice(0, count * TOKENS * 8));
  const [cls = 0, sep = 0] = [ids[0], ids.at(-1)];
  const inputs = Array.from({ length: count }, (_, i) => {
    const own = ids.slice(1 + i * (TOKENS - 2), 1 + (i + 1) * (TOKENS - 2));
    return { text: '', ids: Int32Array.of(cls, ...own, sep) };
  });
  return { info, gguf, samples: samplesFor(info, tokenizer), inputs };
}

/** wllama as its own manual shows it. */
export async function openPlain(gguf: Blob) {
  const wllama = new Wllama({ default: new URL(wasmUrl, self.location.href).href });
  wllama.setCompat(null);
  await wllama.loadModel([gguf], {
    embeddings: true,
    pooling_type: 'mean',
    n_threads: 1,
    n_gpu_layers: 0,
    n_parallel: 1,
    n_ctx: 512,
    n_batch: 512,
    n_ubatch: 512,
  });
  return {
    async embed(inputs: readonly EmbedInput[]): Promise<number[][]> {
      const rows: number[][] = [];
      for (const { ids } of inputs) {
        const { data } = await wllama.createEmbedding({ model: '', input: Array.from(ids) });
        rows.push(data[0]?.embedding as number[]);
      }
      return rows;
    },
    close: () => wllama.exit(),
  };
}

async function timed<R>(into: number[], work: () => Promise<R>, texts = TEXTS): Promise<R> {
  const start = performance.now();
  const result = await work();
  into.push((texts * TOKENS * 1000) / (performance.now() - start));
  return result;
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}
