import { type Bytes, boolean, float32s, int32s, strings, text, uint32 } from './bytes.ts';
import { trainBpe } from './train-bpe.ts';
import { WORDS, WORLD } from './words.ts';

const [NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE] = [1, 2, 3, 4, 6];
const MERGES = 700;

/** The slowest part. */
let trained: [string, string][] | undefined;

/**
 * The metadata of a SentencePiece BPE vocabulary in Gemma's order: <pad>, <eos>, <bos>, <unk>, <mask>, user-defined
 * ones, 256 bytes, merged pieces with their rank as the score, characters.
 */
export function spmBpe(): { entries: Bytes[]; size: number } {
  const tokens: string[] = [];
  const types: number[] = [];
  const scores: number[] = [];
  const add = (token: string, type: number, score = 0) => {
    if (tokens.includes(token)) return;
    tokens.push(token);
    types.push(type);
    scores.push(score);
  };
  for (const token of ['<pad>', '<eos>', '<bos>']) add(token, CONTROL);
  add('<unk>', UNKNOWN);
  add('<mask>', USER_DEFINED);
  for (const token of ['<unused0>', '<start_of_turn>', '<end_of_turn>']) add(token, CONTROL);
  for (const token of ['\n', '\n\n', '\t', '▁▁', '▁▁▁', '▁▁▁▁']) add(token, USER_DEFINED);
  for (let byte = 0; byte < 256; byte++) {
    add(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, BYTE);
  }
  const words = [...WORDS, ...WORLD].flatMap(word => [[...`▁${word}`], [...word]]);
  trained ??= trainBpe(words, MERGES);
  for (const [rank, pair] of trained.entries()) add(pair.join(''), NORMAL, -rank);
  const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  let rank = MERGES;
  for (const character of ['▁', ...printable, ...words.flat()]) add(character, NORMAL, -rank++);
  const entries = [
    text('tokenizer.ggml.model', 'llama'),
    text('tokenizer.ggml.pre', 'default'),
    strings('tokenizer.ggml.tokens', tokens),
    float32s('tokenizer.ggml.scores', scores),
    int32s('tokenizer.ggml.token_type', types),
    uint32('tokenizer.ggml.bos_token_id', 2),
    uint32('tokenizer.ggml.eos_token_id', 1),
    uint32('tokenizer.ggml.unknown_token_id', 3),
    uint32('tokenizer.ggml.padding_token_id', 0),
    boolean('tokenizer.ggml.add_bos_token', true),
    boolean('tokenizer.ggml.add_eos_token', true),
    boolean('tokenizer.ggml.add_space_prefix', false),
  ];
  return { entries, size: tokens.length };
}
