import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { DIST } from '../scripts/build.ts';
import { CHROMIUM_FLAGS } from '../scripts/chromium-flags.ts';
import { ensureBrowser } from '../scripts/ensure-browser.ts';
import { type ServeOptions, type Server, startServer } from '../scripts/serve.ts';
import { COPIED_MS, LONG_NOTICE_MS, NOTICE_MS } from '../src/ui/parts/passing.ts';
import { makeProfile, type Profile } from './profile.ts';
import { listenOutside, type Outside, Watch } from './watch.ts';

export { expect };

interface TestFixtures {
  /** Fails the test for any error on a console, any uncaught error, and any request to another host. */
  watch: Watch;
  /** Another server of the same page, on a port and thus with a database of its own. */
  serve: (options: Partial<ServeOptions>) => Promise<Server>;
  /** A profile on disk, for what must outlive a browser. */
  profile: Profile;
  /** An empty folder, removed after the test. */
  folder: string;
}

interface WorkerFixtures {
  server: Server;
  outside: Outside;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({ browserName: _ }, use) => {
      const server = await startServer({ dir: DIST, port: 0 });
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  outside: [
    async ({ browserName: _ }, use) => {
      const outside = await listenOutside();
      await use(outside);
      await outside.close();
    },
    { scope: 'worker' },
  ],
  launchOptions: [
    async ({ outside }, use) => {
      const args = [...CHROMIUM_FLAGS, `--proxy-server=${outside.proxy}`];
      await use({ executablePath: ensureBrowser(), args });
    },
    { scope: 'worker' },
  ],
  baseURL: ({ server }, use) => use(server.origin),
  watch: async ({ outside }, use) => {
    const before = outside.requests.length;
    const watch = new Watch();
    await use(watch);
    expect(watch.unexpected(), 'errors of the page').toEqual([]);
    expect(outside.requests.slice(before), 'requests to other hosts').toEqual([]);
  },
  // Servers outlive the pages that they serve.
  context: async ({ context, watch, serve: _ }, use) => {
    await prepare(context, watch);
    // A listener from the start on: one added just before a click may come too late, and the dialog is gone.
    context.on('page', page => page.on('filechooser', () => {}));
    // A browser without a window shows no picker of folders: the input serves, as in browsers that have none.
    await context.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));
    await use(context);
  },
  serve: async ({ server: _ }, use) => {
    const servers: Server[] = [];
    await use(async options => {
      const server = await startServer({ dir: DIST, port: 0, ...options });
      servers.push(server);
      return server;
    });
    for (const server of servers) await server.close();
  },
  profile: async ({ launchOptions, server, watch, viewport, serviceWorkers }, use) => {
    const options = { ...launchOptions, baseURL: server.origin, viewport, serviceWorkers };
    const profile = await makeProfile(options, context => prepare(context, watch));
    await use(profile);
    await profile.remove();
  },
  folder: async ({ browserName: _ }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'vecdrop-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

/** What every page of a test has. */
async function prepare(context: BrowserContext, watch: Watch): Promise<void> {
  watch.follow(context);
  // What is said in passing stays: on a machine that stands still for a while it would go before anybody has looked.
  await context.addInitScript(
    passing => {
      const { setTimeout } = globalThis;
      const patient = (run: () => void, ms?: number, ...rest: unknown[]) =>
        setTimeout(run, passing.includes(ms ?? 0) ? 3_600_000 : ms, ...rest);
      Object.assign(globalThis, { setTimeout: patient });
    },
    [NOTICE_MS, LONG_NOTICE_MS, COPIED_MS],
  );
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong on the page as it is: rule, why, and where; empty when all is well. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document);
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`),
    );
  });
}

/** Drags files and folders of this machine over the page, as a file manager does, and drops them in its middle. */
export async function drop(page: Page, paths: string[]): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 };
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  // A page that has hardly opened does not listen yet: what is dropped then the browser opens in its place.
  await expect(async () => {
    await send('dragEnter');
    await send('dragOver');
    await expect(page.getByText(/^Drop to (add|import)$/)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await send('drop');
  await session.detach();
}

/** Writes files under a folder, making those between; values are texts or bytes. Returns their paths. */
export async function writeFiles(
  folder: string,
  files: Record<string, string | Uint8Array>,
): Promise<string[]> {
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    paths.push(path);
  }
  return paths;
}

const WORDS =
  'river stone paper market winter garden letter bridge signal copper harbor kitchen window yellow silent morning'.split(
    ' ',
  );

/** `count` different texts, the same each time, of about `words` words: text-0001.txt, text-0002.txt … */
export function makeTexts(count: number, words = 60): Record<string, string> {
  let seed = 1;
  const next = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const texts: Record<string, string> = {};
  for (let i = 1; i <= count; i++) {
    const sentences: string[] = [`Note ${i}.`];
    for (let written = 0; written < words; written += 8) {
      const picked = Array.from({ length: 8 }, () => WORDS[Math.floor(next() * WORDS.length)]);
      sentences.push(`${picked.join(' ')}.`);
    }
    texts[`text-${String(i).padStart(4, '0')}.txt`] = sentences.join(' ');
  }
  return texts;
}
