import { type Bytes, boolean, float32s, int32s, strings, text, uint32 } from './bytes.ts';
import { ENDINGS } from './wordpiece.ts';
import { WORDS, WORLD } from './words.ts';

const [NORMAL, UNKNOWN, CONTROL] = [1, 2, 3];

/** The metadata of a Unigram vocabulary in XLM-R's order: <s>, <pad>, </s>, <unk>, the pieces, <mask>. */
export function unigram(): { entries: Bytes[]; size: number } {
  const pieces = scoredPieces();
  const tokens = ['<s>', '<pad>', '</s>', '<unk>', ...pieces.map(([piece]) => piece), '<mask>'];
  const types = [CONTROL, CONTROL, CONTROL, UNKNOWN, ...pieces.map(() => NORMAL), CONTROL];
  const entries = [
    text('tokenizer.ggml.model', 't5'),
    text('tokenizer.ggml.pre', 'default'),
    strings('tokenizer.ggml.tokens', tokens),
    float32s('tokenizer.ggml.scores', [0, 0, 0, 0, ...pieces.map(([, score]) => score), 0]),
    int32s('tokenizer.ggml.token_type', types),
    uint32('tokenizer.ggml.token_type_count', 1),
    boolean('tokenizer.ggml.add_space_prefix', true),
    boolean('tokenizer.ggml.remove_extra_whitespaces', true),
    uint32('tokenizer.ggml.bos_token_id', 0),
    uint32('tokenizer.ggml.eos_token_id', 2),
    uint32('tokenizer.ggml.unknown_token_id', 3),
    uint32('tokenizer.ggml.seperator_token_id', 2),
    uint32('tokenizer.ggml.padding_token_id', 1),
    uint32('tokenizer.ggml.cls_token_id', 0),
    uint32('tokenizer.ggml.mask_token_id', tokens.length - 1),
    boolean('tokenizer.ggml.add_bos_token', true),
    boolean('tokenizer.ggml.add_eos_token', true),
  ];
  return { entries, size: tokens.length };
}

/** Pieces with their logarithmic probabilities: words by rank (Zipf), endings, then every character by itself. */
function scoredPieces(): [string, number][] {
  const scored = new Map<string, number>([['▁', -3]]);
  const add = (pieces: Iterable<string>, first: number) => {
    let rank = 0;
    for (const piece of pieces) {
      if (!scored.has(piece)) scored.set(piece, first - Math.log(1 + rank++));
    }
  };
  const characters = [...new Set([...WORDS, ...WORLD].join(''))];
  const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  add(
    [...WORDS, ...WORLD].map(word => `▁${word}`),
    -4,
  );
  add(ENDINGS, -6);
  add(printable, -9);
  add(characters, -11);
  return [...scored];
}
