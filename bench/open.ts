import type { Page } from 'playwright';
import { buildIfStale, DIST } from '../scripts/build.ts';
import { pause, withPage } from './browser.ts';
import type { Options } from './options.ts';
import { type Measure, median } from './report.ts';
import { seedCollection } from './seed.ts';

const CHUNKS = 100_000;
const LIMIT_MS = 300_000;

/** A collection of 100,000 chunks in the page: from the first question to an index that has all of it. */
export async function open({ rounds }: Options): Promise<Measure[]> {
  await buildIfStale();
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

/** Milliseconds until the search worker holds all chunks, words and vectors. */
function prepared(page: Page): Promise<number> {
  return page.evaluate(async () => {
    while (!window.vecdrop) await new Promise(resolve => setTimeout(resolve, 5));
    const [made] = await window.vecdrop.collections();
    if (!made) throw new Error('The page has no collection.');
    const began = performance.now();
    await window.vecdrop.prepareSearch(made.id);
    const taken = performance.now() - began;
    const query = { text: 'harbour', balance: 0, limit: 10, byFile: false, fold: false };
    const { chunks, behind } = await window.vecdrop.search(made.id, query, new AbortController().signal);
    if (behind || chunks.meaning !== made.chunks || chunks.words !== made.chunks)
      throw new Error(`Of ${made.chunks} chunks ${chunks.words} and ${chunks.meaning} are indexed.`);
    return taken;
  });
}

function forgetIndexes(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry('search', { recursive: true }).catch(() => {});
  });
}

/** Waits until an index is written, which is some seconds after the last change: until its file grows no more. */
async function savedIndex(page: Page): Promise<void> {
  let before = -1;
  for (const end = Date.now() + LIMIT_MS; Date.now() < end; ) {
    await pause(2000);
    const bytes = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('search', { create: true });
      let sum = 0;
      for await (const entry of folder.values())
        if (entry.kind === 'file') sum += (await (entry as FileSystemFileHandle).getFile()).size;
      return sum;
    });
    if (bytes > 0 && bytes === before) return;
    before = bytes;
  }
  throw new Error('The index was not saved.');
}
