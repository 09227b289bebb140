import { expect, test } from 'vitest';
import type { EmbedInput } from './embedder.ts';
import { type Fall, guardPool } from './guard.ts';
import { type FakeEngineOptions, fakeEngine, rightVector, testModel } from './testing.ts';

const never = new AbortController().signal;
const start = {
  model: testModel,
  gguf: new Blob(['x']),
  recipe: { pooling: 'mean', normalize: true },
  instances: 1,
  threads: 1,
  contextLength: 600,
  asText: false,
} as const;

const text = (id: number): EmbedInput => ({ text: '', ids: Int32Array.of(id, id + 1, 7) });
const right = (inputs: readonly EmbedInput[]) =>
  Float32Array.from(inputs.flatMap(({ ids }) => rightVector(ids)));
const wrong = [1, 0, 0, 0];

function guarded(
  watchedOptions: Partial<FakeEngineOptions>,
  trustedOptions: Partial<FakeEngineOptions> = {},
) {
  const gpu = fakeEngine({ id: 'wllama-webgpu', watched: true, ...watchedOptions });
  const cpu = fakeEngine({ id: 'wllama-cpu', ...trustedOptions });
  const falls: Fall[] = [];
  const pool = guardPool({
    watched: gpu.start(start),
    startTrusted: onInfo => cpu.start({ ...start, onInfo }),
    instances: 3,
    leastCosine: 0.999,
    onFall: fall => falls.push(fall),
  });
  const cpuTexts = () => cpu.workers.flatMap(({ calls }) => calls).flat().length;
  return { pool, gpu, cpu, falls, cpuTexts };
}

test('right vectors are handed out after one text of many was compared', async () => {
  const { pool, falls, cpuTexts } = guarded({});
  const batches = Array.from({ length: 12 }, (_, i) => [text(i), text(100 + i)]);
  const all = await Promise.all(batches.map(batch => pool.embed(batch, never)));
  for (const [i, { data }] of all.entries()) expect(data).toEqual(right(batches[i] ?? []));
  expect(falls).toEqual([]);
  expect(cpuTexts()).toBeLessThan(24);
  await pool.close();
});

test('from the call on in which it becomes wrong, nothing of it gets out', async () => {
  const { pool, gpu, falls } = guarded({
    vectorOf: (ids, call) => (call > 5 ? wrong : rightVector(ids)),
  });
  for (let i = 0; i < 20; i++) {
    const batch = [text(i), text(50 + i), text(90 + i)];
    expect((await pool.embed(batch, never)).data).toEqual(right(batch));
  }
  expect(falls).toMatchObject([{ outcome: 'wrong' }]);
  expect(falls[0]?.cosine).toBeLessThan(0.999);
  expect(gpu.workers.every(({ alive }) => !alive)).toBe(true);
  expect(pool.info).toMatchObject({ name: 'fake wllama-cpu', instances: 3 });
});

test('calls that wait for one check are all done again when it fails', async () => {
  const { pool, falls } = guarded({ vectorOf: () => wrong });
  const batches = Array.from({ length: 10 }, (_, i) => [text(i)]);
  const all = await Promise.all(batches.map(batch => pool.embed(batch, never)));
  expect(all.map(({ data }) => data)).toEqual(batches.map(right));
  expect(falls).toHaveLength(1);
});

test('numbers that are none are refused without a comparison', async () => {
  const { pool, falls } = guarded({ vectorOf: () => [Number.NaN, 0, 0, 0] });
  expect((await pool.embed([text(1)], never)).data).toEqual(right([text(1)]));
  expect(falls).toMatchObject([{ outcome: 'wrong' }]);
});

test('an engine that is lost is replaced in the middle of the work', async () => {
  let calls = 0;
  const { pool, falls } = guarded({
    pace: async () => {
      if (++calls > 3) throw new Error('The device was lost.');
    },
  });
  for (let i = 0; i < 8; i++) expect((await pool.embed([text(i)], never)).data).toEqual(right([text(i)]));
  expect(falls).toMatchObject([{ outcome: 'failed' }]);
});

test('an abort while a check runs rejects at once, and the rest goes on', async () => {
  let release = () => {};
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  const { pool, falls } = guarded({}, { pace: () => held });
  const controller = new AbortController();
  const stopped = pool.embed([text(1)], controller.signal);
  const next = pool.embed([text(2)], never);
  await expect.poll(() => pool.info.instances).toBe(1);
  controller.abort();
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  release();
  expect((await next).data).toEqual(right([text(2)]));
  expect(falls).toEqual([]);
});

test('few calls are held back at once', async () => {
  let release = () => {};
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  const { pool } = guarded({}, { pace: () => held });
  const calls = Array.from({ length: 8 }, (_, i) => pool.embed([text(i)], never));
  const isFree = async () => {
    let free = false;
    void pool.whenFree().then(() => {
      free = true;
    });
    await new Promise(resolve => setTimeout(resolve, 5));
    return free;
  };
  await expect.poll(isFree).toBe(false);
  release();
  await Promise.all(calls);
  await pool.whenFree();
});
