import { transfer } from 'comlink';
import { afterEach, beforeAll, expect, test } from 'vitest';
import golden from '../../e2e/fixtures/golden-all-MiniLM-L6-v2.json';
import type { ModelInfo } from '../domain/model.ts';
import type { WorkerHost } from '../rpc/host.ts';
import type { EmbedApi, EngineSettings } from './embed-api.ts';
import type { EmbedInput } from './embedder.ts';
import { openEngine } from './open.ts';
import { createPool, type Pool } from './pool.ts';
import { samplesFor } from './samples.ts';
import { startWllamaWorker } from './wllama/cpu.ts';

const model: ModelInfo = {
  id: '87e8ad29d4c1ac06e8bfdaa66b3b893d4cda9c3c8d6d55d3d050b1c2c5387dc9',
  name: 'all-MiniLM-L6-v2',
  architecture: 'bert',
  dimensions: 384,
  contextLength: 512,
  layers: 6,
  pooling: 'mean',
  tokenizer: 'wordpiece',
  vocabularySize: 30522,
  quantization: 'Q8_0',
  bytes: 25282304,
};
const recipe = { pooling: 'mean', normalize: true } as const;
const settings: EngineSettings = { contextLength: 512, dimensions: 384, ...recipe };
const never = new AbortController().signal;
/** Milliseconds that a call may take: no test is about how quick it is. */
const PATIENT = 240_000;
const samples = samplesFor(model, {
  kind: 'wordpiece',
  tokens: [],
  lowercase: true,
  ids: { pad: 0, unk: 100, cls: 101, sep: 102, mask: 103 },
});
const inputs: EmbedInput[] = golden.map(({ text, tokens }) => ({ text, ids: Int32Array.from(tokens) }));

let gguf: Blob;
const open: (Pool | WorkerHost<EmbedApi>)[] = [];

beforeAll(async () => {
  gguf = await (await fetch('/models/all-MiniLM-L6-v2-Q8_0.gguf')).blob();
});

afterEach(async () => {
  for (const one of open.splice(0)) 'close' in one ? await one.close() : one.terminate();
});

function startWorker(): WorkerHost<EmbedApi> {
  const host = startWllamaWorker();
  open.push(host);
  return host;
}

/** One worker by itself, with the model loaded. */
async function loaded(extra: Partial<EngineSettings> = {}) {
  const host = startWorker();
  await host.call(never, PATIENT, remote => remote.open(gguf, { ...settings, ...extra }));
  return (ids: Int32Array) =>
    host.call(never, PATIENT, (remote, abort) => remote.embed([ids], transfer(abort, [abort])));
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function row(data: Float32Array, index: number): Float32Array {
  return data.subarray(index * 384, (index + 1) * 384);
}

test('vectors are those of the original model', async () => {
  const engine = await openEngine(model, gguf, recipe, never, { samples, instances: 1 });
  open.push(engine);
  const { data, dimensions } = await engine.embed(inputs, never);
  expect(dimensions).toBe(384);
  const cosines = golden.map(({ embedding }, i) => cosine(row(data, i), embedding));
  expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.9995);
  for (const i of golden.keys()) expect(Math.hypot(...row(data, i))).toBeCloseTo(1, 6);
});

test('the same ids give the same bits, whatever came before and wherever', async () => {
  const [a, b] = [inputs[0]?.ids ?? new Int32Array(), inputs[13]?.ids ?? new Int32Array()];
  const one = await loaded();
  const two = await loaded();
  const first = await one(a);
  await one(b);
  expect(await one(a)).toEqual(first);
  await two(b);
  expect(await two(a)).toEqual(first);
});

test('the build for older browsers gives the same vectors', async () => {
  const main = await loaded();
  const compat = await loaded({ build: 'compat' });
  for (const { ids } of inputs)
    expect(cosine(await main(ids), await compat(ids))).toBeGreaterThanOrEqual(0.9999);
});

test('a text as long as the context is read whole, a longer one refused by name', async () => {
  const pool = createPool({ model, gguf, ...recipe, size: 1, startHost: startWllamaWorker });
  open.push(pool);
  const text = (length: number) => ({ text: '', ids: new Int32Array(length).fill(2000) });
  expect((await pool.embed([text(512)], never)).data).toHaveLength(384);
  await expect(pool.embed([text(5), text(513)], never)).rejects.toMatchObject({
    code: 'chunk/too-long',
    input: 1,
  });
});

test('a broken model is an error with its reason, not a hang', async () => {
  const broken = new Blob([gguf.slice(0, 3_000_000), new Uint8Array(1000)]);
  const noise = new Blob([crypto.getRandomValues(new Uint8Array(60_000))]);
  for (const blob of [broken, noise]) {
    const host = startWorker();
    const error = await host
      .call(never, PATIENT, remote => remote.open(blob, settings))
      .catch(error => error);
    expect(error.name).toMatch(/^model\//);
  }
  await expect(openEngine(model, broken, recipe, never, { samples, instances: 1 })).rejects.toMatchObject({
    code: 'model/corrupt',
  });
  // Past our own checks: what the engine itself refuses comes with what it logged.
  const host = startWorker();
  const refused = host.call(never, PATIENT, remote => remote.open(noise, { ...settings, asStored: true }));
  const error = await refused.catch(error => error);
  expect(error.name).toBe('model/load');
  expect(error.stack).toMatch(/Caused by:[\s\S]*magic/);
});

test('a worker killed in the middle of a call is replaced and the call done again', async () => {
  const hosts: WorkerHost<EmbedApi>[] = [];
  const startHost = () => {
    const host = startWorker();
    hosts.push(host);
    return host;
  };
  const pool = createPool({ model, gguf, ...recipe, size: 1, startHost });
  open.push(pool);
  const before = await pool.embed(inputs, never);
  const again = pool.embed([...inputs, { text: '', ids: new Int32Array(400).fill(2000) }], never);
  // As soon as the worker may have been told of it: the work takes a second.
  await new Promise(resolve => setTimeout(resolve));
  hosts[0]?.terminate();
  expect((await again).data.subarray(0, before.data.length)).toEqual(before.data);
  expect(hosts).toHaveLength(2);
});

test('an abort is answered at once, and the engine serves on', async () => {
  const pool = createPool({ model, gguf, ...recipe, size: 1, startHost: startWllamaWorker });
  open.push(pool);
  await pool.ready;
  const controller = new AbortController();
  const long = Array.from({ length: 50 }, () => ({ text: '', ids: new Int32Array(500).fill(2000) }));
  const stopped = pool.embed(long, controller.signal);
  setTimeout(() => controller.abort(), 100);
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  expect((await pool.embed(inputs, never)).data).toHaveLength(384 * inputs.length);
});
