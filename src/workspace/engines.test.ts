import { afterEach, expect, test, vi } from 'vitest';
import type { CallLog, EngineChoice, EngineReport } from '../domain/engine.ts';
import type { ModelInfo } from '../domain/model.ts';
import { type Recipe, VERSIONS } from '../domain/recipe.ts';
import { choose } from '../embed/choose.ts';
import type { EmbedInput } from '../embed/embedder.ts';
import { type FakeEngine, fakeEngine, rightVector, testModel } from '../embed/testing.ts';
import type { Settings } from './api.ts';
import { createCallLog } from './call-log.ts';
import type { EngineChoices } from './engine-choice.ts';
import { createEngines, type EngineState } from './engines.ts';
import type { Models, OpenModel } from './models.ts';

const never = new AbortController().signal;
const MB = 2 ** 20;
const text = (id: number, length = 3): EmbedInput => ({
  text: `text ${id}`,
  ids: new Int32Array(length).fill(id),
});
const right = (inputs: readonly EmbedInput[]) =>
  Float32Array.from(inputs.flatMap(({ ids }) => rightVector(ids)));

interface SetUp {
  factories?: FakeEngine[];
  settings?: Partial<Settings>;
  /** What a test found before. */
  reports?: EngineReport[];
  info?: Partial<ModelInfo>;
  isolated?: boolean;
}

function setUp({
  factories = [fakeEngine({ id: 'wllama-cpu', instanceBytes: 100 * MB })],
  ...rest
}: SetUp = {}) {
  const settings: Settings = { keepOriginals: true, aliases: {}, memoryMB: 400, ...rest.settings };
  const opened = new Map<string, OpenModel>();
  const open = (id: string): OpenModel => {
    const model = opened.get(id) ?? {
      info: { ...testModel, ...rest.info, id },
      tokenizer: {
        kind: 'wordpiece',
        tokens: [],
        lowercase: true,
        ids: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 },
      },
      gguf: new Blob(['x']),
    };
    opened.set(id, model);
    return model;
  };
  const models = { info: async id => open(id).info, open: async id => open(id) } as Models;
  const kept = new Map<string, EngineReport[]>();
  const choiceOf = (id: string): EngineChoice | undefined => {
    const reports = kept.get(id) ?? rest.reports;
    return reports && choose(reports, 'auto');
  };
  const choices: EngineChoices = {
    get: async id => choiceOf(id),
    async keep(id, reports) {
      kept.set(id, reports);
      return choose(reports, 'auto');
    },
    choose: async id => choiceOf(id),
    async fell(id, engine, fall) {
      const before = kept.get(id) ?? rest.reports ?? [];
      kept.set(
        id,
        before.map(report => (report.engine === engine ? { ...report, ...fall } : report)),
      );
    },
  };
  const states: EngineState[] = [];
  const calls: CallLog[] = [];
  const log = createCallLog(call => calls.push(call));
  const engines = createEngines({
    models,
    choices,
    settings: async () => settings,
    machine: async () => ({ cores: 2, memoryGB: 8, isolated: rest.isolated ?? true }),
    openRemote: () => Promise.reject(new Error('No endpoints here.')),
    onState: state => states.push(state),
    onCall: log.add,
    factories,
  });
  const recipeOf = (id: string, change: Partial<Recipe> = {}): Recipe => ({
    modelId: id,
    strategy: 'recursive',
    chunkSize: 200,
    overlap: 20,
    embedHeadings: false,
    documentPrefix: '',
    queryPrefix: '',
    pooling: 'mean',
    normalize: true,
    dimensions: testModel.dimensions,
    versions: { ...VERSIONS },
    ...change,
  });
  const embed = async (recipe: Recipe, ...inputs: EmbedInput[]) =>
    (await (await engines.get(recipe, never)).embed(inputs, never)).data;
  return { engines, settings, states, calls, kept, recipeOf, embed, choiceOf };
}

/** Engines are then timed by a clock that their calls alone move: a busy machine does not change who is faster. */
const timedByCalls = () => vi.useFakeTimers({ toFake: ['performance'] });
/** Milliseconds a call, by that clock. */
const takes = (ms: number) => async () => {
  vi.advanceTimersByTime(ms);
};

const alive = ({ workers }: FakeEngine) => workers.filter(worker => worker.alive).length;
const report = (engine: EngineReport['engine'], tokensPerSecond: number): EngineReport => ({
  engine,
  name: engine,
  outcome: 'right',
  tokensPerSecond,
});

