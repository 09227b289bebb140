import { expect, test } from 'vitest';
import { makeTinyGguf } from '../../scripts/make-tiny-gguf.ts';
import { tinyModels } from '../../scripts/make-tiny-models.ts';
import {
  type Bytes,
  entry,
  float32,
  float32s,
  int32s,
  join,
  strings,
  text,
  u32,
  u64,
  uint16,
  uint32,
} from '../../scripts/tiny-gguf/bytes.ts';
import { edited, type Pieces } from '../../scripts/tiny-gguf/edit.ts';
import { type Faulty, made, refusalOf } from '../../scripts/tiny-gguf/refusal.ts';

const tiny = makeTinyGguf();
const key = (name: string) => `tokenizer.ggml.${name}`;

/** The small BERT model with something changed. */
function bert(fault: string, change: (pieces: Pieces) => void, sentence: RegExp): Faulty {
  return [fault, () => edited(tiny, change), sentence];
}

/** Another of the small models with an entry set, or taken out. */
function changed(
  model: keyof typeof tinyModels,
  fault: string,
  name: string,
  value: ((name: string) => Bytes) | undefined,
  sentence: RegExp,
): Faulty {
  const change = ({ entries }: Pieces) =>
    value ? entries.set(name, value(name)) : void entries.delete(name);
  return [fault, () => edited(tinyModels[model](), change), sentence];
}

const set =
  (name: string, value: (name: string) => Bytes) =>
  ({ entries }: Pieces) =>
    void entries.set(name, value(name));
const drop =
  (name: string) =>
  ({ entries }: Pieces) =>
    void entries.delete(name);

const BERT: Faulty[] = [
  bert('no architecture', drop('general.architecture'), /does not name its architecture/),
  bert('no vocabulary', drop(key('tokens')), /holds no vocabulary/),
  bert(
    'a vocabulary of numbers',
    set(key('tokens'), name => int32s(name, [1, 2])),
    /holds no vocabulary/,
  ),
  bert(
    'an empty vocabulary',
    set(key('tokens'), name => strings(name, [])),
    /holds no vocabulary/,
  ),
  bert(
    'a token twice',
    set(key('tokens'), name => strings(name, ['[UNK]', '[CLS]', '[SEP]', 'a', 'a'])),
    /vocabulary holds “a” twice/,
  ),
  bert('no kind of tokenizer', drop(key('model')), /names no tokenizer/),
  bert(
    'an unknown kind of tokenizer',
    set(key('model'), name => text(name, 'rwkv')),
    /tokenizer “rwkv” is unknown/,
  ),
  bert(
    'too few token types',
    set(key('token_type'), name => int32s(name, [1, 1])),
    /2 token types for \d+ tokens/,
  ),
  bert(
    'token types in words',
    set(key('token_type'), name => strings(name, ['a'])),
    /token types are no list of numbers/,
  ),
  bert(
    'a special token out of range',
    set(key('cls_token_id'), name => uint32(name, 2 ** 31)),
    /“tokenizer\.ggml\.cls_token_id” is not a number between 0 and/,
  ),
  bert(
    'a vocabulary without [UNK]',
    pieces => {
      drop(key('unknown_token_id'))(pieces);
      set(key('tokens'), name => strings(name, ['[CLS]', '[SEP]', 'a']))(pieces);
      drop(key('token_type'))(pieces);
      for (const name of ['bos', 'eos', 'seperator', 'padding', 'cls', 'mask'])
        drop(key(`${name}_token_id`))(pieces);
    },
    /lacks \[CLS\], \[SEP\] or \[UNK\]/,
  ),
  bert('no count of token types', drop(key('token_type_count')), /token_type_count” is missing/),
  bert(
    'no layers',
    set('bert.block_count', name => uint32(name, 0)),
    /“bert\.block_count” is not a number between 1/,
  ),
  bert('no width', drop('bert.embedding_length'), /“bert\.embedding_length” is missing/),
  bert(
    'a context in words',
    set('bert.context_length', name => text(name, '512')),
    /“bert\.context_length” is not a number/,
  ),
  bert(
    'half a head',
    set('bert.attention.head_count', name => float32(name, 4.5)),
    /head_count” is not a number/,
  ),
  bert(
    'heads that do not divide',
    set('bert.attention.head_count', name => uint32(name, 5)),
    /32 dimensions do not divide into 5 heads/,
  ),
  bert(
    'keys that heads do not share',
    set('bert.attention.head_count_kv', name => uint32(name, 3)),
    /4 heads do not share 3 keys/,
  ),
  bert(
    '2^32 - 1 layers',
    set('bert.block_count', name => uint32(name, 2 ** 32 - 1)),
    /block_count” is not a number between 1 and 1024/,
  ),
  bert('a missing tensor', ({ tensors }) => tensors.splice(0, 1), /tensor “token_embd\.weight” is missing/),
  bert(
    'a layer too few',
    set('bert.block_count', name => uint32(name, 3)),
    /tensor “blk\.2\.attn_q\.weight” is missing/,
  ),
  bert(
    'fewer positions than context',
    set('bert.context_length', name => uint32(name, 1024)),
    /“position_embd\.weight” is 32 × 512 where 32 × 1024 is due/,
  ),
  bert(
    'a matrix of another shape',
    ({ tensors }) =>
      (tensors.find(({ name }) => name === 'blk.1.ffn_up.weight') as { shape: number[] }).shape.reverse(),
    /“blk\.1\.ffn_up\.weight” is 64 × 32 where 32 × 64 is due/,
  ),
  bert(
    'a bias of another length',
    ({ tensors }) =>
      (tensors.find(({ name }) => name === 'blk.0.attn_q.bias') as { shape: number[] }).shape.splice(
        0,
        1,
        16,
      ),
    /“blk\.0\.attn_q\.bias” is 16 where 32 is due/,
  ),
  bert(
    'part of a split model alone',
    set('split.count', name => uint16(name, 3)),
    /part 1 of 3; choose all 3 parts together/,
  ),
];

