import { expect, test } from 'vitest';
import { tinyModels } from '../../scripts/make-tiny-models.ts';
import { boolean, entry, string, text } from '../../scripts/tiny-gguf/bytes.ts';
import { edited, type Pieces } from '../../scripts/tiny-gguf/edit.ts';
import { readModel } from './model-info.ts';

type Name = keyof typeof tinyModels;

async function tokenizerOf(name: Name, change: (pieces: Pieces) => void = () => {}) {
  const file = await edited(tinyModels[name](), change);
  return (await readModel(new Blob([file]), `${name}.gguf`, 'id')).tokenizer;
}

const key = (name: string) => `tokenizer.ggml.${name}`;

test.each([
  ['xlm-r', 'unigram', ['<s>'], ['</s>'], '<unk>'],
  ['t5encoder', 'unigram', [], ['</s>'], '<unk>'],
  ['gemma-embedding', 'spm-bpe', ['<bos>'], ['<eos>'], '<unk>'],
  ['qwen3', 'byte-bpe', [], ['<|endoftext|>'], undefined],
  ['jina-bert-v2', 'byte-bpe', ['<s>'], ['</s>'], '<unk>'],
  ['modern-bert', 'byte-bpe', ['[CLS]'], ['[SEP]'], '[UNK]'],
] as const)(
  '%s: a vocabulary of the kind %s, with what goes around a text',
  async (name, kind, ...around) => {
    const spec = await tokenizerOf(name);
    if (spec.kind === 'wordpiece') throw new Error('WordPiece has no pieces.');
    const token = (id: number | undefined) => (id === undefined ? undefined : spec.tokens[id]);
    expect([spec.kind, spec.before.map(token), spec.after.map(token), token(spec.unknown)]).toEqual([
      kind,
      ...around,
    ]);
    expect(spec.types).toHaveLength(spec.tokens.length);
  },
);

test('where the file is silent, what llama.cpp takes goes around a text', async () => {
  const silent = ({ entries }: Pieces) => {
    for (const name of ['bos', 'eos', 'unknown']) entries.delete(key(`${name}_token_id`));
    for (const name of ['add_bos_token', 'add_eos_token', 'add_space_prefix', 'remove_extra_whitespaces'])
      entries.delete(key(name));
  };
  expect(await tokenizerOf('xlm-r', silent)).toMatchObject({
    before: [],
    after: [1],
    unknown: 2,
    addSpacePrefix: false,
    removeExtraWhitespaces: false,
    byteFallback: false,
  });
  expect(await tokenizerOf('gemma-embedding', silent)).toMatchObject({
    before: [1],
    after: [],
    unknown: 0,
    addSpacePrefix: true,
  });
  const qwen = await tokenizerOf('qwen3', silent);
  expect(qwen).toMatchObject({ before: [], after: [] });
  expect(qwen).not.toHaveProperty('unknown');
});

test('Llama’s pre-tokenizer puts the first token before every text unless the file says no', async () => {
  const llama = ({ entries }: Pieces) => entries.set(key('pre'), text(key('pre'), 'llama-bpe'));
  const silent = await tokenizerOf('qwen3', pieces => {
    llama(pieces);
    pieces.entries.delete(key('add_bos_token'));
  });
  expect(silent).toMatchObject({ before: [expect.any(Number)], exact: true });
  expect(await tokenizerOf('qwen3', llama)).toMatchObject({ before: [] });
});

test('an unknown pre-tokenizer is told to the person, a known one is not', async () => {
  const read = async (pre: string) => {
    const file = await edited(tinyModels.qwen3(), ({ entries }) =>
      entries.set(key('pre'), text(key('pre'), pre)),
    );
    return readModel(new Blob([file]), 'x.gguf', 'id');
  };
  const unknown = await read('bloom');
  expect(unknown.tokenizer).toMatchObject({ preTokenizer: 'bloom', exact: false });
  expect(unknown.info.notices).toEqual([expect.stringMatching(/“bloom”.*upper bound/)]);
  const known = await read('qwen2');
  expect(known.tokenizer).toMatchObject({ exact: true });
  expect(known.info.notices).toBeUndefined();
});

test('bytes of Gemma are tokens, merges of Qwen are pairs', async () => {
  const gemma = await tokenizerOf('gemma-embedding');
  expect(gemma.kind === 'spm-bpe' && gemma.types[gemma.tokens.indexOf('<0x0A>')]).toBe(6);
  const qwen = await tokenizerOf('qwen3');
  expect(qwen.kind === 'byte-bpe' && qwen.merges[0]).toMatch(/^\S+ \S+$/);
});

test('a normalisation table is handed on as it is', async () => {
  const table = new Uint8Array([4, 0, 0, 0, 1, 2, 3, 4, 97, 0]);
  const spec = await tokenizerOf('xlm-r', ({ entries }) =>
    entries.set('map', entry(key('precompiled_charsmap'), 9, bytesOf(table))),
  );
  expect(spec).toMatchObject({ charsMap: table });
});

test('whether a WordPiece vocabulary is lowercased is what the file says', async () => {
  const said = key('normalizer.lowercase');
  const cased = await tokenizerOf('bert-mean', ({ entries }) => entries.set(said, boolean(said, false)));
  expect(cased).toMatchObject({ lowercase: false });
});

test('a token’s type is normal where the file gives none', async () => {
  const spec = await tokenizerOf('qwen3', ({ entries }) => entries.delete(key('token_type')));
  expect(spec.kind === 'byte-bpe' && new Set(spec.types)).toEqual(new Set([1]));
});

test('names of tokens may be unreadable bytes, several times', async () => {
  const broken = new Uint8Array([...string('ab').slice(0, 8), 0xff, 0xfe]);
  const spec = await tokenizerOf('qwen3', ({ entries }) => {
    const tokens = entries.get(key('tokens')) as Uint8Array<ArrayBuffer>;
    // The first two tokens are “!” and “"”: each 8 bytes of length and one of text.
    const list = string(key('tokens')).length + 4 + 4 + 8;
    const rest = tokens.slice(list + 18);
    entries.set(key('tokens'), new Uint8Array([...tokens.slice(0, list), ...broken, ...broken, ...rest]));
  });
  expect(spec.tokens.slice(0, 2)).toEqual(['��', '��']);
});

/** An array of bytes as a value. */
function bytesOf(bytes: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(12));
  head.setUint32(4, bytes.length, true);
  return new Uint8Array([...new Uint8Array(head.buffer), ...bytes]);
}
