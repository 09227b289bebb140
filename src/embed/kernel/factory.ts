import encoder from '../../../assembly/encoder.ts?wasm';
import { hostWorker } from '../../rpc/host.ts';
import type { EmbedApi } from '../embed-api.ts';
import type { EngineFactory } from '../engine-factory.ts';
import { createPool } from '../pool.ts';
import { encoderBytes } from './encoder.ts';
import { batchRows } from './engine.ts';
import { ARCHITECTURES } from './model.ts';
import { KERNEL_NAME } from './service.ts';

/** The worker's code and heap. */
const WORKER_BYTES = 20 * 2 ** 20;

/**
 * Rounding to whole numbers costs some .00001 against the same weights in floats, and rounding to 8 bits, which files
 * with shipped vectors have done, .0003; a wrong matrix costs more than ten times the bar.
 */
const KERNEL_COSINE = 0.999;

/** Our own encoder for models of BERT's kind: on the CPU several times as fast as llama.cpp in the browser. */
export const kernel: EngineFactory = {
  id: 'kernel',
  name: KERNEL_NAME,
  watched: false,
  leastCosine: KERNEL_COSINE,
  async available({ architecture }) {
    if (!ARCHITECTURES.includes(architecture)) {
      return `It computes BERT models and nomic-bert only; this one is ${architecture}.`;
    }
    if (!WebAssembly.validate(encoder)) return 'This browser’s WebAssembly has no vector instructions.';
    return true;
  },
  async instanceBytes({ contextLength }, gguf) {
    const { all } = await encoderBytes(gguf, batchRows(contextLength), contextLength);
    return WORKER_BYTES + all;
  },
  async sharedBytes({ contextLength }, gguf) {
    const { weights } = await encoderBytes(gguf, batchRows(contextLength), contextLength);
    return weights;
  },
  start: ({ recipe, instances, ...rest }) =>
    createPool({
      ...rest,
      ...recipe,
      size: instances,
      shares: globalThis.crossOriginIsolated === true,
      startHost: startKernelWorker,
    }),
};

function startKernelWorker() {
  return hostWorker<EmbedApi>(
    'embedding engine',
    () => new Worker(new URL('./kernel.worker.ts', import.meta.url), { type: 'module' }),
  );
}
