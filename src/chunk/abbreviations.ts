import { trimEnd } from './blanks.ts';

/** Lower case, without the last full stop. Words that also end sentences ('etc', 'no') count only where noted. */
const ABBREVIATIONS = new Set(
  [
    'mr mrs ms dr prof st jr sr rev hon gen col capt lt sgt gov sen rep pres',
    'e.g i.e cf vs viz al approx ca resp incl excl esp',
    'fig figs eq eqs sec ch vol vols nos pp p art par ed eds',
    'inc ltd co corp dept univ est',
    'jan feb mar apr jun jul aug sept oct nov dec',
    'z.b d.h u.a bzw nr bspw evtl ggf vgl hr fr str',
    'm mme mlle sra dra',
  ].flatMap(words => words.split(' ')),
);

/** Abbreviations only before a number: 'No. 5', but 'He said no.' */
const BEFORE_NUMBERS = new Set(['no', 'art', 'bd', 'kap', 'abs']);

/** Longer than any abbreviation. */
const REACH = 12;

/** Whether what ends before `end` (blanks aside) is an abbreviation or an initial, so that the sentence goes on. */
export function isAbbreviated(text: string, start: number, end: number): boolean {
  const stop = trimEnd(text, start, end);
  if (text.charCodeAt(stop - 1) !== 0x2e || text.slice(stop, end).includes('\n')) return false;
  const word = /(?:^|[\s("'“‘[])([\p{L}.]+)\.$/u.exec(text.slice(Math.max(start, stop - REACH), stop))?.[1];
  if (word === undefined) return false;
  if (/^\p{Lu}(\.\p{Lu})*$/u.test(word)) return true;
  const lower = word.toLowerCase();
  return ABBREVIATIONS.has(lower) || (BEFORE_NUMBERS.has(lower) && /^\d/.test(text.slice(end, end + 1)));
}
