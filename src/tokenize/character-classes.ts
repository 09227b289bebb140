/** What the patterns of pre-tokenizers tell apart. */
export const SPACE = 1;
export const NUMBER = 2;
export const MARK = 3;
/** Punctuation, symbols, controls, and what Unicode does not know. */
export const OTHER = 4;
/** Punctuation, and the symbols that the default pre-tokenizer takes for it. */
export const PUNCTUATION = 5;
/** Letters from here on. */
export const LOWER = 6;
export const UPPER = 7;
/** Neither or both: modifiers, and scripts without case. */
export const UNCASED = 8;

const classes = new Uint8Array(0x110000);

/** The class of a code point. \s is White_Space, as in Rust, Python and llama.cpp, not JavaScript's. */
export function classOf(code: number): number {
  return (classes[code] as number) || classify(code);
}

function classify(code: number): number {
  const found = find(String.fromCodePoint(code));
  classes[code] = found;
  return found;
}

function find(character: string): number {
  if (/\p{White_Space}/u.test(character)) return SPACE;
  if (/\p{Ll}/u.test(character)) return LOWER;
  if (/\p{Lu}|\p{Lt}/u.test(character)) return UPPER;
  if (/\p{L}/u.test(character)) return UNCASED;
  if (/\p{N}/u.test(character)) return NUMBER;
  if (/\p{M}/u.test(character)) return MARK;
  return /[\p{P}$+<=>^~|]/u.test(character) ? PUNCTUATION : OTHER;
}
