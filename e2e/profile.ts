import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type LaunchOptions, type Page } from '@playwright/test';

/** A browser on a profile that outlives it. */
export interface Session {
  context: BrowserContext;
  page: Page;
  /** SIGKILL to the browser process; resolves when it and its children are gone. */
  kill(): Promise<void>;
}

/** A temporary profile folder; sessions on it follow one another, never two at once. */
export interface Profile {
  open(): Promise<Session>;
  remove(): Promise<void>;
}

export async function makeProfile(
  options: LaunchOptions & { baseURL: string },
  opened: (context: BrowserContext) => Promise<void>,
): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), 'vecdrop-profile-'));
  let last: BrowserContext | undefined;
  return {
    async open() {
      const context = await chromium.launchPersistentContext(folder, options);
      last = context;
      await opened(context);
      const page = context.pages()[0] ?? (await context.newPage());
      return { context, page, kill: () => kill(context) };
    },
    async remove() {
      await last?.close().catch(() => {});
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

async function kill(context: BrowserContext): Promise<void> {
  const session = await context.browser()?.newBrowserCDPSession();
  if (!session) throw new Error('This context has no browser of its own to kill.');
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const closed = new Promise(resolve => context.once('close', resolve));
  for (const { id, type } of processInfo) if (type === 'browser') process.kill(id, 'SIGKILL');
  await closed;
  while (processInfo.some(({ id }) => isAlive(id))) await new Promise(resolve => setTimeout(resolve, 20));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
