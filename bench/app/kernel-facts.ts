import encoder from '../../assembly/encoder.ts?wasm';
import { CALL_TOKENS } from '../../src/embed/calls.ts';
import type { EmbedInput } from '../../src/embed/embedder.ts';
import { kernel } from '../../src/embed/kernel/factory.ts';
import { openEngine } from '../../src/embed/open.ts';
import type { Pool } from '../../src/embed/pool.ts';
import type { BenchPage } from './api.ts';
import { type BenchModel, openModel, RECIPE } from './model.ts';

const QUERY = 'When does the morning ferry leave?';
/** Tokens of the texts that are indexed meanwhile. */
const CHUNK_TOKENS = 128;
const never = new AbortController().signal;

export const kernelFacts: BenchPage['kernelFacts'] = async (text, tries) => {
  const model = await openModel();
  const file = await inOpfs(model.gguf);
  const loadMs: number[] = [];
  for (let turn = 0; turn <= tries; turn++) {
    const began = performance.now();
    const pool = await open(model, file, 1);
    loadMs.push(performance.now() - began);
    await pool.close();
  }
  const pool = await open(model, file, navigator.hardwareConcurrency);
  await pool.whole();
  const query = [{ text: QUERY, ids: model.tokenizer.encode(QUERY).ids }];
  const ask = () => pool.embed(query, never, { ahead: true });
  const idleQueryMs: number[] = [];
  for (let turn = 0; turn <= tries * 4; turn++) idleQueryMs.push(await timed(ask));
  const busy = await whileIndexing(pool, chunks(model, text), ask, tries * 4);
  const { instances } = pool.info;
  await pool.close();
  return {
    // The first of each warms up: the browser compiles, the file comes into the system's cache.
    loadMs: loadMs.slice(1),
    idleQueryMs: idleQueryMs.slice(1),
    ...busy,
    instances,
    instanceBytes: await kernel.instanceBytes(model.info, file),
    sharedBytes: (await kernel.sharedBytes?.(model.info, file)) ?? 0,
    wasmBytes: encoder.byteLength,
  };
};

async function inOpfs(gguf: Blob): Promise<File> {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getFileHandle('model.gguf', { create: true });
  const stream = await handle.createWritable();
  await stream.write(gguf);
  await stream.close();
  return handle.getFile();
}

/** As the app opens it, its self-test included. */
function open({ info, samples }: BenchModel, file: File, instances: number): Promise<Pool> {
  return openEngine(info, file, RECIPE, never, { engine: 'kernel', samples, instances });
}

function chunks({ tokenizer }: BenchModel, text: string): EmbedInput[] {
  const { ids } = tokenizer.encode(text);
  const [cls = 0, sep = 0] = [ids[0], ids.at(-1)];
  const own = CHUNK_TOKENS - 2;
  return Array.from({ length: Math.floor((ids.length - 2) / own) }, (_, i) => ({
    text: '',
    ids: Int32Array.of(cls, ...ids.slice(1 + i * own, 1 + (i + 1) * own), sep),
  }));
}

/** Asks while batches of one call each wait, as many as the pipeline keeps waiting. */
async function whileIndexing(
  pool: Pool,
  texts: readonly EmbedInput[],
  ask: () => Promise<unknown>,
  tries: number,
) {
  const calls = CALL_TOKENS / CHUNK_TOKENS;
  let answered = 0;
  let on = true;
  const index = async () => {
    const flying = new Set<Promise<unknown>>();
    for (let at = 0; on; at = (at + calls) % (texts.length - calls)) {
      await pool.whenFree();
      const flight = pool.embed(texts.slice(at, at + calls), never).then(() => {
        answered += 1;
        flying.delete(flight);
      });
      flying.add(flight);
    }
    await Promise.all(flying);
  };
  const indexing = index();
  const busyQueryMs: number[] = [];
  const overtaking: number[] = [];
  while (busyQueryMs.length < tries) {
    // At any point of a call.
    await new Promise(resolve => setTimeout(resolve, 100 + 37 * (busyQueryMs.length % 7)));
    const before = answered;
    busyQueryMs.push(await timed(ask));
    overtaking.push(answered - before);
  }
  on = false;
  await indexing;
  return { busyQueryMs, overtaking };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
