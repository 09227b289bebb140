import { classOf, SPACE } from './character-classes.ts';
import { PartCounter } from './part-counter.ts';
import type { TokenCount } from './token-list.ts';
import type { Encoding, SpanCounter, Tokenizer } from './tokenizer.ts';
import { utf8 } from './utf8.ts';

/** Letters of plain words that go into one token at the least; half as many in what is no plain word. */
const LETTERS_PER_TOKEN = 3;
/** Longer runs of letters are keys, hashes or base64 rather than words. */
const LONGEST_WORD = 20;
const TOKENS_PER_IDEOGRAPH = 2;

/**
 * For endpoints whose vocabulary nobody tells: counts that are rather too high for every usual one. Words of the
 * Latin alphabet count a token for three letters, digits and signs one each, Chinese, Japanese and Korean characters
 * two, everything else its UTF-8 bytes; blanks that part words are free, as they are in every vocabulary.
 * `encode` gives the count only: so many ids, all 0, without offsets. The endpoint gets the text.
 */
export class EstimateTokenizer implements Tokenizer {
  readonly specialTokens = 2;

  encode(text: string): Encoding {
    const count = this.count(text);
    return {
      ids: new Int32Array(count),
      starts: new Int32Array(count),
      ends: new Int32Array(count),
      unknown: 0,
    };
  }

  count(text: string): number {
    return this.specialTokens + estimate(text);
  }

  counter(text: string, prefix = ''): SpanCounter {
    const readPart = (part: string, _fresh: boolean, sink: TokenCount): void => {
      sink.tokens += estimate(part);
    };
    return new PartCounter(text, prefix, this.specialTokens, readPart, fallsApart);
  }
}

function estimate(text: string): number {
  let tokens = 0;
  for (let at = 0; at < text.length; ) {
    const start = at;
    let oneCase = true;
    while (at < text.length && isLatin(text.charCodeAt(at))) {
      oneCase &&= at === start || text.charCodeAt(at) >= 0x61;
      at++;
    }
    const letters = at - start;
    if (letters > 0) {
      const isPlain = oneCase && letters <= LONGEST_WORD;
      tokens += isPlain
        ? Math.ceil(letters / LETTERS_PER_TOKEN)
        : Math.ceil((letters * 2) / LETTERS_PER_TOKEN);
      continue;
    }
    const code = text.codePointAt(at) as number;
    at += code > 0xffff ? 2 : 1;
    tokens += cost(code, text, at);
  }
  return tokens;
}

/** Of a character that is no Latin letter and ends before `at`. */
function cost(code: number, text: string, at: number): number {
  if (code === 0x20) return at < text.length && text.charCodeAt(at) !== 0x20 ? 0 : 1;
  if (code < 0x80) return 1;
  if (isIdeograph(code)) return TOKENS_PER_IDEOGRAPH;
  return classOf(code) === SPACE ? 1 : utf8(code).length;
}

/** Words end where something else begins; a blank's cost depends on what follows it. */
function fallsApart(previous: number, next: number): boolean {
  if (previous === 0x20 || (previous >= 0xd800 && previous < 0xe000)) return false;
  return !(isLatin(previous) && isLatin(next));
}

function isLatin(code: number): boolean {
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x7a;
}

/** Chinese, Japanese and Korean characters of the basic plane. */
function isIdeograph(code: number): boolean {
  return (
    (code >= 0x3040 && code < 0xa000) ||
    (code >= 0xac00 && code < 0xd7b0) ||
    (code >= 0xff00 && code < 0xfff0)
  );
}
