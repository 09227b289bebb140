import { expect, it } from 'vitest';
import { fromHash, toHash } from './search-link.ts';

it('a link restores what it was made of', () => {
  const links = [
    { text: 'tide & lock #1', balance: 0.3, collectionId: 'c-1' },
    { text: '潮 の 満ち干' },
    { text: '', like: { fileId: 'f-1', ordinal: 52 }, collectionId: 'c-1' },
  ];
  for (const link of links) expect(fromHash(toHash(link))).toEqual(link);
});

it('no query is no hash, and what others wrote there is no query', () => {
  expect(toHash({ text: '  ', balance: 0.5, collectionId: 'c' })).toBe('');
  for (const hash of ['', '#', '#top', '#q=', '#like=x', '#like=a/b', '#in=c']) {
    expect(fromHash(hash)).toBeUndefined();
  }
  expect(fromHash('#q=tide&balance=7')).toEqual({ text: 'tide' });
});
