import { expect, test } from 'vitest';
import { checkSpace } from './space.ts';

const storage = (usage: number | undefined, quota: number | undefined) => ({
  estimate: async () => ({ usage, quota }) as StorageEstimate,
});

test('what does not fit is refused in a sentence, with both figures', async () => {
  await expect(checkSpace(2.5e9, '“m” cannot be kept', storage(1e9, 1.5e9))).rejects.toMatchObject({
    code: 'storage/quota',
    message: expect.stringMatching(
      /^“m” cannot be kept: it takes 2\.5 GB, and the browser has 500 MB left for Vecdrop\. Remove/,
    ),
  });
});

test('what fits is let through, but not to the last byte', async () => {
  await checkSpace(100e6, 'm', storage(0, 500e6));
  await expect(checkSpace(490e6, 'm', storage(0, 500e6))).rejects.toMatchObject({ code: 'storage/quota' });
});

test('where the browser does not tell, the disk has the last word', async () => {
  await checkSpace(1e12, 'm', storage(undefined, undefined));
  await checkSpace(1e12, 'm', { estimate: () => Promise.reject(new TypeError('not here')) });
});
