import { expect, it } from 'vitest';
import { fromHash, toHash, usualNarrowing } from './search-link.ts';

it('a link restores what it was made of', () => {
  const narrowing = usualNarrowing;
  const narrow = {
    formats: ['pdf', 'docx'],
    folder: 'notes & more/2024/',
    files: ['f-1', 'f-2'],
    byFile: true,
    fold: false,
    vary: true,
  };
  const links = [
    { text: 'tide & lock #1', balance: 0.3, collectionId: 'c-1', narrowing },
    { text: '潮 の 満ち干', narrowing },
    { text: 'tide', balance: 0.5, narrowing: narrow },
    { text: '', like: { fileId: 'f-1', ordinal: 52 }, collectionId: 'c-1', narrowing },
  ];
  for (const link of links) expect(fromHash(toHash(link))).toEqual(link);
});

it('a link says only what is not as usual', () => {
  expect(toHash({ text: 'tide', narrowing: usualNarrowing })).toBe('#q=tide');
});

it('no query is no hash, and what others wrote there is no query', () => {
  expect(toHash({ text: '  ', balance: 0.5, collectionId: 'c' })).toBe('');
  for (const hash of ['', '#', '#top', '#q=', '#like=x', '#like=a/b', '#in=c', '#files=a&types=pdf']) {
    expect(fromHash(hash)).toBeUndefined();
  }
  expect(fromHash('#q=tide&balance=7&types=,<b>,&files=a b')).toEqual({
    text: 'tide',
    narrowing: usualNarrowing,
  });
});
