import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import golden from '../../../e2e/fixtures/golden-all-MiniLM-L6-v2.json' with { type: 'json' };
import { cosine } from '../compare.ts';
import { type Kernel, openKernel } from './engine.ts';

const SETTINGS = { contextLength: 512, dimensions: 384, pooling: 'mean', normalize: true } as const;
const never = new AbortController().signal;
const texts = golden.map(({ tokens }) => Int32Array.from(tokens));

let gguf: Blob;
let kernel: Kernel;

beforeAll(async () => {
  gguf = new Blob([await readFile('public/models/all-MiniLM-L6-v2-Q8_0.gguf')]);
  kernel = await openKernel(gguf, SETTINGS);
});

function vectorsOf(data: Float32Array): Float32Array[] {
  return Array.from({ length: data.length / 384 }, (_, row) => data.subarray(row * 384, (row + 1) * 384));
}

test('vectors are those of the original model', async () => {
  const vectors = vectorsOf(await kernel.embed(texts, never));
  const cosines = golden.map(({ embedding }, i) => cosine(vectors[i] as Float32Array, embedding));
  console.log(cosines.map(c => c.toFixed(6)).join(' '));
  expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.999);
  expect(cosines.reduce((a, b) => a + b) / cosines.length).toBeGreaterThanOrEqual(0.9995);
});
