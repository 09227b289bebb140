import { rowOf } from '../../src/embed/compare.ts';
import type { EmbedInput } from '../../src/embed/embedder.ts';
import type { EngineFactory } from '../../src/embed/engine-factory.ts';
import { kernel } from '../../src/embed/kernel/factory.ts';
import type { Pool } from '../../src/embed/pool.ts';
import { wllamaCpu } from '../../src/embed/wllama/cpu.ts';
import { readModel } from '../../src/gguf/model-info.ts';
import { createTokenizer } from '../../src/tokenize/create.ts';
import type { EngineComparison, EngineRounds } from './api.ts';
import { cosine, MODEL, openPlain } from './embed.ts';

const LENGTHS = [16, 64, 256, 512];
/** Tokens a round and instance: one call of the pool. */
const CALL_TOKENS = 512;
const never = new AbortController().signal;

interface Contender {
  name: string;
  threads: number;
  embed(inputs: readonly EmbedInput[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Our kernel and wllama, on one thread and on all, with texts of several lengths: each round has all of them, one
 * after the other, with the same texts. The first round warms up and is where vectors are compared.
 */
export async function compareEngines(text: string, rounds: number): Promise<EngineComparison> {
  const gguf = await (await fetch(MODEL)).blob();
  const { info, tokenizer } = await readModel(gguf, MODEL, 'bench');
  const { ids } = createTokenizer(tokenizer).encode(text);
  const cores = navigator.hardwareConcurrency;
  const open = async (factory: EngineFactory, instances: number): Promise<Contender> => {
    const pool: Pool = factory.start({
      model: info,
      gguf,
      recipe: { pooling: 'mean', normalize: true },
      instances,
      threads: 1,
      contextLength: info.contextLength,
      asText: false,
    });
    await pool.ready;
    await pool.whole();
    const name = factory === kernel ? 'kernel' : 'wllama';
    const embed = async (inputs: readonly EmbedInput[]) => (await pool.embed(inputs, never)).data;
    return { name, threads: instances, embed, close: () => pool.close() };
  };
  const plain = await openPlain(gguf);
  const contenders: Contender[] = [
    await open(kernel, 1),
    await open(wllamaCpu, 1),
    {
      name: 'wllama, the file as it is',
      threads: 1,
      embed: async inputs => Float32Array.from((await plain.embed(inputs)).flat()),
      close: () => plain.close(),
    },
    await open(kernel, cores),
    await open(wllamaCpu, cores),
  ];
  const engines: EngineRounds[] = [];
  const cosines: number[] = [];
  let at = 1;
  for (const length of LENGTHS) {
    const inputs = Array.from({ length: (CALL_TOKENS / length) * cores }, () => {
      const own = ids.slice(at, at + length - 2);
      at += own.length;
      return { text: '', ids: Int32Array.of(ids[0] ?? 0, ...own, ids.at(-1) ?? 0) };
    });
    const measured = contenders.map(
      ({ name, threads }): EngineRounds => ({ name, threads, inputTokens: length, rounds: [] }),
    );
    for (let round = 0; round <= rounds; round++) {
      const vectors: Float32Array[] = [];
      for (const [i, { threads, embed }] of contenders.entries()) {
        const texts = inputs.slice(0, (CALL_TOKENS / length) * threads);
        const began = performance.now();
        vectors.push(await embed(texts));
        const speed = (texts.length * length * 1000) / (performance.now() - began);
        if (round > 0) measured[i]?.rounds.push(speed);
      }
      const [ours, theirs] = vectors as [Float32Array, Float32Array];
      for (let row = 0; round === 0 && row * info.dimensions < ours.length; row++) {
        cosines.push(cosine(rowOf(ours, row, info.dimensions), rowOf(theirs, row, info.dimensions)));
      }
    }
    engines.push(...measured);
  }
  for (const { close } of contenders) await close();
  const mean = cosines.reduce((a, b) => a + b) / cosines.length;
  return { engines, leastCosine: Math.min(...cosines), meanCosine: mean };
}
