import { transfer } from 'comlink';
import { toVecdropError, VecdropError } from '../../domain/errors.ts';
import { abortable } from '../../rpc/abort-port.ts';
import type { EmbedApi } from '../embed-api.ts';
import { type Kernel, openKernel } from './engine.ts';

/** As shown. */
export const KERNEL_NAME = 'own kernel, CPU, 16-bit';

/** The object behind a kernel's worker: one encoder. */
export function createKernelService(): EmbedApi {
  let kernel: Kernel | undefined;
  return {
    async open(gguf, settings, share) {
      try {
        kernel = await openKernel(gguf, settings, share);
        return { name: KERNEL_NAME, ...(share && { memory: kernel.memory }) };
      } catch (error) {
        const sentence =
          'The model could not be loaded. Close other tabs to free memory and try again, or choose another model file.';
        throw toVecdropError(error, 'model/load', sentence);
      }
    },

    embed: (texts, abort) =>
      abortable(abort, async signal => {
        const ids = texts.filter(text => typeof text !== 'string');
        if (!kernel || ids.length < texts.length) {
          throw new VecdropError('engine/failed', 'The embedding engine is not ready for a text. Try again.');
        }
        const data = await kernel.embed(ids, signal);
        return transfer(data, [data.buffer]);
      }),
  };
}
