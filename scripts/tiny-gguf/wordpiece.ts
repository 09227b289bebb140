import { type Bytes, int32s, strings, text, uint32 } from './bytes.ts';
import { WORDS } from './words.ts';

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
export const ENDINGS =
  's ed ing er ly es tion ment ness able al est ity ous ive th en re in on at an or'.split(' ');
const CYRILLIC = 'абвгдежзиклмнопрстуфхцчшщъыьэюя';
const CHINESE = '一二三人大小中国文字学生水火山川日月上下左右天地書本語言東京的是在不了有和這';

/** The metadata of an uncased WordPiece vocabulary, and how many tokens it has. */
export function wordPiece(): { entries: Bytes[]; size: number } {
  const tokens = vocabulary();
  const entries = [
    text('tokenizer.ggml.model', 'bert'),
    text('tokenizer.ggml.pre', 'default'),
    uint32('tokenizer.ggml.token_type_count', 2),
    strings('tokenizer.ggml.tokens', tokens),
    int32s(
      'tokenizer.ggml.token_type',
      tokens.map((_, id) => (id < SPECIAL.length ? 3 : 1)),
    ),
    uint32('tokenizer.ggml.bos_token_id', 2),
    uint32('tokenizer.ggml.eos_token_id', 3),
    uint32('tokenizer.ggml.unknown_token_id', 1),
    uint32('tokenizer.ggml.seperator_token_id', 3),
    uint32('tokenizer.ggml.padding_token_id', 0),
    uint32('tokenizer.ggml.cls_token_id', 2),
    uint32('tokenizer.ggml.mask_token_id', 4),
  ];
  return { entries, size: tokens.length };
}

/** In llama.cpp's form: ▁ before what begins a word, continuations bare. */
function vocabulary(): string[] {
  const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  const characters = [...printable.filter(c => !/[A-Z]/.test(c)), ...CYRILLIC];
  const starts = [...characters, ...CHINESE, ...WORDS].map(token => `▁${token}`);
  const continued = [...characters.filter(c => /[\p{L}\p{N}]/u.test(c)), ...ENDINGS];
  return [...new Set([...SPECIAL, ...starts, ...continued])];
}
