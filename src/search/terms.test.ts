import { describe, expect, it } from 'vitest';
import { excerpt, marks } from './marks.ts';
import { queryTerms, TermReader } from './terms.ts';

const reader = new TermReader();

/** Terms of a text, each with what it stands for. */
function read(text: string): [term: string, stretch: string][] {
  const { count, units, starts, ends, from, to } = reader.read(text);
  return Array.from({ length: count }, (_, i) => [
    String.fromCharCode(...units.subarray(starts[i], ends[i])),
    text.slice(from[i], to[i]),
  ]);
}

const words = (text: string) => read(text).map(([term]) => term);

describe('TermReader', () => {
  it.each([
    ['Quick, brown-fox (3.14)', ['quick', 'brown', 'fox', '3', '14']],
    ['Café CAFÉ Ｃａｆｅ cafe\u0301', ['cafe', 'cafe', 'cafe', 'cafe']],
    ['Straße STRASSE Łódź Ærø', ['strasse', 'strasse', 'lodz', 'aero']],
    ['ΟΔΟΣ οδός İstanbul', ['οδοσ', 'οδοσ', 'istanbul']],
    ['ёлка Ёлка й', ['елка', 'елка', 'и']],
    ['שָׁלוֹם مُحَمَّد', ['שלום', 'محمد']],
    ['हिन्दी', ['हिन्दी']],
    ['ﬁne soft\u00adware', ['fine', 'software']],
    ['東京都', ['東京', '京都', '都']],
    ['水', ['水']],
    ['iPhone手机', ['iphone', '手机', '机']],
    ['ガス か\u3099す', ['ガス', 'ス', 'がす', 'す']],
    ['한국어', ['한국', '국어', '어']],
    ['ไทย', ['ไท', 'ทย', 'ย']],
    ['𝒳 😀 x²', ['x', 'x2']],
    ['', []],
  ])('reads “%s”', (text, terms) => {
    expect(words(text)).toEqual(terms);
  });

  it('knows what each term stands for, also where characters were composed', () => {
    expect(read('Cafe\u0301! 東京 か\u3099す')).toEqual([
      ['cafe', 'Cafe\u0301'],
      ['東京', '東京'],
      ['京', '京'],
      ['がす', 'か\u3099す'],
      ['す', 'す'],
    ]);
  });

  it('takes the beginning of a very long word', () => {
    expect(read('x'.repeat(100_000))).toEqual([['x'.repeat(64), 'x'.repeat(100_000)]]);
  });
});

describe('queryTerms', () => {
  it('takes the last word as a beginning while it is typed', () => {
    expect(queryTerms('Old Harb', true)).toEqual({ whole: ['old', 'harb'], beginnings: ['harb'] });
    expect(queryTerms('Old Harb ', true).beginnings).toEqual([]);
    expect(queryTerms('Old Harb').beginnings).toEqual([]);
    expect(queryTerms('Old H', true).beginnings).toEqual([]);
  });

  it('takes one character of a script without blanks as a beginning', () => {
    expect(queryTerms('水')).toEqual({ whole: [], beginnings: ['水'] });
    expect(queryTerms('東京')).toEqual({ whole: ['東京'], beginnings: [] });
  });
});

describe('marks', () => {
  it('marks words however they are written, and neighbours as one', () => {
    const marked = (text: string, query: string, typing = false) =>
      marks(text, queryTerms(query, typing)).map(([start, end]) => text.slice(start, end));
    expect(marked('The CAFÉ, a café-bar', 'cafe')).toEqual(['CAFÉ', 'café']);
    expect(marked('我住在東京都内', '東京都')).toEqual(['東京都']);
    expect(marked('海水と水', '水')).toEqual(['水', '水']);
    expect(marked('harbours, a harbour', 'harb', true)).toEqual(['harbours', 'harbour']);
  });
});

describe('excerpt', () => {
  const text = `${'calm water here. '.repeat(40)}The lock keeper opens the old harbour gate. ${'harbour '.repeat(40)}`;

  it('shows the place with the most different words', () => {
    const part = excerpt(text, queryTerms('harbour keeper lock'), 120);
    expect(part.text.length).toBeLessThanOrEqual(120);
    expect(part.text).toContain('lock keeper opens the old harbour');
    expect(text.slice(part.start, part.start + part.text.length)).toBe(part.text);
    expect(part.marks.map(([start, end]) => part.text.slice(start, end)).slice(0, 3)).toEqual([
      'lock',
      'keeper',
      'harbour',
    ]);
    expect(text[part.start - 1]).toBe(' ');
  });

  it('gives a short text whole, and the beginning where nothing matches', () => {
    expect(excerpt('lock', queryTerms('lock'), 120)).toEqual({ start: 0, text: 'lock', marks: [[0, 4]] });
    expect(excerpt(text, queryTerms('zebra'), 20)).toEqual({ start: 0, text: 'calm water here.', marks: [] });
    expect(excerpt('😀'.repeat(50), queryTerms('a'), 25).text).toBe('😀'.repeat(12));
  });
});
