import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { choose, type TestOptions, testEngines } from './choose.ts';
import { samplesFor } from './samples.ts';
import { type FakeEngine, type FakeEngineOptions, fakeEngine, rightVector, testModel } from './testing.ts';

const never = new AbortController().signal;
const machine = { cores: 2, isolated: true };
const samples = samplesFor(testModel, {
  kind: 'wordpiece',
  tokens: [],
  lowercase: true,
  ids: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 },
});

// Engines are timed by a clock that only their calls move: a busy machine does not change who is faster.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});
/** Milliseconds a call: what is timed. */
const takes = (ms: number) => async () => {
  vi.advanceTimersByTime(ms);
};
const engine = (options: FakeEngineOptions) => fakeEngine({ pace: takes(1), ...options });

function run(factories: FakeEngine[], signal = never, more: Partial<TestOptions> = {}) {
  return testEngines(
    {
      ...more,
      model: testModel,
      machine,
      factories,
      samples: more.samples ?? samples,
      startOptions: async () => ({
        model: testModel,
        gguf: new Blob(['x']),
        recipe: { pooling: 'mean', normalize: true },
        instances: 2,
        threads: 1,
        contextLength: 600,
        asText: false,
      }),
    },
    signal,
  );
}

test('the fastest engine that is right is taken, and each other one says why not', async () => {
  const cpu = engine({ id: 'wllama-cpu', pace: takes(20) });
  const gpu = engine({
    id: 'wllama-webgpu',
    watched: true,
    // On purpose: right but for one number in the last of the texts.
    vectorOf: ids =>
      ids.length > 20 ? rightVector(ids).map((x, i) => (i === 1 ? -x : x)) : rightVector(ids),
  });
  const kernel = engine({ id: 'kernel', pace: takes(1) });
  const { taken, overruled, reports } = choose(await run([kernel, gpu, cpu]), 'auto');
  expect(taken).toBe('kernel');
  expect(overruled).toBe(false);
  const [ofKernel, ofGpu, ofCpu] = reports;
  expect(ofKernel).toMatchObject({ engine: 'kernel', outcome: 'right' });
  expect(ofKernel?.cosine).toBeCloseTo(1, 6);
  expect(ofKernel?.reason).toBeUndefined();
  expect(ofGpu).toMatchObject({ engine: 'wllama-webgpu', outcome: 'wrong' });
  expect(ofGpu?.cosine).toBeLessThan(0.999);
  expect(ofGpu?.reason).toContain('wrong');
  expect(ofCpu).toMatchObject({ engine: 'wllama-cpu', outcome: 'right' });
  expect(ofCpu?.reason).toContain('slower');
  expect(ofKernel?.tokensPerSecond).toBeGreaterThan(ofCpu?.tokensPerSecond ?? Number.POSITIVE_INFINITY);
  for (const { workers } of [cpu, gpu, kernel]) expect(workers.every(({ alive }) => !alive)).toBe(true);
});

test('an engine that is absent, does not load or gives no numbers is not taken', async () => {
  const absent = engine({ id: 'wllama-webgpu', available: 'This browser gives no access to a GPU.' });
  const broken = engine({
    id: 'kernel',
    open: async () => {
      throw Object.assign(new Error('Not enough memory.'), { name: 'model/load' });
    },
  });
  const cpu = engine({ id: 'wllama-cpu' });
  const { taken, reports } = choose(await run([absent, broken, cpu]), 'auto');
  expect(taken).toBe('wllama-cpu');
  expect(reports).toMatchObject([
    { outcome: 'absent', reason: 'This browser gives no access to a GPU.' },
    { outcome: 'failed', reason: 'Not enough memory.' },
    { outcome: 'right' },
  ]);
  expect(absent.workers).toHaveLength(0);
  const none = engine({ id: 'kernel', vectorOf: () => [Number.NaN, 0, 0, 0] });
  expect(await run([none, cpu])).toMatchObject([{ outcome: 'wrong' }, { outcome: 'right' }]);
});

test('a person may take a slower engine that is right, not one that is wrong', async () => {
  const wrong = engine({ id: 'wllama-webgpu', vectorOf: () => [1, 0, 0, 0] });
  const slow = engine({ id: 'kernel', pace: takes(20) });
  const reports = await run([wrong, slow, engine({ id: 'wllama-cpu' })]);
  expect(choose(reports, 'kernel')).toMatchObject({ taken: 'kernel', overruled: true });
  expect(choose(reports, 'wllama-cpu')).toMatchObject({ taken: 'wllama-cpu', overruled: false });
  expect(choose(reports, 'wllama-webgpu')).toMatchObject({ taken: 'wllama-cpu', overruled: false });
});

test('an abort ends what was started', async () => {
  const controller = new AbortController();
  const cpu = engine({ id: 'wllama-cpu', pace: () => new Promise(() => controller.abort()) });
  await expect(run([cpu], controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(cpu.workers.every(({ alive }) => !alive)).toBe(true);
});

test('with shipped vectors the first engine that is right ends the test, and one that is wrong does not', async () => {
  const shipped = Float32Array.from(samples.inputs.flatMap(({ ids }) => [...rightVector(ids)]));
  const wrong = engine({ id: 'kernel', vectorOf: ids => rightVector(ids).map((x, i) => (i ? x : -x)) });
  const right = engine({ id: 'wllama-webgpu' });
  const cpu = engine({ id: 'wllama-cpu' });
  const more = { firstRight: true, samples: { ...samples, expected: shipped } };
  const reports = await run([wrong, right, cpu], never, more);
  expect(reports.map(({ engine, outcome }) => [engine, outcome])).toEqual([
    ['kernel', 'wrong'],
    ['wllama-webgpu', 'right'],
  ]);
  expect(cpu.workers).toHaveLength(0);
  expect(choose(reports, 'auto').taken).toBe('wllama-webgpu');
});
