import { expect, test } from 'vitest';
import { tinyModels } from '../../../scripts/make-tiny-models.ts';
import { splitGguf } from '../../../scripts/tiny-gguf/edit.ts';
import { readModel } from '../../gguf/model-info.ts';
import { type Engine, loadEngine } from './engine.ts';

const IDS = Int32Array.from([2, 300, 301, 302, 3]);

async function open(parts: Blob[]): Promise<Engine> {
  const { info } = await readModel(parts, 'tiny', 'id');
  const { contextLength, dimensions, pooling } = info;
  return loadEngine(parts, { contextLength, dimensions, pooling, normalize: true });
}

/** The others' vectors are compared with our kernel's, in kernel/families.browser.ts. */
const OURS: readonly string[] = ['bert-mean', 'bert-cls', 'xlm-r', 'nomic-bert'];
const models = Object.entries(tinyModels).filter(([name]) => !OURS.includes(name));

test.each(models)('the engine loads the model %s and gives vectors', async (_, make) => {
  const engine = await open([new Blob([make()])]);
  try {
    const vector = await engine.embed(IDS);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(await engine.embed(Int32Array.from([2, 310, 303, 3]))).not.toEqual(vector);
    expect(await engine.embed(IDS)).toEqual(vector);
  } finally {
    engine.close();
  }
});

test('the engine takes the parts of a split model as they are', async () => {
  const whole = tinyModels['xlm-r']();
  const parts = (await splitGguf(whole, 14)).map(part => new Blob([part]));
  expect(parts.length).toBeGreaterThan(1);
  const engines = [await open([new Blob([whole])]), await open(parts)] as const;
  try {
    expect(await engines[1].embed(IDS)).toEqual(await engines[0].embed(IDS));
  } finally {
    for (const engine of engines) engine.close();
  }
});
