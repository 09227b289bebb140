/** What a character is to a search. */
const SEPARATOR = 1;
/** Letters and digits of scripts that put blanks between words: a run of them is a term. */
export const WORD = 2;
/** Scripts that put none, and Hangul, whose particles cling to the words: two neighbours are a term. */
export const UNSPACED = 3;
/** An accent or a point that is read as if it were not there: it neither ends a term nor is part of it. */
export const SILENT = 4;

/** Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, and what only guides the lines' breaking. */
const SILENT_PATTERN =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u00ad\u200b\p{Join_Control}\u2060\p{Variation_Selector}\ufeff]/u;
const UNSPACED_PATTERN =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
const WORD_PATTERN = /[\p{L}\p{N}\p{M}]/u;

/** Letters that Unicode does not take apart, as they are typed without their keyboard. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'n',
  ς: 'σ',
};

const classes = new Uint8Array(0x110000);
/** What characters become; those that stay as they are are not in it. */
const forms = new Map<number, string>();

/** The class of a code point. */
export function classOf(code: number): number {
  return (classes[code] as number) || classify(code);
}

/**
 * A code point as terms have it: compatibility form (NFKC), small, without accents, so that “Ｃａｆé”, “CAFÉ” and “cafe”
 * are one term. Undefined where it stays as it is. Ask for its class first.
 */
export function formOf(code: number): string | undefined {
  return forms.get(code);
}

function classify(code: number): number {
  const character = String.fromCodePoint(code);
  const found = classFor(character);
  classes[code] = found;
  if (found === WORD || found === UNSPACED) {
    const form = fold(character);
    if (form !== character) forms.set(code, form);
  }
  return found;
}

function classFor(character: string): number {
  if (SILENT_PATTERN.test(character)) return SILENT;
  if (!WORD_PATTERN.test(character)) return SEPARATOR;
  const form = fold(character);
  if (form === '') return SILENT;
  return UNSPACED_PATTERN.test(form) ? UNSPACED : WORD;
}

function fold(character: string): string {
  // Some capitals have an accent only in their small form, some compatibility forms hold capitals.
  const small = character.normalize('NFKC').toLowerCase().normalize('NFKD');
  const bare = [...small].filter(part => !SILENT_PATTERN.test(part)).join('');
  // Parentheses and slashes of ⑴ and ½ are no part of a term.
  return [...bare.normalize('NFKC')]
    .map(part => PLAIN[part] ?? part)
    .filter(part => WORD_PATTERN.test(part))
    .join('');
}
