import { type Bytes, boolean, float32s, int32s, strings, text, uint32 } from './bytes.ts';
import { ENDINGS } from './wordpiece.ts';
import { WORDS, WORLD } from './words.ts';

const [NORMAL, UNKNOWN, CONTROL] = [1, 2, 3];

/** How a family puts its special tokens around the pieces. */
interface Layout {
  first: string[];
  last: string[];
  /** Keys of tokenizer.ggml.*_token_id, to the token. */
  ids: Record<string, string>;
  /** Whether <s> goes before a text; </s> goes behind it in all. */
  addBos: boolean;
  tokenTypes?: number;
}

export const XLM_R: Layout = {
  first: ['<s>', '<pad>', '</s>', '<unk>'],
  last: ['<mask>'],
  ids: {
    bos: '<s>',
    eos: '</s>',
    unknown: '<unk>',
    seperator: '</s>',
    padding: '<pad>',
    cls: '<s>',
    mask: '<mask>',
  },
  addBos: true,
  tokenTypes: 1,
};

export const T5: Layout = {
  first: ['<pad>', '</s>', '<unk>'],
  last: ['<extra_id_1>', '<extra_id_0>'],
  ids: { eos: '</s>', unknown: '<unk>', padding: '<pad>' },
  addBos: false,
};

/** The metadata of a Unigram vocabulary: special tokens, pieces with their scores, special tokens. */
export function unigram(layout: Layout): { entries: Bytes[]; size: number } {
  const pieces = scoredPieces();
  const special = (token: string): [string, number, number] => [
    token,
    0,
    token === '<unk>' ? UNKNOWN : CONTROL,
  ];
  const all = [
    ...layout.first.map(special),
    ...pieces.map(([piece, score]): [string, number, number] => [piece, score, NORMAL]),
    ...layout.last.map(special),
  ];
  const tokens = all.map(([token]) => token);
  const entries = [
    text('tokenizer.ggml.model', 't5'),
    text('tokenizer.ggml.pre', 'default'),
    strings('tokenizer.ggml.tokens', tokens),
    float32s(
      'tokenizer.ggml.scores',
      all.map(([, score]) => score),
    ),
    int32s(
      'tokenizer.ggml.token_type',
      all.map(([, , type]) => type),
    ),
    ...(layout.tokenTypes ? [uint32('tokenizer.ggml.token_type_count', layout.tokenTypes)] : []),
    boolean('tokenizer.ggml.add_space_prefix', true),
    boolean('tokenizer.ggml.remove_extra_whitespaces', true),
    ...Object.entries(layout.ids).map(([key, token]) =>
      uint32(`tokenizer.ggml.${key}_token_id`, tokens.indexOf(token)),
    ),
    boolean('tokenizer.ggml.add_bos_token', layout.addBos),
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