afterEach(() => vi.useRealTimers());

test('two models stay open where the memory suffices, and switching loads nothing', async () => {
  const cpu = fakeEngine({ id: 'wllama-cpu', instanceBytes: 100 * MB });
  const { embed, recipeOf } = setUp({ factories: [cpu], reports: [report('wllama-cpu', 1)] });
  for (let i = 0; i < 5; i++) {
    for (const id of ['a', 'b']) expect(await embed(recipeOf(id), text(i))).toEqual(right([text(i)]));
  }
  expect(cpu.workers).toHaveLength(4);
  expect(alive(cpu)).toBe(4);
});

test('engines go down to one instance for the vectors that are searched, and no further', async () => {
  const cpu = fakeEngine({ id: 'wllama-cpu', instanceBytes: 100 * MB });
  const { embed, recipeOf, engines } = setUp({ factories: [cpu], reports: [report('wllama-cpu', 1)] });
  await embed(recipeOf('a'), text(1));
  await expect.poll(() => alive(cpu)).toBe(2);
  engines.makeRoom(200 * MB);
  expect(alive(cpu)).toBe(2);
  engines.makeRoom(390 * MB);
  expect(alive(cpu)).toBe(1);
  expect(await embed(recipeOf('a'), text(2))).toEqual(right([text(2)]));
  // One that comes finds the same room: the other gives way.
  await embed(recipeOf('b'), text(3));
  expect(alive(cpu)).toBe(1);
  engines.makeRoom(0);
  await Promise.all([
    embed(recipeOf('b'), text(4)),
    embed(recipeOf('b'), text(5)),
    embed(recipeOf('b'), text(6)),
  ]);
  await expect.poll(() => alive(cpu)).toBe(2);
});

test('where it does not, the one that rests shrinks first, and the least recent is closed', async () => {
  const cpu = fakeEngine({ id: 'wllama-cpu', instanceBytes: 150 * MB });
  const { embed, recipeOf, engines } = setUp({ factories: [cpu], reports: [report('wllama-cpu', 1)] });
  await embed(recipeOf('a'), text(1));
  await expect.poll(() => alive(cpu)).toBe(2);
  // 300 MB of 400 are taken: one instance of each fits.
  await embed(recipeOf('b'), text(1));
  expect(alive(cpu)).toBe(2);
  const before = cpu.workers.length;
  await embed(recipeOf('a'), text(2));
  expect(cpu.workers).toHaveLength(before);
  await embed(recipeOf('c'), text(1));
  expect(alive(cpu)).toBe(2);
  // b was the least recent.
  await embed(recipeOf('a'), text(3));
  expect(cpu.workers).toHaveLength(before + 1);
  await engines.close();
  expect(alive(cpu)).toBe(0);
});

test('what instances share is counted once, and again only where the page is not isolated', async () => {
  const sized = { id: 'wllama-cpu', instanceBytes: 250 * MB, sharedBytes: 200 * MB } as const;
  const shared = fakeEngine(sized);
  const { embed, recipeOf } = setUp({ factories: [shared], reports: [report('wllama-cpu', 1)] });
  await embed(recipeOf('a'), text(1));
  // 200 MB and two times 50 of 400.
  await expect.poll(() => alive(shared)).toBe(2);
  const copied = fakeEngine(sized);
  const other = setUp({ factories: [copied], reports: [report('wllama-cpu', 1)], isolated: false });
  await other.embed(other.recipeOf('a'), text(1));
  expect(alive(copied)).toBe(1);
});

test('an engine that the memory is too small for is not started: the CPU’s serves, and the reason is told', async () => {
  const large = fakeEngine({ id: 'kernel', instanceBytes: 900 * MB, sharedBytes: 800 * MB });
  const cpu = fakeEngine({ id: 'wllama-cpu', instanceBytes: 100 * MB });
  const { embed, engines, recipeOf } = setUp({ factories: [large, cpu] });
  expect(await embed(recipeOf('a'), text(1))).toEqual(right([text(1)]));
  const { taken, reports } = await engines.test(recipeOf('a'), never);
  expect(taken).toBe('wllama-cpu');
  expect(reports[0]).toMatchObject({ engine: 'kernel', outcome: 'absent' });
  expect(reports[0]?.reason).toBe('It would take 900 MB of memory, and engines may take 400 MB here.');
  // Nor where it was taken when there was more of it.
  const before = setUp({ factories: [large, cpu], reports: [report('kernel', 9), report('wllama-cpu', 1)] });
  await before.embed(before.recipeOf('a'), text(1));
  expect(large.workers).toHaveLength(0);
});