const VOCABULARIES: Faulty[] = [
  changed('xlm-r', 'no scores', key('scores'), undefined, /vocabulary has no scores/),
  changed(
    'xlm-r',
    'too few scores',
    key('scores'),
    name => float32s(name, [0, -1]),
    /2 token scores for \d+ tokens/,
  ),
  changed(
    'gemma-embedding',
    'scores in whole numbers',
    key('scores'),
    name => int32s(name, [1]),
    /scores are no list of 32-bit floats/,
  ),
  changed(
    'xlm-r',
    'a table that is cut short',
    key('precompiled_charsmap'),
    name => entry(name, 9, join([u32(0), u64(6), u32(400), new Uint8Array(2)])),
    /normalisation table does not fit/,
  ),
  changed(
    'xlm-r',
    'a table of numbers',
    key('precompiled_charsmap'),
    name => int32s(name, [1]),
    /normalisation table is no list of bytes/,
  ),
  changed(
    'xlm-r',
    'a first token out of range',
    key('bos_token_id'),
    name => uint32(name, 1e9),
    /bos_token_id” is not a number between 0/,
  ),
  changed(
    'xlm-r',
    'a first token that is not named',
    key('bos_token_id'),
    undefined,
    /wants a first token with every text and names none/,
  ),
  changed(
    'qwen3',
    'a last token as a word',
    key('add_eos_token'),
    name => text(name, 'yes'),
    /add_eos_token” is neither true nor false/,
  ),
  changed('qwen3', 'no merges', key('merges'), undefined, /vocabulary has no merges/),
  changed(
    'qwen3',
    'a merge of one',
    key('merges'),
    name => strings(name, ['a b', 'ab']),
    /merge “ab” is not a pair/,
  ),
  changed(
    'modern-bert',
    'a merge of three',
    key('merges'),
    name => strings(name, ['a b c']),
    /merge “a b c” is not a pair/,
  ),
  [
    'an unknown token type',
    () =>
      edited(tinyModels.qwen3(), pieces => {
        const tokens = pieces.tensors[0]?.shape[1] ?? 0;
        set(key('token_type'), name => int32s(name, new Array(tokens).fill(9)))(pieces);
      }),
    /token type 9 is unknown/,
  ],
  [
    'a score that is no number',
    () =>
      edited(tinyModels['xlm-r'](), pieces => {
        const tokens = pieces.tensors[0]?.shape[1] ?? 0;
        set(key('scores'), name => float32s(name, [0, Number.NaN, ...new Array(tokens - 2).fill(0)]))(pieces);
      }),
    /score of its token 1 is NaN/,
  ],
];

const OTHERS: Faulty[] = [
  bert(
    'a reranker',
    set('bert.pooling_type', name => uint32(name, 4)),
    /it is a reranker, which gives scores/,
  ),
  bert(
    'a reranker by name',
    set('general.name', name => text(name, 'bge-reranker-v2-m3')),
    /it is a reranker/,
  ),
  bert(
    'an unknown pooling',
    set('bert.pooling_type', name => uint32(name, 9)),
    /pooling type 9 is unknown/,
  ),
  bert(
    'a LoRA adapter',
    set('general.type', name => text(name, 'adapter')),
    /adapter \(LoRA\) for another model/,
  ),
  bert(
    'a projector',
    set('general.type', name => text(name, 'mmproj')),
    /image or sound part of another model/,
  ),
  bert(
    'CLIP',
    set('general.architecture', name => text(name, 'clip')),
    /image part of another model/,
  ),
  bert(
    'Whisper',
    set('general.architecture', name => text(name, 'whisper')),
    /model for speech/,
  ),
  bert(
    'a picture generator',
    set('general.architecture', name => text(name, 'flux')),
    /makes images/,
  ),
  bert(
    'an unserved generator',
    set('general.architecture', name => text(name, 'phi3')),
    /generates text \(“phi3”\)/,
  ),
  bert(
    'an unknown encoder',
    pieces => {
      set('general.architecture', name => text(name, 'newbert'))(pieces);
      set('newbert.pooling_type', name => uint32(name, 1))(pieces);
    },
    /architecture “newbert” is not one that Vecdrop can check/,
  ),
  bert(
    'neither words nor vectors',
    pieces => {
      set('general.architecture', name => text(name, 'protein'))(pieces);
      drop(key('tokens'))(pieces);
    },
    /architecture “protein” is no embedding model’s/,
  ),
  [
    'a Qwen3 that generates',
    () =>
      edited(tinyModels.qwen3(), pieces => {
        drop('qwen3.pooling_type')(pieces);
        set('general.name', name => text(name, 'Qwen3 0.6B'))(pieces);
      }),
    /it is a model that generates text, not an embedding model/,
  ],
];

test.each(await made([...BERT, ...VOCABULARIES, ...OTHERS]))(
  '%s is refused in a sentence of its own',
  async (_, file, sentence) => {
    const refusal = await refusalOf(file);
    expect(refusal).toMatch(/^“bad\.gguf” (is damaged|cannot be used): /);
    expect(refusal).toMatch(sentence);
  },
  // However wrong a file is, it is told at once.
  1000,
);
