import {
  classOf,
  LOWER,
  MARK,
  NUMBER,
  OTHER,
  PUNCTUATION,
  SPACE,
  UNCASED,
  UPPER,
} from './character-classes.ts';

/** Ends of pre-tokens in UTF-16, in order. */
export type Ends = number[];

/** Cuts text[from, to) as if nothing stood around it, and appends the ends of what it finds. */
type Pass = (text: string, from: number, to: number, ends: Ends) => void;

/** How a model family cuts text before byte-level BPE: by each pass in turn, every one within the pieces of the last. */
export interface PreTokenizer {
  passes: readonly Pass[];
  /** The model's own tokenizer composes characters first. llama.cpp does not. */
  nfc?: boolean;
  /** A pre-token that is a token as a whole is not built by merges. */
  wholeWords?: boolean;
  /** Control tokens that swallow the blanks before them. */
  stripped?: ReadonlySet<string>;
}

const gpt2: PreTokenizer = { passes: [cutAsGpt2] };
const llama3: PreTokenizer = { passes: [cutAsLlama({ digits: 3 })], wholeWords: true };
const qwen2: PreTokenizer = { passes: [cutAsLlama({ digits: 1 })], nfc: true };
const gpt4o: PreTokenizer = { passes: [cutAsLlama({ digits: 3, cased: true, slashes: true })] };
const starcoder: PreTokenizer = { passes: [cutNumbers(1), cutAsGpt2] };
const mask = new Set(['<mask>']);

/**
 * By the GGUF's tokenizer.ggml.pre. The patterns are those of the families' tokenizer.json; the names are llama.cpp's
 * (llama-vocab.cpp), which simplifies some patterns where its regular expressions know no such classes.
 */
const families: Readonly<Record<string, PreTokenizer>> = {
  default: { passes: [cutPunctuation, cutAsGpt2, cutNumbers(Number.POSITIVE_INFINITY), cutThreeDigits] },
  'gpt-2': gpt2,
  'roberta-bpe': { ...gpt2, stripped: mask },
  'jina-es': gpt2,
  'jina-de': gpt2,
  'jina-v1-en': gpt2,
  'jina-v2-es': { ...gpt2, stripped: mask },
  'jina-v2-de': { ...gpt2, stripped: mask },
  'jina-v2-code': { ...gpt2, stripped: mask },
  'modern-bert': { ...gpt2, nfc: true, stripped: new Set(['[MASK]']) },
  'llama-bpe': llama3,
  llama3,
  'llama-v3': llama3,
  'jina-v5-nano': llama3,
  qwen2,
  // Made from Qwen's; whether it composes is not known.
  f2llmv2: { ...qwen2, nfc: false },
  'gpt-4o': gpt4o,
  llama4: gpt4o,
  'granite-embed-multi-97m': { ...gpt4o, wholeWords: true },
  starcoder,
  smollm: starcoder,
};

/** Names whose cuts are known exactly. */
export const knownPreTokenizers: ReadonlySet<string> = new Set(Object.keys(families));

/**
 * The pre-tokenizer of a name. For an unknown one: cuts wherever any known pre-tokenizer would and more, so that
 * fewer merges are possible and counts come out too high rather than too low.
 */
export function preTokenizer(name: string): PreTokenizer {
  return Object.hasOwn(families, name) ? (families[name] as PreTokenizer) : { passes: [cutEverywhere] };
}

/** Ends of the pre-tokens of a text. */
export function preTokens(text: string, { passes }: PreTokenizer): Ends {
  let ends: Ends = [text.length];
  for (const pass of passes) {
    const finer: Ends = [];
    let from = 0;
    for (const to of ends) {
      pass(text, from, to, finer);
      from = to;
    }
    ends = finer;
  }
  return ends;
}

/**
 * Whether every pre-tokenizer here cuts between two code points, whatever stands around them: before blanks (a line
 * end goes with punctuation before it), and where letters or digits end.
 */
export function alwaysCuts(previous: number, next: number): boolean {
  const before = classOf(previous);
  const after = classOf(next);
  if (before === SPACE) return false;
  const isWord = before === NUMBER || before >= LOWER;
  if (after === SPACE) return isWord || (next !== 0x0a && next !== 0x0d);
  if (!isWord || after === MARK || next === APOSTROPHE) return false;
  return before === NUMBER ? after !== NUMBER : after < LOWER;
}