test('an engine that nobody used for two minutes is closed, and loads again when it is asked for', async () => {
  vi.useFakeTimers();
  const cpu = fakeEngine({ id: 'wllama-cpu' });
  const { engines, recipeOf, states } = setUp({ factories: [cpu], reports: [report('wllama-cpu', 1)] });
  const served = await engines.get(recipeOf('a'), never);
  await served.embed([text(1)], never);
  await vi.advanceTimersByTimeAsync(119_000);
  await served.embed([text(1)], never);
  await vi.advanceTimersByTimeAsync(119_000);
  expect(alive(cpu)).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(alive(cpu)).toBe(0);
  expect(states.at(-1)).toEqual({ state: 'idle' });
  expect((await served.embed([text(2)], never)).data).toEqual(right([text(2)]));
});

test('changed settings are heeded by the next call; the calls under way end well', async () => {
  let release = () => {};
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  const cpu = fakeEngine({
    id: 'wllama-cpu',
    pace: texts => (texts[0]?.[0] === 1 ? held : Promise.resolve()),
  });
  const { engines, recipeOf, settings } = setUp({ factories: [cpu], reports: [report('wllama-cpu', 1)] });
  const served = await engines.get(recipeOf('a'), never);
  const first = served.embed([text(1)], never);
  await expect.poll(() => cpu.workers.some(({ calls }) => calls.at(-1)?.[0]?.[0] === 1)).toBe(true);
  settings.instances = 1;
  const second = served.embed([text(2)], never);
  release();
  expect((await first).data).toEqual(right([text(1)]));
  expect((await second).data).toEqual(right([text(2)]));
  await expect.poll(() => alive(cpu)).toBe(1);
});

test('the first vectors come from the CPU; a faster engine that is right takes over by itself', async () => {
  timedByCalls();
  const cpu = fakeEngine({ id: 'wllama-cpu', pace: takes(15) });
  const gpu = fakeEngine({ id: 'wllama-webgpu', watched: true, pace: takes(1) });
  const { embed, recipeOf, choiceOf, calls } = setUp({ factories: [gpu, cpu] });
  const recipe = recipeOf('a');
  expect(await embed(recipe, text(1))).toEqual(right([text(1)]));
  expect(calls[0]?.engine).toBe('fake wllama-cpu');
  let tokens = 2;
  while (!choiceOf('a')) expect(await embed(recipe, text(tokens))).toEqual(right([text(tokens++)]));
  expect(choiceOf('a')?.taken).toBe('wllama-webgpu');
  expect(await embed(recipe, text(5))).toEqual(right([text(5)]));
  expect(calls.at(-1)?.engine).toBe('fake wllama-webgpu');
});

test('an engine that needs no watching is compared before the first vectors, which are all its own', async () => {
  timedByCalls();
  const cpu = fakeEngine({ id: 'wllama-cpu', pace: takes(10) });
  const gpu = fakeEngine({ id: 'wllama-webgpu', watched: true, available: 'No GPU.' });
  const kernel = fakeEngine({ id: 'kernel', pace: takes(1) });
  const { embed, recipeOf, choiceOf, calls } = setUp({ factories: [kernel, gpu, cpu] });
  for (let i = 1; i < 4; i++) expect(await embed(recipeOf('a'), text(i))).toEqual(right([text(i)]));
  expect(calls.map(({ engine }) => engine)).toEqual(['fake kernel', 'fake kernel', 'fake kernel']);
  expect(choiceOf('a')).toMatchObject({
    taken: 'kernel',
    reports: [{ outcome: 'right' }, { outcome: 'absent' }, { outcome: 'right' }],
  });
  expect(alive(cpu)).toBe(0);
});

test('one that is wrong is not taken, and the CPU serves from the first vector on', async () => {
  timedByCalls();
  const cpu = fakeEngine({ id: 'wllama-cpu', pace: takes(10) });
  const kernel = fakeEngine({ id: 'kernel', vectorOf: () => [0, 1, 0, 0], pace: takes(1) });
  const { embed, recipeOf, calls } = setUp({ factories: [kernel, cpu] });
  expect(await embed(recipeOf('a'), text(1))).toEqual(right([text(1)]));
  expect(calls.map(({ engine }) => engine)).toEqual(['fake wllama-cpu']);
});

