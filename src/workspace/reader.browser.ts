import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ModelInfo, TokenizerSpec } from '../domain/model.ts';
import { defaultRecipe } from './models.ts';
import { createReader, type KnownText, type Reader } from './reader.ts';

const tokenizer: TokenizerSpec = {
  kind: 'wordpiece',
  tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', 'b', 'c', '.'],
  lowercase: true,
  ids: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 },
};
const info = { id: 'm', name: 'm', dimensions: 2, contextLength: 64, pooling: 'mean' } as ModelInfo;
const model = { info, tokenizer };
const recipe = { ...defaultRecipe(info), chunkSize: 8, overlap: 0 };
const signal = new AbortController().signal;

let reader: Reader;
/** Ids of the texts that were asked for, in order. */
let asked: string[];
beforeEach(() => {
  reader = createReader();
  asked = [];
});
afterEach(() => reader.close());

const known = (id: string, text: string): KnownText => ({
  id,
  length: text.length,
  async parts() {
    asked.push(id);
    return { pages: [text], length: text.length, blocks: [] };
  },
});

it('asks for a text once, however often its chunks are wanted', async () => {
  const text = known('x', 'a b c a b c. a b c a b c.');
  const small = await reader.rechunk(text, recipe, model, signal);
  const large = await reader.rechunk(text, { ...recipe, chunkSize: 40 }, model, signal);
  expect([small.count > 1, large.count, asked]).toEqual([true, 1, ['x']]);
  expect(await reader.rechunk(text, recipe, model, signal)).toEqual(small);
  expect(asked).toEqual(['x']);
});

it('asks again where another text came between, or another model', async () => {
  const [x, y] = [known('x', 'a b c.'), known('y', 'c b a c.')];
  await reader.rechunk(x, recipe, model, signal);
  await reader.rechunk(y, recipe, model, signal);
  await reader.rechunk(x, recipe, model, signal);
  await reader.rechunk(x, recipe, { ...model, info: { ...info, id: 'n' } }, signal);
  expect(asked).toEqual(['x', 'y', 'x', 'x']);
});

it('goes on after a call that was taken back', async () => {
  const text = known('x', 'a b c.');
  const abort = new AbortController();
  const taken = reader.rechunk(text, recipe, model, abort.signal);
  abort.abort();
  await expect(taken).rejects.toMatchObject({ name: 'AbortError' });
  expect((await reader.rechunk(text, recipe, model, signal)).count).toBe(1);
});
