import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeTinyGguf } from '../../scripts/make-tiny-gguf.ts';
import { tinyModels } from '../../scripts/make-tiny-models.ts';
import { text, uint32 } from '../../scripts/tiny-gguf/bytes.ts';
import { edited, type Pieces } from '../../scripts/tiny-gguf/edit.ts';
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
  ['bert-mean', 'bert', 'mean', 'wordpiece', 2, undefined],
  ['bert-cls', 'bert', 'cls', 'wordpiece', 2, undefined],
  ['nomic-bert', 'nomic-bert', 'mean', 'wordpiece', 2, undefined],
  ['nomic-bert-moe', 'nomic-bert-moe', 'mean', 'unigram', 2, 'Nomic Embed v2'],
  ['xlm-r', 'bert', 'cls', 'unigram', 2, undefined],
  ['gemma-embedding', 'gemma-embedding', 'mean', 'spm-bpe', 6, 'EmbeddingGemma'],
  ['qwen3', 'qwen3', 'last', 'byte-bpe', 2, 'Qwen3 Embedding'],
  ['jina-bert-v2', 'jina-bert-v2', 'mean', 'byte-bpe', 2, 'Jina v2'],
  ['modern-bert', 'modern-bert', 'cls', 'byte-bpe', 3, undefined],
  ['t5encoder', 't5encoder', 'mean', 'unigram', 2, undefined],
] as const)(
  'a model like %s is read: %s, %s, %s',
  async (name, architecture, pooling, kind, layers, family) => {
    const file = tinyModels[name]();
    const { info, tokenizer } = await readModel(new Blob([file]), 'x.gguf', 'sha');
    expect(tokenizer.kind).toBe(kind);
    expect(info).toMatchObject({
      id: 'sha',
      architecture,
      pooling,
      tokenizer: kind,
      layers,
      dimensions: 32,
      contextLength: 512,
      vocabularySize: tokenizer.tokens.length,
      quantization: 'Q8_0',
      bytes: file.length,
    });
    expect(info.family).toBe(family);
    expect(info.notices).toBeUndefined();
  },
);

/** The small Qwen3 as another architecture of its kind: keys renamed, and the norms of single heads gone. */
const renamed =
  (architecture: string, more: (pieces: Pieces) => void = () => {}) =>
  (pieces: Pieces) => {
    for (const [key, value] of [...pieces.entries]) {
      if (!key.startsWith('qwen3.')) continue;
      pieces.entries.delete(key);
      const rest = value.subarray(8 + key.length);
      const name = key.replace('qwen3', architecture);
      pieces.entries.set(name, new Uint8Array([...text(name, '').slice(0, 8 + name.length), ...rest]));
    }
    pieces.entries.set('general.architecture', text('general.architecture', architecture));
    pieces.tensors = pieces.tensors.filter(({ name }) => !/attn_[qk]_norm/.test(name));
    more(pieces);
  };

test.each(['qwen2', 'llama', 'eurobert', 'llama-embed'])(
  'a model of the architecture %s is read',
  async name => {
    const file = await edited(tinyModels.qwen3(), renamed(name));
    const { info } = await readModel(new Blob([file]), 'x.gguf', 'id');
    expect(info).toMatchObject({ architecture: name, pooling: 'last', dimensions: 32 });
  },
);

test('a decoder of a known family is pooled as its makers do, and the person is told', async () => {
  const file = await edited(tinyModels.qwen3(), ({ entries }) => entries.delete('qwen3.pooling_type'));
  const { info } = await readModel(new Blob([file]), 'Qwen3-Embedding-0.6B-Q8_0.gguf', 'id');
  expect(info).toMatchObject({
    pooling: 'last',
    notices: [expect.stringMatching(/does not say.*the last token is taken, as Qwen3 Embedding models/)],
  });
});

test('an encoder that does not say how it is pooled is pooled as its family, else by the mean', async () => {
  const read = async (name: string) => {
    const file = await edited(tinyModels['bert-mean'](), ({ entries }) => {
      entries.delete('bert.pooling_type');
      entries.set('general.name', text('general.name', name));
    });
    return (await readModel(new Blob([file]), 'x.gguf', 'id')).info;
  };
  expect(await read('bge-small-en-v1.5')).toMatchObject({
    pooling: 'cls',
    prefixes: { query: 'Represent this sentence for searching relevant passages: ', document: '' },
    notices: [expect.stringMatching(/the first token is taken, as BGE models/)],
  });
  expect(await read('mine')).toMatchObject({
    pooling: 'mean',
    notices: [expect.stringMatching(/the mean of all tokens is taken, as most/)],
  });
});

test('a model without a name goes by its file’s, without what makes it a part', async () => {
  const nameless = await edited(makeTinyGguf(), ({ entries }) => entries.delete('general.name'));
  const named = async (fileName: string) => (await readModel(new Blob([nameless]), fileName, 'id')).info.name;
  expect(await named('e5-small-v2.Q8_0.gguf')).toBe('e5-small-v2.Q8_0');
  expect(await named('big-00001-of-00003.gguf')).toBe('big');
});

test('experts are asked for in every second layer, as Nomic v2 has them', async () => {
  const file = await edited(tinyModels['nomic-bert-moe'](), ({ entries }) =>
    entries.set('nomic-bert-moe.expert_count', uint32('nomic-bert-moe.expert_count', 8)),
  );
  await expect(readModel(new Blob([file]), 'x.gguf', 'id')).rejects.toMatchObject({
    message: expect.stringMatching(/“blk\.1\.ffn_gate_inp\.weight” is 32 × 4 where 32 × 8 is due/),
  });
});

test.each([
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
