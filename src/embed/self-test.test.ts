import { expect, test } from 'vitest';
import type { ModelInfo, TokenizerSpec } from '../domain/model.ts';
import type { EngineText } from './embed-api.ts';
import golden from './golden.json';
import { samplesFor } from './samples.ts';
import { selfTest } from './self-test.ts';
import { testModel } from './testing.ts';

const model: ModelInfo = { ...testModel, dimensions: 2, id: 'another', name: 'another', contextLength: 512 };
const recipe = { pooling: 'mean', normalize: true } as const;

type Embed = (texts: readonly EngineText[]) => Promise<Float32Array>;

const wordpiece: TokenizerSpec = {
  kind: 'wordpiece',
  tokens: [],
  lowercase: true,
  ids: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 },
};
const checkOf = (of: ModelInfo) =>
  selfTest(of, recipe, { samples: samplesFor(of, wordpiece), leastCosine: 0.9995, exact: true });

/** An engine whose vector of a text depends on the text alone. */
const right: Embed = async texts =>
  Float32Array.from(texts.flatMap(ids => [Math.cos(ids.length), Math.sin(ids.length)]));

test('an engine that gives the same vectors each time serves', async () => {
  const check = checkOf(model);
  await check(right);
  await check(right);
});

test.each<[string, Embed]>([
  ['NaN', async texts => new Float32Array(texts.length * 2).fill(Number.NaN)],
  ['zeros', async texts => new Float32Array(texts.length * 2)],
  ['the wrong length', async texts => new Float32Array(texts.length * 3).fill(0.5)],
  ['another norm', async texts => (await right(texts)).map(value => value * 1.01)],
])('an engine that gives %s does not', async (_, embed) => {
  await expect(checkOf(model)(embed)).rejects.toMatchObject({ code: 'engine/failed' });
});

test('an engine whose vectors depend on what came before does not serve', async () => {
  const check = checkOf(model);
  await expect(
    check(async texts => Float32Array.from(texts.flatMap((_, i) => [Math.cos(i), Math.sin(i)]))),
  ).rejects.toMatchObject({ code: 'engine/failed' });
});

test('a second instance with other bits does not serve', async () => {
  const check = checkOf(model);
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
  await checkOf(builtIn)(shipped);
  const shifted: Embed = async texts => (await shipped(texts)).map((value, i, all) => all[i ^ 1] ?? value);
  await expect(checkOf(builtIn)(shifted)).rejects.toMatchObject({ code: 'engine/failed' });
});
