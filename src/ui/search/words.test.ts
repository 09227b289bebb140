import { expect, it } from 'vitest';
import { balanceWords, countWords, foldedWords, placeWords, quotation, scoreWords } from './words.ts';

const lines = { first: 40, last: 42 };

it('a place is named by its page, or by its lines where there are no pages', () => {
  expect(placeWords({ page: 17, headings: ['Tides', 'Slack water'], lines })).toBe('page 17 · Slack water');
  expect(placeWords({ headings: ['Working times'], lines })).toBe('Working times · lines 40–42');
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
  const place = { fileId: 'a', ordinal: 1, path: 'x/a.md' };
  expect(foldedWords([])).toBeUndefined();
  expect(foldedWords([place])).toBe('Nearly the same in a.md');
  expect(foldedWords([place, place, place])).toBe('Nearly the same in a.md and 2 more places');
});

it('the balance is said by both sides', () => {
  expect([0, 0.3, 1].map(balanceWords)).toEqual(['Words only', '30% meaning, 70% words', 'Meaning only']);
});
