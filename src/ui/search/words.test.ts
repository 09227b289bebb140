import { expect, it } from 'vitest';
import {
  apartWords,
  balanceWords,
  countWords,
  foldedWords,
  placeWords,
  quotation,
  sameWords,
  scoreWords,
  shortened,
  shownScore,
  weakWords,
} from './words.ts';

const lines = { first: 40, last: 42 };

it('a place is named by its page, or by its lines where there are no pages', () => {
  expect(placeWords({ page: 17, headings: ['Tides', 'Slack water'], lines })).toBe('page 17 · Slack water');
  expect(placeWords({ headings: ['Working times'], lines })).toBe('lines 40–42 · Working times');
  expect(placeWords({ headings: [], lines: { first: 1040, last: 1040 } })).toBe('line 1,040');
  expect(placeWords({ headings: [] })).toBe('');
});

it('a quotation carries its source, and stays one where the text has several paragraphs', () => {
  const hit = { path: 'notes/tides.md', page: 3, headings: ['Tides', 'Slack water'], lines };
  expect(quotation(hit, '\nThe stream turns.\n\nThen it runs.\n')).toBe(
    '> The stream turns.\n>\n> Then it runs.\n>\n> — notes/tides.md, page 3, Tides › Slack water, lines 40–42',
  );
});

it('scores read as numbers between nothing and one', () => {
  expect([0.706, 1, 0, -0.05, 0.999].map(scoreWords)).toEqual(['.71', '1.00', '.00', '-.05', '1.00']);
});

it('counts name places and files', () => {
  const hit = (fileId: string, ordinal: number) => ({ fileId, ordinal });
  const hits = [hit('a', 1), hit('b', 1), hit('a', 2)];
  expect(countWords({ hits, ms: 6.4 } as never)).toBe('3 places in 2 files · 6 ms');
  expect(countWords({ hits: [], ms: 0.2 } as never)).toBe('No places · 1 ms');
  const place = { fileId: 'a', ordinal: 1, path: 'x/a.md' };
  expect(foldedWords([])).toBeUndefined();
  expect(foldedWords([place])).toBe('Nearly the same in a.md');
  expect(foldedWords([place, place, place])).toBe('Nearly the same in a.md and 2 more places');
});

it('the balance is said by both sides', () => {
  expect([0, 0.3, 1].map(balanceWords)).toEqual(['Words only', '30% meaning, 70% words', 'Meaning only']);
});

it('where a text stands again names other files and this one', () => {
  const places = [
    { fileId: 'a', ordinal: 1 },
    { fileId: 'b', ordinal: 4 },
    { fileId: 'b', ordinal: 5 },
  ];
  expect(sameWords(places, 'a')).toBe('3 places in 1 other file and this one');
  expect(sameWords(places, 'c')).toBe('3 places in 2 other files');
  expect(sameWords(places.slice(0, 1), 'a')).toBe('1 place in this file');
});

it('a chunk stands apart where hardly any is farther out, of many', () => {
  const chunks = { words: 1204, meaning: 1204 };
  expect(apartWords({ chunks, farther: 0 })).toBe(
    'Stands apart: of 1,204 chunks none is farther from the middle of all.',
  );
  expect(apartWords({ chunks, farther: 11 })).toContain('11 are farther');
  expect(apartWords({ chunks, farther: 12 })).toBeUndefined();
  expect(apartWords({ chunks })).toBeUndefined();
  expect(apartWords({ chunks: { words: 99, meaning: 99 }, farther: 0 })).toBeUndefined();
});

it('hits that are no good ones are called so', () => {
  const hit = { fileId: 'a', ordinal: 1 };
  expect(weakWords({ hits: [hit] } as never)).toBeUndefined();
  expect(weakWords({ hits: [hit], weak: true } as never)).not.toContain('share words');
  expect(weakWords({ hits: [{ ...hit, words: 2 }], weak: true } as never)).toContain('share words');
});

it('where nothing is close, the best of the bad does not look like a find', () => {
  const hit = { score: 1, cosine: 0.076, words: 4.6 };
  expect(shownScore(hit, false)).toEqual({ name: 'score', value: '1.00' });
  expect(shownScore(hit, true)).toEqual({ name: 'cosine', value: '.08' });
  expect(shownScore({ score: 1 }, true)).toBeUndefined();
});

it('a query that fills the pane is shortened between letters', () => {
  expect(shortened('tide tables')).toBe('tide tables');
  expect(shortened('tide tables', 5)).toBe('tide…');
  expect(shortened('🌊🌊🌊', 2)).toBe('🌊🌊…');
});
