import { type Bytes, boolean, int32s, strings, text, uint32 } from './bytes.ts';
import { trainBpe } from './train-bpe.ts';
import { WORDS, WORLD } from './words.ts';

const [NORMAL, UNKNOWN, CONTROL, USER_DEFINED] = [1, 2, 3, 4];
const MERGES = 700;

interface Special {
  token: string;
  type: number;
}

/** How a family puts its special tokens around the pieces. */
interface Layout {
  pre: string;
  first: Special[];
  last: Special[];
  /** Keys of tokenizer.ggml.*_token_id, to the token. */
  ids: Record<string, string>;
  /** tokenizer.ggml.add_*_token. */
  added: Record<string, boolean>;
  tokenTypes?: number;
}

const control = (token: string): Special => ({ token, type: CONTROL });

/** Qwen's: special tokens last; <|endoftext|> behind every text. */
export const QWEN: Layout = {
  pre: 'qwen2',
  first: [],
  last: ['<|endoftext|>', '<|im_start|>', '<|im_end|>'].map(control),
  ids: { bos: '<|endoftext|>', eos: '<|endoftext|>', padding: '<|endoftext|>' },
  added: { bos: false, eos: true },
};

/** Of jina v2 in other languages than English, as RoBERTa's: special tokens first; <s> and </s> around a text. */
export const JINA: Layout = {
  pre: 'jina-v2-de',
  first: [
    control('<s>'),
    control('<pad>'),
    control('</s>'),
    { token: '<unk>', type: UNKNOWN },
    control('<mask>'),
  ],
  last: [],
  ids: {
    bos: '<s>',
    eos: '</s>',
    unknown: '<unk>',
    seperator: '</s>',
    padding: '<pad>',
    cls: '<s>',
    mask: '<mask>',
  },
  added: { bos: true, eos: true },
  tokenTypes: 2,
};

/** ModernBERT's: runs of spaces user-defined, special tokens last; [CLS] and [SEP] around a text. */
export const MODERN_BERT: Layout = {
  pre: 'modern-bert',
  first: [],
  last: [
    ...['  ', '   ', '    '].map(token => ({ token, type: USER_DEFINED })),
    ...['[UNK]', '[CLS]', '[SEP]', '[PAD]', '[MASK]'].map(control),
  ],
  ids: {
    bos: '[CLS]',
    eos: '[SEP]',
    unknown: '[UNK]',
    seperator: '[SEP]',
    padding: '[PAD]',
    cls: '[CLS]',
    mask: '[MASK]',
  },
  added: { bos: true, eos: true, sep: true },
};

/** The same for every layout, and the slowest part. */
let trained: [string, string][] | undefined;

/** The metadata of a byte-level BPE vocabulary: GPT-2's alphabet of 256 bytes and merges over it. */
export function byteBpe(layout: Layout): { entries: Bytes[]; size: number } {
  const alphabet = byteAlphabet();
  const inBytes = (word: string) => [...new TextEncoder().encode(word)].map(byte => alphabet[byte] as string);
  const words = [...WORDS, ...WORLD].flatMap(word => [inBytes(` ${word}`), inBytes(word)]);
  trained ??= trainBpe(words, MERGES);
  const merges = trained;
  const pieces = new Set([...alphabet].sort(byCodePoint).concat(merges.map(pair => pair.join(''))));
  const all = [...layout.first, ...[...pieces].map(token => ({ token, type: NORMAL })), ...layout.last];
  const tokens = all.map(({ token }) => token);
  const entries = [
    text('tokenizer.ggml.model', 'gpt2'),
    text('tokenizer.ggml.pre', layout.pre),
    strings('tokenizer.ggml.tokens', tokens),
    int32s(
      'tokenizer.ggml.token_type',
      all.map(({ type }) => type),
    ),
    strings(
      'tokenizer.ggml.merges',
      merges.map(pair => pair.join(' ')),
    ),
    ...Object.entries(layout.ids).map(([key, token]) =>
      uint32(`tokenizer.ggml.${key}_token_id`, tokens.indexOf(token)),
    ),
    ...Object.entries(layout.added).map(([key, on]) => boolean(`tokenizer.ggml.add_${key}_token`, on)),
    ...(layout.tokenTypes ? [uint32('tokenizer.ggml.token_type_count', layout.tokenTypes)] : []),
  ];
  return { entries, size: tokens.length };
}

/** GPT-2's character for each byte: printable ones stand for themselves, the others follow from U+0100 on. */
function byteAlphabet(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCodePoint(printable ? byte : next++);
  });
}

function byCodePoint(a: string, b: string): number {
  return (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
}
