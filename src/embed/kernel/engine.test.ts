import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import golden from '../../../e2e/fixtures/golden-all-MiniLM-L6-v2.json' with { type: 'json' };
import { makeTinyGguf } from '../../../scripts/make-tiny-gguf.ts';
import { tinyModels } from '../../../scripts/make-tiny-models.ts';
import { readGguf } from '../../gguf/read.ts';
import { cosine, leastCosine, rowOf } from '../compare.ts';
import { type Kernel, openKernel } from './engine.ts';
import { createKernelService } from './service.ts';

const SETTINGS = { contextLength: 512, dimensions: 384, pooling: 'mean', normalize: true } as const;
const TINY = { ...SETTINGS, dimensions: 32 } as const;
const never = new AbortController().signal;
const texts = golden.map(({ tokens }) => Int32Array.from(tokens));
const exact = Float32Array.from(golden.flatMap(({ embedding }) => embedding));

let gguf: Uint8Array<ArrayBuffer>;
let kernel: Kernel;

beforeAll(async () => {
  gguf = new Uint8Array(await readFile('public/models/all-MiniLM-L6-v2-Q8_0.gguf'));
  kernel = await openKernel(new Blob([gguf]), SETTINGS);
});

/** A text of so many tokens, always the same. */
function someText(length: number, vocabulary = 30_000): Int32Array {
  return Int32Array.from({ length }, (_, i) => 100 + ((i * 7919 + length * 104_729) % (vocabulary - 100)));
}

test('vectors are those of the original model', async () => {
  const vectors = await kernel.embed(texts, never);
  const cosines = golden.map(({ embedding }, row) => cosine(rowOf(vectors, row, 384), embedding));
  expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.999);
  expect(cosines.reduce((a, b) => a + b) / cosines.length).toBeGreaterThanOrEqual(0.9995);
});

test.each([
  ['the real model', () => gguf, SETTINGS, [1, 6, 97, 200, 12, 12]],
  ['one with rotary positions and SwiGLU', tinyModels['nomic-bert'], TINY, [1, 2, 97, 193, 512, 12, 12]],
  ['a small one', makeTinyGguf, TINY, [1, 2, 5, 6, 7, 97, 191, 192, 193, 256, 511, 512, 12, 12]],
] as const)(
  '%s: the same bits whatever is embedded with it, before it, and by which instance',
  async (_, file, settings, lengths) => {
    const blob = new Blob([file()]);
    const { dimensions } = settings;
    const all = lengths.map(length => someText(length, 200));
    const one = await openKernel(blob, settings);
    const other = await openKernel(blob, settings);
    const together = await one.embed(all, never);
    const backwards = await one.embed(all.toReversed(), never);
    for (const [row, ids] of all.entries()) {
      const alone = await other.embed([ids], never);
      expect(rowOf(together, row, dimensions)).toEqual(alone);
      expect(rowOf(backwards, all.length - 1 - row, dimensions)).toEqual(alone);
    }
  },
);

test('kernels at work in one memory, in turns: each has the bits that it has alone', async () => {
  const first = await openKernel(new Blob([gguf]), SETTINGS, { place: 0 });
  const { memory } = first;
  const bytes = memory.buffer.byteLength;
  const second = await openKernel(new Blob([gguf]), SETTINGS, { place: 1, memory });
  expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  // Its work space is all that the second adds.
  expect(memory.buffer.byteLength - bytes).toBeLessThan(16 << 20);
  const [some, others] = [texts.slice(0, 9), texts.slice(9)];
  const both = await Promise.all([first.embed(some, never), second.embed(others, never)]);
  expect(both).toEqual([await kernel.embed(some, never), await kernel.embed(others, never)]);
});

test('calls at once wait for each other', async () => {
  const [one, two] = await Promise.all([kernel.embed(texts, never), kernel.embed(texts.slice(3, 4), never)]);
  expect(rowOf(one, 3, 384)).toEqual(two);
});

test('a damaged matrix is noticed by the golden texts', async () => {
  const { tensors } = await readGguf(new Blob([gguf]), 'model');
  const tensor = tensors.find(({ name }) => name === 'blk.3.ffn_up.weight');
  const damaged = gguf.slice();
  const { offset = 0, bytes = 0 } = tensor ?? {};
  damaged.copyWithin(offset, offset + bytes / 2, offset + bytes);
  const vectors = await (await openKernel(new Blob([damaged]), SETTINGS)).embed(texts, never);
  expect(leastCosine(vectors, exact, 384)).toBeLessThan(0.99);
});

