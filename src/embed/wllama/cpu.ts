import type { ModelInfo } from '../../domain/model.ts';
import { readParts } from '../../gguf/split.ts';
import { hostWorker } from '../../rpc/host.ts';
import type { EmbedApi } from '../embed-api.ts';
import type { EngineFactory } from '../engine-factory.ts';
import { EXPANDED_MOST } from '../limits.ts';
import { createPool } from '../pool.ts';

/** The engine's code and work space, measured with a BERT of 22 million weights and 512 tokens. */
const ENGINE_BYTES = 100 * 2 ** 20;

/** Two computations in 32-bit floats agree to .99999 and better; an 8-bit file costs its model .0003 (see golden.json). */
const CPU_COSINE = 0.9995;

/** llama.cpp on the CPU: it runs wherever the page does, and its vectors are what other engines are compared with. */
export const wllamaCpu: EngineFactory = {
  id: 'wllama-cpu',
  name: 'wllama, CPU',
  watched: false,
  leastCosine: CPU_COSINE,
  available: async () => true,
  instanceBytes: async (model, gguf) => ENGINE_BYTES + (await weightBytes(model, gguf)),
  start: ({ recipe, instances, threads, ...rest }) =>
    createPool({
      ...rest,
      ...recipe,
      size: instances,
      settings: { threads },
      startHost: startWllamaWorker,
    }),
};

/** A worker with wllama in it, for any device. */
export function startWllamaWorker() {
  return hostWorker<EmbedApi>(
    'embedding engine',
    () => new Worker(new URL('./embed.worker.ts', import.meta.url), { type: 'module' }),
  );
}

/** Four bytes a weight where they are expanded, else the file as it is. */
async function weightBytes(model: ModelInfo, given: Blob | Blob[]): Promise<number> {
  const parts = await readParts(given, model.name);
  const tensors = parts.flatMap(({ gguf }) => gguf.tensors);
  const weights = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return weights * 4 <= EXPANDED_MOST ? weights * 4 : parts.reduce((sum, { blob }) => sum + blob.size, 0);
}