const APOSTROPHE = 0x27;

/** GPT-2: 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ */
function cutAsGpt2(text: string, from: number, to: number, ends: Ends): void {
  for (let at = from; at < to; ) {
    const contraction = contractionAt(text, at, to, false);
    if (contraction > 0) {
      at += contraction;
    } else {
      const first = text.charCodeAt(at) === 0x20 && at + 1 < to ? at + 1 : at;
      const kind = group(classAt(text, first, to));
      at =
        kind === SPACE
          ? blanksEnd(text, at, to)
          : runEnd(text, first, to, code => group(classOf(code)) === kind);
    }
    ends.push(at);
  }
}

/**
 * Llama 3 and its kin: (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|
 * \s*[\r\n]+|\s+(?!\S)|\s+. With `cased` (GPT-4o) a word is
 * [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+, else as many of the first before any of the second,
 * with the contraction at its end; with `slashes` a slash goes with punctuation as line ends do.
 */
function cutAsLlama({ digits, cased = false, slashes = false }: LlamaCuts): Pass {
  const words = cased ? [mixedWordEnd, capitalsEnd] : [lettersEnd];
  return (text, from, to, ends) => {
    for (let at = from; at < to; ) {
      at = tokenEnd(text, at, to);
      ends.push(at);
    }
  };

  function tokenEnd(text: string, at: number, to: number): number {
    const contraction = cased ? 0 : contractionAt(text, at, to, true);
    if (contraction > 0) return at + contraction;
    const code = text.codePointAt(at) as number;
    const kind = classOf(code);
    const after = at + width(code);
    if (kind !== NUMBER) {
      const leads = kind < LOWER && code !== 0x0a && code !== 0x0d;
      for (const wordEnd of words) {
        const led = leads ? wordEnd(text, after, to) : -1;
        const end = led > 0 ? led : wordEnd(text, at, to);
        if (end > 0) return cased ? end + contractionAt(text, end, to, true) : end;
      }
    } else {
      let end = after;
      for (let count = 1; count < digits && end < to && classAt(text, end, to) === NUMBER; count++) {
        end += width(text.codePointAt(end) as number);
      }
      return end;
    }
    const first = code === 0x20 && after < to ? after : at;
    if (isOther(classAt(text, first, to))) {
      let end = runEnd(text, first, to, next => isOther(classOf(next)));
      while (end < to && (isLineEnd(text.charCodeAt(end)) || (slashes && text.charCodeAt(end) === 0x2f)))
        end++;
      return end;
    }
    return linesEnd(text, at, to);
  }
}

interface LlamaCuts {
  digits: number;
  cased?: boolean;
  slashes?: boolean;
}

/** End of \p{L}+ at a place, or -1. */
function lettersEnd(text: string, at: number, to: number): number {
  const end = runEnd(text, at, to, code => classOf(code) >= LOWER);
  return end > at ? end : -1;
}

/** End of [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+ at a place, or -1. */
function mixedWordEnd(text: string, at: number, to: number): number {
  let lastUncased = -1;
  let capitals = at;
  while (capitals < to) {
    const code = text.codePointAt(capitals) as number;
    const kind = classOf(code);
    if (kind === UNCASED || kind === MARK) lastUncased = capitals;
    else if (kind !== UPPER) break;
    capitals += width(code);
  }
  const end = runEnd(text, capitals, to, isSmall);
  if (end > capitals) return end;
  // The first part gives back as little as it must.
  return lastUncased < 0 ? -1 : runEnd(text, lastUncased, to, isSmall);
}

/** End of capitals at a place where no word with small letters is, or -1. */
function capitalsEnd(text: string, at: number, to: number): number {
  const end = runEnd(text, at, to, code => classOf(code) === UPPER);
  return end > at ? end : -1;
}

function isSmall(code: number): boolean {
  const kind = classOf(code);
  return kind === LOWER || kind === UNCASED || kind === MARK;
}

/** [\p{P}$+<=>^~|]+ and what stands between. */
function cutPunctuation(text: string, from: number, to: number, ends: Ends): void {
  cutRuns(text, from, to, ends, code => classOf(code) === PUNCTUATION);
}

