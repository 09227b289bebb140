import { expect, it } from 'vitest';
import { summary } from './plan-words.ts';

const row = { path: 'f/a.md', bytes: 1 };
const none = { changed: [], moved: [], added: [], stopped: [], gone: [] };

it('says how many files differ and how many do not', () => {
  expect(summary({ rows: { ...none, changed: [row], gone: [row] }, unchanged: 1204 })).toBe(
    'Compared with this collection: 2 files differ, 1,204 are as they were.',
  );
  expect(summary({ rows: { ...none, added: [row] }, unchanged: 1 })).toBe(
    'Compared with this collection: 1 file differs, 1 is as it was.',
  );
});
