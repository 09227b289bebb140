import { expect, test } from 'vitest';
import type { ModelInfo } from '../domain/model.ts';
import golden from './golden.json';
import { selfTest } from './self-test.ts';

const model: ModelInfo = {
  id: 'another',
  name: 'another',
  architecture: 'bert',
  dimensions: 2,
  contextLength: 512,
  layers: 1,
  pooling: 'mean',
  tokenizer: 'wordpiece',
  vocabularySize: 1000,
  quantization: 'F32',
  bytes: 1,
};
const recipe = { pooling: 'mean', normalize: true } as const;

type Embed = (texts: readonly Int32Array[]) => Promise<Float32Array>;

/** An engine whose vector of a text depends on the text alone. */
const right: Embed = async texts =>
  Float32Array.from(texts.flatMap(ids => [Math.cos(ids.length), Math.sin(ids.length)]));

test('an engine that gives the same vectors each time serves', async () => {
  const check = selfTest(model, recipe);
  await check(right);
  await check(right);
});

test.each<[string, Embed]>([
  ['NaN', async texts => new Float32Array(texts.length * 2).fill(Number.NaN)],
  ['zeros', async texts => new Float32Array(texts.length * 2)],
  ['the wrong length', async texts => new Float32Array(texts.length * 3).fill(0.5)],
  ['another norm', async texts => (await right(texts)).map(value => value * 1.01)],
])('an engine that gives %s does not', async (_, embed) => {
  await expect(selfTest(model, recipe)(embed)).rejects.toMatchObject({ code: 'engine/failed' });
});

test('an engine whose vectors depend on what came before does not serve', async () => {
  const check = selfTest(model, recipe);
  await expect(
    check(async texts => Float32Array.from(texts.flatMap((_, i) => [Math.cos(i), Math.sin(i)]))),
  ).rejects.toMatchObject({ code: 'engine/failed' });
});

test('a second instance with other bits does not serve', async () => {
  const check = selfTest(model, recipe);
  await check(right);
  await expect(
    check(async texts => (await right(texts)).map(value => value * (1 + 2e-7))),
  ).rejects.toMatchObject({
    code: 'engine/failed',
  });
});

test('the built-in model must give its own vectors', async () => {
  const builtIn = { ...model, id: golden.modelId, dimensions: 384 };
  const shipped: Embed = async texts =>
    Float32Array.from(
      texts.flatMap(ids => golden.texts.find(text => text.ids.length === ids.length)?.vector ?? []),
    );
  await selfTest(builtIn, recipe)(shipped);
  const shifted: Embed = async texts => (await shipped(texts)).map((value, i, all) => all[i ^ 1] ?? value);
  await expect(selfTest(builtIn, recipe)(shifted)).rejects.toMatchObject({ code: 'engine/failed' });
});
