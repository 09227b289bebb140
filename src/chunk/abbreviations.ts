import { isBlank } from './blanks.ts';
import { base } from './language.ts';

/** Lower case, without the last full stop. Words that also end sentences ('etc', 'no') count only where noted. */
const ABBREVIATIONS = new Set(
  [
    'mr mrs ms dr prof st jr sr rev hon gen col capt lt sgt gov sen rep pres mt messrs',
    'e.g i.e cf vs viz al approx ca resp incl excl esp c',
    'fig figs eq eqs sec ch vol vols nos pp p art par ed eds tab ref refs app cap',
    'inc ltd co corp dept univ est',
    'jan feb mar apr jun jul aug sept oct nov dec',
    // German, Dutch
    'z.b d.h u.a o.ä i.d.r s.o s.u v.a m.e z.t u.u b.z.w bzw nr bspw evtl ggf vgl hr fr str geb gest gem inkl exkl',
    'mio mrd abb anm aufl hrsg jh ing dipl mag bzgl sog zzgl tel bijv o.a m.b.t d.w.z dhr mevr blz',
    // French, Spanish, Portuguese, Italian
    'm mm mme mlle mgr av bd env chap éd p.ex c.-à-d sra srta dra sres ud uds vd p.ej núm pág págs exmo exma sig dott',
    'dott.ssa avv arch on geom pag pagg sig.ra sig.na es',
    // Nordic, Slavic
    'f.eks bl.a m.m t.ex d.v.s f.d fr.o.m t.o.m dvs osv esim mm tri np tzn tzw m.in im ul prof.dr inż hab mgr.inż',
    'tj např resp apod mj ing.arch mudr judr т.е т.к т.н т.д т.п г гг им ул д стр см рис проф акад др тыс млн млрд руб',
    // Greek, Turkish
    'π.χ κ.λπ δηλ αρ σελ κ κα vb doç yrd örn bkz sn',
  ].flatMap(words => words.split(' ')),
);

/** Abbreviations only before a number: 'No. 5', but 'He said no.' */
const BEFORE_NUMBERS = new Set([
  'no',
  'art',
  'bd',
  'kap',
  'abs',
  'n',
  'nn',
  '№',
  'nº',
  'n°',
  'č',
  'sz',
  's',
  'гл',
  'п',
]);

/** Languages that write the third as '3.' */
const ORDINAL_STOPS = new Set([
  ...[
    'de',
    'da',
    'nb',
    'nn',
    'no',
    'fi',
    'et',
    'lv',
    'hu',
    'cs',
    'sk',
    'sl',
    'hr',
    'bs',
    'sr',
    'pl',
    'tr',
    'is',
    'lb',
  ],
]);

/** Longer than any abbreviation. */
const REACH = 14;

/**
 * Whether what ends before `end` (blanks aside) ends in a full stop that ends no sentence: of an abbreviation, an
 * initial, an ordinal, a list's number or an ellipsis. `start` is where the sentence does.
 */
export function isAbbreviated(
  text: string,
  start: number,
  end: number,
  language: string | undefined,
): boolean {
  let stop = end;
  while (stop > start && isBlank(text.charCodeAt(stop - 1))) stop--;
  const mark = text.charCodeAt(stop - 1);
  if (mark === ELLIPSIS) return true;
  if (mark !== FULL_STOP) return false;
  if (text.charCodeAt(stop - 2) === FULL_STOP) return true;
  const before = text.slice(Math.max(start, stop - REACH), stop);
  const number = /(?:^|[\s("'“„‘[])(\d{1,3})\.$/.exec(before)?.[1];
  if (number !== undefined) {
    // A number by itself numbers what follows.
    if (stop - start === number.length + 1) return true;
    return number.length < 3 && language !== undefined && ORDINAL_STOPS.has(base(language));
  }
  const word = WORD_AND_STOP.exec(before)?.[1];
  if (word === undefined) return false;
  if (/^\p{Lu}([.-]\p{Lu})*$/u.test(word)) return true;
  const lower = word.toLowerCase();
  return ABBREVIATIONS.has(lower) || (BEFORE_NUMBERS.has(lower) && /\d/.test(text.charAt(end)));
}

const FULL_STOP = 0x2e;
const ELLIPSIS = 0x2026;
const WORD_AND_STOP = /(?:^|[\s("'“„‘’«[])([\p{L}\p{M}№º°.-]+)\.$/u;
