import { LoggerWithoutDebug, Wllama } from '@wllama/wllama/esm/index.js';
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { expect, test } from 'vitest';
import golden from '../../../e2e/fixtures/golden-all-MiniLM-L6-v2.json';
import { expandF32 } from '../../../scripts/expand-f32.ts';
import { readModel } from '../../gguf/model-info.ts';
import { openEngine } from '../open.ts';
import { samplesFor } from '../samples.ts';

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test('vectors are those that wllama by itself makes with weights expanded by another path', async () => {
  const gguf = await (await fetch('/models/all-MiniLM-L6-v2-Q8_0.gguf')).blob();
  const { info, tokenizer } = await readModel(gguf, 'built-in', 'id');
  const never = new AbortController().signal;
  const inputs = golden.map(({ text, tokens }) => ({ text, ids: Int32Array.from(tokens) }));
  const recipe = { pooling: 'mean', normalize: true } as const;
  const engine = await openEngine(info, gguf, recipe, never, {
    samples: samplesFor(info, tokenizer),
    instances: 1,
  });
  const { data, dimensions } = await engine.embed(inputs, never);
  await engine.close();

  const wllama = new Wllama({ default: wasmUrl }, { logger: LoggerWithoutDebug });
  wllama.setCompat(null);
  const expanded = expandF32(new Uint8Array(await gguf.arrayBuffer()));
  await wllama.loadModel([new Blob([expanded])], {
    embeddings: true,
    n_ctx: 512,
    n_batch: 512,
    n_ubatch: 512,
  });
  const cosines: number[] = [];
  for (const [i, { tokens }] of golden.entries()) {
    const response = await wllama.createEmbedding({ model: '', input: tokens });
    const own = data.subarray(i * dimensions, (i + 1) * dimensions);
    cosines.push(cosine(own, response.data[0]?.embedding as number[]));
  }
  await wllama.exit();
  expect(cosines).toHaveLength(golden.length);
  expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.9999);
});