test('an engine that becomes wrong in the middle of the work is not taken again', async () => {
  const cpu = fakeEngine({ id: 'wllama-cpu' });
  const gpu = fakeEngine({
    id: 'wllama-webgpu',
    watched: true,
    vectorOf: (ids, call) => (call > 6 ? [1, 0, 0, 0] : rightVector(ids)),
  });
  const reports = [report('wllama-webgpu', 100), report('wllama-cpu', 1)];
  const { embed, recipeOf, choiceOf, calls } = setUp({ factories: [gpu, cpu], reports });
  const recipe = recipeOf('a');
  for (let i = 1; i < 12; i++) expect(await embed(recipe, text(i))).toEqual(right([text(i)]));
  expect(choiceOf('a')).toMatchObject({ taken: 'wllama-cpu', reports: [{ outcome: 'wrong' }, {}] });
  expect(calls.at(-1)?.engine).toBe('fake wllama-cpu');
  expect(gpu.workers).toHaveLength(1);
});

test('a load is ended when the last who waits for it has gone', async () => {
  let release = () => {};
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  const cpu = fakeEngine({ id: 'wllama-cpu', open: () => held });
  const { engines, recipeOf } = setUp({ factories: [cpu], reports: [report('wllama-cpu', 1)] });
  const [one, two] = [new AbortController(), new AbortController()];
  const waits = [one, two].map(({ signal }) => engines.get(recipeOf('a'), signal));
  await expect.poll(() => alive(cpu)).toBe(1);
  one.abort();
  await expect(waits[0]).rejects.toMatchObject({ name: 'AbortError' });
  expect(alive(cpu)).toBe(1);
  two.abort();
  await expect(waits[1]).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => alive(cpu)).toBe(0);
  release();
  await engines.get(recipeOf('a'), never);
});

test('a failed load is told, and tried again by the next', async () => {
  let broken = true;
  const cpu = fakeEngine({
    id: 'wllama-cpu',
    open: async () => {
      if (broken) throw Object.assign(new Error('Not enough memory.'), { name: 'model/load' });
    },
  });
  const { embed, recipeOf, states } = setUp({ factories: [cpu], reports: [report('wllama-cpu', 1)] });
  await expect(embed(recipeOf('a'), text(1))).rejects.toMatchObject({ code: 'model/load' });
  expect(states.at(-1)).toMatchObject({ state: 'failed' });
  broken = false;
  expect(await embed(recipeOf('a'), text(1))).toEqual(right([text(1)]));
});

test('vectors of a Matryoshka model are cut, and of length 1 again', async () => {
  const { embed, recipeOf } = setUp({ reports: [report('wllama-cpu', 1)] });
  const whole = await embed(recipeOf('a'), text(1), text(2));
  const cut = await embed(recipeOf('a', { dimensions: 2 }), text(1), text(2));
  expect(cut).toHaveLength(4);
  expect(Math.hypot(cut[2] ?? 0, cut[3] ?? 0)).toBeCloseTo(1, 6);
  expect((cut[2] ?? 0) / (cut[3] ?? 1)).toBeCloseTo((whole[4] ?? 0) / (whole[5] ?? 1), 5);
});

test('a text longer than usual is read whole, up to the person’s limit', async () => {
  const { embed, recipeOf, settings } = setUp({
    info: { contextLength: 8192 },
    reports: [report('wllama-cpu', 1)],
  });
  await embed(recipeOf('a'), text(1));
  expect(await embed(recipeOf('a'), text(2, 3000))).toEqual(right([text(2, 3000)]));
  settings.contextSize = 2048;
  await expect(embed(recipeOf('a'), text(2, 3000))).rejects.toMatchObject({
    code: 'chunk/too-long',
    message: expect.stringContaining('2048'),
  });
});

test('every call is logged with its time, its texts only where the person asked for them', async () => {
  const { embed, recipeOf, settings, calls } = setUp({ reports: [report('wllama-cpu', 1)] });
  await embed(recipeOf('a'), text(1), text(2, 5));
  settings.logPrompts = true;
  await embed(recipeOf('a'), text(3));
  expect(calls).toMatchObject([
    { modelId: 'a', engine: 'fake wllama-cpu', texts: 2, tokens: 8 },
    { texts: 1, tokens: 3, prompts: ['text 3'] },
  ]);
  expect(calls[0]).not.toHaveProperty('prompts');
});
