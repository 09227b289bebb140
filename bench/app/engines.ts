import { Wllama } from '@wllama/wllama/esm/index.js';
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { rowOf } from '../../src/embed/compare.ts';
import type { EngineFactory } from '../../src/embed/engine-factory.ts';
import { kernel } from '../../src/embed/kernel/factory.ts';
import { wllamaCpu } from '../../src/embed/wllama/cpu.ts';
import type { BenchPage, EngineName } from './api.ts';
import { type BenchModel, openModel, RECIPE } from './model.ts';
import { openTransformers } from './transformers.ts';

/** An engine, whoever made it: ids to vectors of length 1. */
export interface Contender extends EngineName {
  embed(texts: readonly number[][]): Promise<number[][]>;
  close(): Promise<void>;
}

const never = new AbortController().signal;
let model: BenchModel | undefined;
let contenders: Contender[] = [];

export const openEngines: BenchPage['openEngines'] = async transformers => {
  model = await openModel();
  const cores = navigator.hardwareConcurrency;
  contenders = [
    await openPool('kernel', kernel, model, 1),
    await openPool('wllama', wllamaCpu, model, 1),
    await openPlain(model.gguf),
    ...(transformers ? [await openTransformers()] : []),
    ...(cores > 1
      ? [await openPool('kernel', kernel, model, cores), await openPool('wllama', wllamaCpu, model, cores)]
      : []),
  ];
  return contenders.map(({ name, threads }) => ({ name, threads }));
};

export const encode: BenchPage['encode'] = async texts => {
  const { tokenizer, info } = model ?? (await openModel());
  return texts.map(text => {
    const ids = [...tokenizer.encode(text).ids];
    return ids.length <= info.contextLength
      ? ids
      : [...ids.slice(0, info.contextLength - 1), ids.at(-1) as number];
  });
};

export const ids: BenchPage['ids'] = async text => {
  const { tokenizer } = model ?? (await openModel());
  return [...tokenizer.encode(text).ids];
};

export const embed: BenchPage['embed'] = async (engine, texts, withVectors) => {
  const began = performance.now();
  const vectors = (await contenders[engine]?.embed(texts)) ?? [];
  return { ms: performance.now() - began, vectors: withVectors ? vectors : [] };
};

export const closeEngines: BenchPage['closeEngines'] = async () => {
  for (const { close } of contenders.splice(0)) await close();
};

/** As the app runs it: messages between threads count. */
async function openPool(
  name: string,
  factory: EngineFactory,
  { gguf, info }: BenchModel,
  instances: number,
): Promise<Contender> {
  const pool = factory.start({
    model: info,
    gguf,
    recipe: RECIPE,
    instances,
    threads: 1,
    contextLength: info.contextLength,
    asText: false,
  });
  await pool.ready;
  await pool.whole();
  return {
    name,
    threads: instances,
    async embed(texts) {
      const batch = texts.map(ids => ({ text: '', ids: Int32Array.from(ids) }));
      const { data } = await pool.embed(batch, never);
      return texts.map((_, row) => [...rowOf(data, row, info.dimensions)]);
    },
    close: () => pool.close(),
  };
}

/** wllama as its own manual shows it. */
async function openPlain(gguf: Blob): Promise<Contender> {
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
    name: 'wllama, the file as it is',
    threads: 1,
    async embed(texts) {
      const rows: number[][] = [];
      for (const input of texts) {
        const { data } = await wllama.createEmbedding({ model: '', input });
        rows.push(data[0]?.embedding as number[]);
      }
      return rows;
    },
    close: () => wllama.exit(),
  };
}
