import type { EngineFactory } from '../engine-factory.ts';
import { createPool } from '../pool.ts';
import { startWllamaWorker } from './cpu.ts';

/** The engine's code and what it keeps outside the GPU. */
const ENGINE_BYTES = 150 * 2 ** 20;

/**
 * GPUs multiply in 16-bit floats of 11 significant bits, which costs about as much again as storing the weights in
 * 8 bits (.9995): what is right lies above .999, while a wrong kernel gives cosines well below.
 */
const HALF_FLOAT_COSINE = 0.999;

/**
 * llama.cpp with all layers on the GPU: one instance, for there is one GPU. Some GPUs give wrong values, now and
 * then or after an hour: so its vectors are looked after for as long as it runs.
 */
export const wllamaWebGpu: EngineFactory = {
  id: 'wllama-webgpu',
  name: 'wllama, WebGPU',
  watched: true,
  leastCosine: HALF_FLOAT_COSINE,
  available: async (_model, { gpu }) =>
    gpu === undefined ? 'This browser gives no access to a GPU (WebGPU).' : true,
  instanceBytes: async (_model, gguf) =>
    ENGINE_BYTES + [gguf].flat().reduce((sum, { size }) => sum + size, 0),
  start: ({ recipe, instances: _, threads: __, ...rest }) =>
    createPool({ ...rest, ...recipe, size: 1, settings: { device: 'webgpu' }, startHost: startWllamaWorker }),
};