/** \p{N}{1,longest} and what stands between. */
function cutNumbers(longest: number): Pass {
  return (text, from, to, ends) => {
    if (longest > 1) {
      cutRuns(text, from, to, ends, code => classOf(code) === NUMBER);
      return;
    }
    let at = from;
    while (at < to) {
      const code = text.codePointAt(at) as number;
      const isNumber = classOf(code) === NUMBER;
      at = isNumber ? at + width(code) : runEnd(text, at, to, next => classOf(next) !== NUMBER);
      ends.push(at);
    }
  };
}

/** [0-9][0-9][0-9] and what stands between. */
function cutThreeDigits(text: string, from: number, to: number, ends: Ends): void {
  let open = from;
  for (let at = from; at + 3 <= to; ) {
    if (!isDigit(text, at) || !isDigit(text, at + 1) || !isDigit(text, at + 2)) {
      at++;
      continue;
    }
    if (at > open) ends.push(at);
    at += 3;
    ends.push(at);
    open = at;
  }
  if (to > open) ends.push(to);
}

/** Single blanks, digits, marks and signs; letters in runs of one case; letters without case each alone. */
function cutEverywhere(text: string, from: number, to: number, ends: Ends): void {
  for (let at = from; at < to; ) {
    const code = text.codePointAt(at) as number;
    const kind = classOf(code);
    at =
      kind === LOWER || kind === UPPER
        ? runEnd(text, at, to, next => classOf(next) === kind)
        : at + width(code);
    ends.push(at);
  }
}

function cutRuns(text: string, from: number, to: number, ends: Ends, isIn: (code: number) => boolean): void {
  for (let at = from; at < to; ) {
    const inside = isIn(text.codePointAt(at) as number);
    at = runEnd(text, at, to, code => isIn(code) === inside);
    ends.push(at);
  }
}

function runEnd(text: string, from: number, to: number, isIn: (code: number) => boolean): number {
  let at = from;
  while (at < to) {
    const code = text.codePointAt(at) as number;
    if (!isIn(code)) break;
    at += width(code);
  }
  return at;
}

/** \s+(?!\S)|\s+: all blanks, but for the last where something follows. */
function blanksEnd(text: string, at: number, to: number): number {
  const end = runEnd(text, at, to, code => classOf(code) === SPACE);
  return end < to && end - at > 1 ? end - 1 : end;
}

/** \s*[\r\n]+ where there is a line end among the blanks, else as `blanksEnd`. */
function linesEnd(text: string, at: number, to: number): number {
  const end = runEnd(text, at, to, code => classOf(code) === SPACE);
  for (let last = end; last > at; last--) if (isLineEnd(text.charCodeAt(last - 1))) return last;
  return end < to && end - at > 1 ? end - 1 : end;
}

/** Length of a contraction at a place, 0 where there is none. */
function contractionAt(text: string, at: number, to: number, anyCase: boolean): number {
  if (text.charCodeAt(at) !== APOSTROPHE || at + 1 >= to) return 0;
  const word = text.slice(at + 1, Math.min(to, at + 3));
  const [first = '', second = ''] = anyCase ? lowerAscii(word) : word;
  if ('stmd'.includes(first)) return 2;
  return CONTRACTIONS.has(first + second) ? 3 : 0;
}

const CONTRACTIONS = new Set(['re', 've', 'll']);

/** Case folding knows one more s: ſ, U+017F. */
function lowerAscii(word: string): string {
  return word.replace(/[A-Z]/g, letter => letter.toLowerCase()).replaceAll('ſ', 's');
}

/** The class of what stands at a place; 0 behind the end. */
function classAt(text: string, at: number, to: number): number {
  return at < to ? classOf(text.codePointAt(at) as number) : 0;
}

/** One class for all letters, one for all that is neither letter, digit nor blank. */
function group(kind: number): number {
  if (kind >= LOWER) return LOWER;
  return isOther(kind) ? OTHER : kind;
}

function isOther(kind: number): boolean {
  return kind === OTHER || kind === PUNCTUATION || kind === MARK;
}

function isLineEnd(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d;
}

function isDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x30 && unit <= 0x39;
}

function width(code: number): number {
  return code > 0xffff ? 2 : 1;
}
