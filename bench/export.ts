import type { Page } from 'playwright';
import { buildIfStale, DIST } from '../scripts/build.ts';
import { withPage } from './browser.ts';
import { rendererOf, settled, watchResident } from './memory.ts';
import type { Measure } from './report.ts';
import { seedCollection } from './seed.ts';

const CHUNKS = 200_000;
const MOST_MB = 100;

/**
 * What exporting 200,000 chunks adds to the peak of the renderer's resident memory, which the page and all its workers
 * share: the peak since the page was opened, before and after. And how fast it is. Linux tells the peak.
 */
export async function exporting(): Promise<Measure[]> {
  await buildIfStale();
  return withPage(DIST, async ({ context, page: first, origin }) => {
    const browser = context.browser();
    if (!browser) throw new Error('This context has no browser to ask.');
    const session = await browser.newBrowserCDPSession();
    await seedCollection(first, { chunks: CHUNKS, files: 800, topics: 40 });
    const formats = await first.evaluate(() => window.vecdrop.exportFormats());
    await first.close();
    const measures: Measure[] = [];
    for (const { id, name } of formats) {
      // A process of its own for each: none profits from memory that the one before was given.
      const page = await context.newPage();
      await page.goto(origin);
      const pid = await rendererOf(session, page);
      const watch = watchResident(pid);
      await page.getByRole('listbox', { name: 'Files' }).waitFor();
      const resting = await settled(pid);
      const before = watch.highest();
      const { bytes, seconds } = await exportAll(page, id);
      const peak = watch.highest();
      watch.stop();
      measures.push({
        name: `export: ${name}, 200,000 chunks, added to the peak`,
        value: peak - before,
        unit: 'MB',
        atMost: MOST_MB,
        note: `${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s; peak ${before.toFixed(0)}, then ${peak.toFixed(0)} MB, at rest ${resting.toFixed(0)}`,
      });
      await page.close();
    }
    return measures;
  });
}

function exportAll(page: Page, format: string): Promise<{ bytes: number; seconds: number }> {
  return page.evaluate(async format => {
    const [collection] = await window.vecdrop.collections();
    if (!collection) throw new Error('The page has no collection.');
    const began = performance.now();
    const never = new AbortController().signal;
    const blob = await window.vecdrop.exportCollection(collection.id, { format }, never, () => {});
    return { bytes: blob.size, seconds: (performance.now() - began) / 1000 };
  }, format);
}