test('an abort in the middle of a batch is heard, and the next call is right', async () => {
  const controller = new AbortController();
  const work = kernel.embed(Array(64).fill(someText(512)), controller.signal);
  setTimeout(() => controller.abort(), 50);
  await expect(work).rejects.toThrow('abort');
  const [first] = texts as [Int32Array];
  const vector = await kernel.embed([first], never);
  expect(cosine(vector, exact.subarray(0, 384))).toBeGreaterThan(0.999);
});

test('first, last and mean of the rows; vectors as they are', async () => {
  const tiny = new Blob([makeTinyGguf()]);
  const ids = someText(9, 200);
  const vectors = await Promise.all(
    (['mean', 'cls', 'last'] as const).map(async pooling => {
      const { embed } = await openKernel(tiny, { ...TINY, pooling, normalize: false });
      return embed([ids], never);
    }),
  );
  for (const [i, a] of vectors.entries()) {
    expect(a.every(Number.isFinite)).toBe(true);
    for (const b of vectors.slice(i + 1)) expect(a).not.toEqual(b);
  }
  const { embed } = await openKernel(tiny, { ...TINY, pooling: 'last', normalize: false });
  expect((await embed([ids.subarray(0, 1)], never)).length).toBe(32);
});

test('what it cannot do, it says', async () => {
  const tiny = new Blob([makeTinyGguf()]);
  await expect(openKernel(tiny, SETTINGS)).rejects.toMatchObject({ code: 'model/corrupt' });
  await expect(openKernel(new Blob(['GGUF']), TINY)).rejects.toMatchObject({ code: 'model/corrupt' });
  const manyHeads = makeTinyGguf();
  const at =
    Buffer.from(manyHeads).indexOf('bert.attention.head_count') + 'bert.attention.head_count'.length + 4;
  new DataView(manyHeads.buffer).setUint32(at, 8, true);
  await expect(openKernel(new Blob([manyHeads]), TINY)).rejects.toMatchObject({ code: 'model/unsupported' });
  const nomic = tinyModels['nomic-bert']();
  const key = Buffer.from(nomic).indexOf('nomic-bert.rope.freq_base');
  new DataView(nomic.buffer).setFloat32(key + 'nomic-bert.rope.freq_base'.length + 4, 0, true);
  await expect(openKernel(new Blob([nomic]), TINY)).rejects.toMatchObject({ code: 'model/corrupt' });
  const mixture = new Blob([tinyModels['nomic-bert-moe']()]);
  await expect(openKernel(mixture, TINY)).rejects.toMatchObject({ code: 'model/unsupported' });
  const { embed } = await openKernel(tiny, { ...TINY, contextLength: 4 });
  await expect(embed([someText(5, 200)], never)).rejects.toMatchObject({ code: 'chunk/too-long' });
  await expect(embed([Int32Array.of(1, 1 << 20)], never)).rejects.toMatchObject({ code: 'engine/failed' });
  await expect(embed([Int32Array.of()], never)).rejects.toMatchObject({ code: 'engine/failed' });
});

test('memory that is not to be had is told as such', async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  const load = createKernelService().open([new Blob([makeTinyGguf()])], TINY, { place: 0, memory });
  await expect(load).rejects.toMatchObject({ code: 'model/load' });
  await expect(load).rejects.toThrow('free memory');
});

test('its worker loads, embeds and is stopped as every engine’s', async () => {
  const service = createKernelService();
  const call = (ids: (Int32Array | string)[]) => service.embed(ids, new MessageChannel().port2);
  await expect(call([someText(3, 200)])).rejects.toMatchObject({ code: 'engine/failed' });
  await service.open([new Blob([makeTinyGguf()])], TINY);
  expect(await call([someText(3, 200), someText(4, 200)])).toHaveLength(64);
  await expect(call(['words'])).rejects.toMatchObject({ code: 'engine/failed' });
  const { port1, port2 } = new MessageChannel();
  const work = service.embed(Array(4000).fill(someText(500, 200)), port2);
  port1.postMessage('abort');
  await expect(work).rejects.toThrow('abort');
});
