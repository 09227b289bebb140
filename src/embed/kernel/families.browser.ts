import { expect, test } from 'vitest';
import { tinyModels } from '../../../scripts/make-tiny-models.ts';
import { readModel } from '../../gguf/model-info.ts';
import { leastCosine } from '../compare.ts';
import { loadEngine } from '../wllama/engine.ts';
import { openKernel } from './engine.ts';

const LENGTHS = [1, 6, 97, 512];

test.each(['bert-mean', 'bert-cls', 'xlm-r', 'nomic-bert'] as const)(
  '%s: the kernel’s vectors are llama.cpp’s',
  async name => {
    const gguf = new Blob([tinyModels[name]()]);
    const { info } = await readModel(gguf, 'tiny', 'id');
    const { contextLength, dimensions, pooling } = info;
    // Not normalised: a vector of the wrong length would show.
    const settings = { contextLength, dimensions, pooling, normalize: false };
    const texts = LENGTHS.map(length =>
      Int32Array.from({ length }, (_, i) => 100 + ((i * 7919 + length) % 200)),
    );
    const vectors = await (await openKernel(gguf, settings)).embed(texts, new AbortController().signal);
    const reference = await loadEngine([gguf], settings);
    try {
      for (const [row, text] of texts.entries()) {
        const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
        const expected = await reference.embed(text);
        expect(leastCosine(vector, expected, dimensions)).toBeGreaterThanOrEqual(0.9999);
        expect(Math.hypot(...vector) / Math.hypot(...expected)).toBeCloseTo(1, 2);
      }
    } finally {
      reference.close();
    }
  },
);
