import { DROPPED, MARKS, PUNCTUATION } from './bert-tables.ts';

/** What BERT's normalizer and pre-tokenizer make of one code point. */
export const SPACE = 1;
export const DROP = 2;
/** A word by itself: punctuation, and each Chinese character. */
const ALONE = 3;
/** Part of a word, as it is. */
export const WORD = 4;
/** Part of a word, in another form. */
export const FOLDED = 5;

const SPACES = [0x09, 0x0a, 0x0d, 0x20, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000];

/** The ranges that BERT sets between spaces; the hole before U+2B920 is its own. */
const CHINESE: [number, number][] = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0x2f800, 0x2fa1f],
];

const marks = codePoints(MARKS);
const dropped = codePoints(DROPPED);
const punctuation = codePoints(PUNCTUATION);

/**
 * The characters of BERT with (`lowercase`) or without case folding. Each code point is looked at once, on its
 * first use: combining marks that NFD would put in another order keep theirs (no mark that survives is known
 * in a vocabulary together with another).
 */
export class BertCharacters {
  /** Class by code point; 0 where none has been asked for yet. */
  readonly classes = new Uint8Array(0x110000);
  private readonly forms = new Map<number, string>();
  private readonly lowercase: boolean;

  constructor(lowercase: boolean) {
    this.lowercase = lowercase;
    for (let code = 0; code < 0x80; code++) this.classify(code);
  }

  /** Finds and keeps the class of a code point. */
  classify(code: number): number {
    const found = this.find(code);
    this.classes[code] = found;
    return found;
  }

  /** The normalised form of a code point that is not dropped. */
  folded(code: number): string {
    return this.forms.get(code) ?? String.fromCodePoint(code);
  }

  private find(code: number): number {
    if (isIn(dropped, code) || (code >= 0xd800 && code < 0xe000)) return DROP;
    if (SPACES.includes(code) || (code >= 0x2000 && code <= 0x200a)) return SPACE;
    const character = String.fromCodePoint(code);
    const form = this.lowercase ? fold(character) : character;
    const first = form.codePointAt(0);
    if (first === undefined) return DROP;
    const alone = CHINESE.some(([low, high]) => code >= low && code <= high) || isIn(punctuation, first);
    if (form === character) return alone ? ALONE : WORD;
    this.forms.set(code, form);
    return alone ? ALONE : FOLDED;
  }
}

/** Accents off, then lowercase, each character by itself (no final sigma). */
function fold(character: string): string {
  let form = '';
  for (const part of character.normalize('NFD')) {
    if (!isIn(marks, part.codePointAt(0) ?? 0)) form += part.toLowerCase();
  }
  return form;
}

/** First and last code point of each range, in turn. */
function codePoints(table: string): Uint32Array {
  let code = 0;
  return Uint32Array.from(table.split(' '), step => {
    code += Number.parseInt(step, 36);
    return code;
  });
}

function isIn(ranges: Uint32Array, code: number): boolean {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle * 2 + 1] ?? 0) < code) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length / 2 && (ranges[low * 2] ?? 0) <= code;
}
