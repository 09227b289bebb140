import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeTinyGguf } from '../../scripts/make-tiny-gguf.ts';
import { readModel } from './model-info.ts';

test('the built-in model is known without loading it', async () => {
  const file = new Blob([readFileSync('public/models/all-MiniLM-L6-v2-Q8_0.gguf')]);
  const { info, tokenizer } = await readModel(file, 'x.gguf', 'sha');
  expect(info).toEqual({
    id: 'sha',
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
    license: 'apache-2.0',
    family: 'all-MiniLM',
  });
  expect(tokenizer).toMatchObject({
    kind: 'wordpiece',
    ids: { pad: 0, unk: 100, cls: 101, sep: 102, mask: 103 },
    lowercase: true,
  });
  // As in the model's own vocab.txt.
  expect([1996, 2015, 1012, 1, 30521].map(id => tokenizer.tokens[id])).toEqual([
    'the',
    '##s',
    '.',
    '[unused0]',
    '##～',
  ]);
});

test('pooling is what the file says, the mean where it says nothing', async () => {
  const poolingOf = async (byte: number) =>
    (await readModel(patched('bert.pooling_type', 4, byte), 'x', 'id')).info.pooling;
  expect(await poolingOf(0)).toBe('mean');
  expect(await poolingOf(1)).toBe('mean');
  expect(await poolingOf(2)).toBe('cls');
  expect(await poolingOf(3)).toBe('last');
  await expect(poolingOf(4)).rejects.toMatchObject({
    code: 'model/unsupported',
    message: expect.stringMatching(/reranker/),
  });
  await expect(poolingOf(9)).rejects.toMatchObject({
    code: 'model/unsupported',
    message: expect.stringMatching(/pooling type 9/),
  });
});

test.each([
  [
    'an architecture other than BERT',
    replaced('\x04\0\0\0\0\0\0\0bert', '\x04\0\0\0\0\0\0\0qwen'),
    'unsupported',
    /“qwen”/,
  ],
  [
    'a missing tensor',
    replaced('blk.1.ffn_down.weight', 'blk.1.ffn_xxxx.weight'),
    'corrupt',
    /ffn_down.* missing/,
  ],
  ['heads that do not divide', patched('bert.attention.head_count', 4, 5), 'corrupt', /5 heads/],
  ['more layers than there are', patched('bert.block_count', 4, 3), 'corrupt', /blk\.2.* missing/],
  ['dimensions that do not fit', patched('bert.embedding_length', 4, 64), 'corrupt', /token_embd/],
  ['a control token out of range', patched('tokenizer.ggml.cls_token_id', 5, 9), 'corrupt', /cls_token_id/],
])('%s is refused', async (_, file, code, message) => {
  await expect(readModel(file, 'x.gguf', 'id')).rejects.toMatchObject({
    code: `model/${code}`,
    message: expect.stringMatching(message),
  });
});

test('a vocabulary that already has its continuations marked is taken as it is', async () => {
  const { tokenizer } = await readModel(replaced('▁', '##x'), 'x', 'id');
  expect(tokenizer.tokens.filter(token => token.startsWith('##x')).length).toBeGreaterThan(100);
  expect(tokenizer.tokens.some(token => token.startsWith('####'))).toBe(false);
});

test('a vocabulary with capitals is not lowercased', async () => {
  expect((await readModel(replaced('▁t', '▁T'), 'x', 'id')).tokenizer).toMatchObject({ lowercase: false });
});

/** The tiny model with the byte at `distance` behind a key set: 4 for the lowest byte of a number. */
function patched(key: string, distance: number, byte: number): Blob {
  const file = Buffer.from(makeTinyGguf());
  file[file.indexOf(key) + key.length + distance] = byte;
  return new Blob([file]);
}

/** The tiny model with a text replaced everywhere by one of as many bytes. */
function replaced(text: string, by: string): Blob {
  const file = Buffer.from(makeTinyGguf()).toString('latin1');
  const latin1 = (unicode: string) => Buffer.from(unicode).toString('latin1');
  return new Blob([Buffer.from(file.replaceAll(latin1(text), latin1(by)), 'latin1')]);
}
