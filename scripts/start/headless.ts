import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { CHROMIUM_FLAGS } from '../chromium-flags.ts';
import { ensureBrowser } from '../ensure-browser.ts';
import type { Server } from '../serve.ts';

/** How long a slow machine may take: past it, something is wrong. */
const READY_MS = 300_000;

/**
 * Opens the server's page in a headless browser, and resolves when it is connected. The profile is kept between runs,
 * one a port: a page's data belong to its address. `ended` is called when the browser goes by itself.
 */
export async function openHeadlessTab(
  server: Server,
  ended: () => void,
): Promise<{ close(): Promise<void> }> {
  const executablePath = ensureBrowser();
  const profile = join(cacheFolder(), 'vecdrop', `headless-${server.port}`);
  // Documents are private: nobody else on this machine may read the profile.
  await mkdir(profile, { recursive: true, mode: 0o700 });
  const options = { executablePath, args: CHROMIUM_FLAGS, handleSIGINT: false, handleSIGTERM: false };
  const browser = await chromium.launchPersistentContext(profile, options);
  browser.setDefaultTimeout(READY_MS);
  const page = browser.pages()[0] ?? (await browser.newPage());
  page.on('crash', () => void page.reload().catch(() => browser.close()));
  try {
    await page.goto(server.origin);
    const deadline = Date.now() + READY_MS;
    while (server.tabs === 0) {
      if (Date.now() > deadline) throw new Error('The page did not connect to its server.');
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  } catch (error) {
    await browser.close();
    throw new Error(`The headless tab could not be opened: ${(error as Error).message}`);
  }
  browser.on('close', ended);
  return { close: () => browser.close() };
}

/** Where this system keeps what programs store for a person. */
function cacheFolder(): string {
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
}
