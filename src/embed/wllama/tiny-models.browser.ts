import { expect, test } from 'vitest';
import { tinyModels } from '../../../scripts/make-tiny-models.ts';
import { loadEngine } from './engine.ts';

test.each(Object.entries(tinyModels))(
  'the engine loads the model %s and gives finite vectors',
  async (name, make) => {
    const pooling = name === 'qwen3' ? 'last' : 'mean';
    const settings = { contextLength: 512, dimensions: 32, pooling, normalize: true } as const;
    const engine = await loadEngine([new Blob([make()])], settings);
    try {
      const one = await engine.embed(Int32Array.from([2, 300, 301, 302, 3]));
      const other = await engine.embed(Int32Array.from([2, 310, 303, 3]));
      expect(Math.hypot(...one)).toBeCloseTo(1, 5);
      expect(other).not.toEqual(one);
      expect(await engine.embed(Int32Array.from([2, 300, 301, 302, 3]))).toEqual(one);
    } finally {
      engine.close();
    }
  },
);
