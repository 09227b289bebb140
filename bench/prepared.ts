import type { Page } from 'playwright';
import { pause } from './browser.ts';

const LIMIT_MS = 300_000;

/** Milliseconds until the search worker holds all chunks, words and vectors. */
export function prepared(page: Page): Promise<number> {
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

/**
 * Waits until an index is written, which is some seconds after the last change: until its file grows no more. Returns
 * its bytes.
 */
export async function savedIndex(page: Page): Promise<number> {
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
    if (bytes > 0 && bytes === before) return bytes;
    before = bytes;
  }
  throw new Error('The index was not saved.');
}
