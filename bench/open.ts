import type { Page } from 'playwright';
import { buildIfStale, DIST } from '../scripts/build.ts';
import { withPage } from './browser.ts';
import { openLarge } from './open-large.ts';
import type { Options } from './options.ts';
import { prepared, savedIndex } from './prepared.ts';
import { type Measure, median } from './report.ts';
import { seedCollection } from './seed.ts';

const CHUNKS = 100_000;

/** A collection of 100,000 chunks in the page: from the first question to an index that has all of it. */
export async function open({ rounds, chunks }: Options): Promise<Measure[]> {
  await buildIfStale();
  if (chunks !== undefined) return openLarge(chunks);
  return withPage(DIST, async ({ page }) => {
    await seedCollection(page, { chunks: CHUNKS, files: 400, topics: 40 });
    const anew: number[] = [];
    const saved: number[] = [];
    for (let round = 0; round < Math.min(3, rounds); round++) {
      await forgetIndexes(page);
      await page.reload();
      anew.push(await prepared(page));
      await savedIndex(page);
      await page.reload();
      saved.push(await prepared(page));
    }
    return [
      {
        name: 'open: 100,000 chunks made ready to search from what is stored',
        value: median(anew) / 1000,
        unit: 's',
      },
      {
        name: 'open: the same from the saved index',
        value: median(saved) / 1000,
        unit: 's',
        note: `${Math.min(...saved).toFixed(0)} to ${Math.max(...saved).toFixed(0)} ms, the workers’ start in it`,
      },
      {
        name: 'open: making it anew to opening it',
        value: median(anew) / median(saved),
        unit: '×',
        atLeast: 5,
      },
    ];
  });
}

function forgetIndexes(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('search', { recursive: true }).catch(() => {});
  });
}
