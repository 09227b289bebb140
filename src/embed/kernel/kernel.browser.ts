import { expect, test } from 'vitest';
import golden from '../../../e2e/fixtures/golden-all-MiniLM-L6-v2.json';
import { readModel } from '../../gguf/model-info.ts';
import { cosine, rowOf } from '../compare.ts';
import { openEngine } from '../open.ts';
import { samplesFor } from '../samples.ts';

test('two instances in workers: the model’s own vectors, and right again after an abort in the middle', async () => {
  const gguf = await (await fetch('/models/all-MiniLM-L6-v2-Q8_0.gguf')).blob();
  const { info, tokenizer } = await readModel(gguf, 'built-in', 'id');
  const never = new AbortController().signal;
  const pool = await openEngine(info, gguf, { pooling: 'mean', normalize: true }, never, {
    engine: 'kernel',
    samples: samplesFor(info, tokenizer),
    instances: 2,
    onFall: ({ reason }) => expect.unreachable(reason),
  });
  await pool.whole();
  expect(pool.info).toMatchObject({ name: 'own kernel, CPU, 16-bit', instances: 2 });
  const inputs = golden.map(({ text, tokens }) => ({ text, ids: Int32Array.from(tokens) }));
  const long = { text: '', ids: Int32Array.from({ length: 512 }, (_, i) => 1000 + i) };
  const before = await pool.embed(inputs, never);
  for (const [row, { embedding }] of golden.entries()) {
    expect(cosine(rowOf(before.data, row, 384), embedding)).toBeGreaterThanOrEqual(0.999);
  }
  const controller = new AbortController();
  const stopped = pool.embed(Array(20).fill(long), controller.signal);
  setTimeout(() => controller.abort(), 100);
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  expect((await pool.embed(inputs, never)).data).toEqual(before.data);
  expect(pool.info.instances).toBe(2);
  await pool.close();
});
