import type { ModelInfo } from '../../domain/model.ts';
import { readGguf } from '../../gguf/read.ts';
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
async function weightBytes(model: ModelInfo, gguf: Blob | Blob[]): Promise<number> {
  const parts = [gguf].flat();
  let weights = 0;
  for (const part of parts) {
    const { tensors } = await readGguf(part, model.name);
    for (const { shape } of tensors) weights += shape.reduce((a, b) => a * b, 1);
  }
  const stored = parts.reduce((sum, { size }) => sum + size, 0);
  return weights * 4 <= EXPANDED_MOST ? weights * 4 : stored;
}
