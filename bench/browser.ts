import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { CHROMIUM_FLAGS } from '../scripts/chromium-flags.ts';
import { ensureBrowser } from '../scripts/ensure-browser.ts';
import { startServer } from '../scripts/serve.ts';
import type { WorkspaceClient } from '../src/workspace/client.ts';

/** A page in a Chromium of its own, with a profile of its own, from a server of its own. */
export interface Opened {
  context: BrowserContext;
  page: Page;
  origin: string;
  /** An empty folder for files to add. */
  folder: string;
}

/** Serves `dir`, opens its page, and cleans up after `use`. */
export async function withPage<R>(dir: string, use: (opened: Opened) => Promise<R>): Promise<R> {
  const root = await mkdtemp(join(tmpdir(), 'vecdrop-bench-'));
  const server = await startServer({ dir, port: 0 });
  const options = {
    executablePath: ensureBrowser(),
    args: CHROMIUM_FLAGS,
    viewport: { width: 1280, height: 800 },
  };
  const context = await chromium.launchPersistentContext(join(root, 'profile'), options);
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(server.origin);
    return await use({ context, page, origin: server.origin, folder: root });
  } finally {
    await context.close();
    await server.close();
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

declare global {
  interface Window {
    vecdrop: WorkspaceClient;
  }
}

/** Makes a collection and puts it on screen; with the given GGUF, or the built-in model. */
export async function showCollection(page: Page, gguf?: Uint8Array): Promise<string> {
  // The page writes down what it shows first; only after that does it stay with ours.
  await page.getByText('My documents').first().waitFor();
  const id = await page.evaluate(
    async bytes => {
      const model = bytes && (await window.vecdrop.addModel(new File([Uint8Array.from(bytes)], 'tiny.gguf')));
      const made = await window.vecdrop.createCollection('Benchmark', model?.id);
      // Where the page remembers what it showed last.
      localStorage.setItem('vecdrop:collection', made);
      return made;
    },
    gguf && [...gguf],
  );
  await page.reload();
  await page.getByText('Benchmark').first().waitFor();
  return id;
}

/** What of a collection is done: files, and chunks with a vector. Throws when a file failed. */
export function progressOf(page: Page, id: string): Promise<{ files: number; chunks: number }> {
  return page.evaluate(async collectionId => {
    const [totals] = (await window.vecdrop.collections()).filter(({ id }) => id === collectionId);
    const { queue } = await window.vecdrop.status();
    const left = queue.waiting + queue.working;
    return { files: (totals?.files ?? 0) - left, chunks: totals?.chunks ?? 0 };
  }, id);
}

export const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
