import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { DIST } from '../scripts/build.ts';
import { drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { addTinyModel, allDone, download, filesOf, openPage } from './person.ts';
import { startStaticHost } from './static-host.ts';

test.use({ serviceWorkers: 'allow' });

const offlineReady = (page: Page) => expect(page.getByText('Offline ready · 0 bytes sent')).toBeVisible();

/** What a person does with no server: reload, a new tab, a file to read, a download, the API. */
async function worksOffline(context: BrowserContext, page: Page, folder: string, url: string): Promise<void> {
  await page.reload();
  await offlineReady(page);
  await page.close();
  const tab = await context.newPage();
  await openPage(tab, url);
  expect(await tab.evaluate(() => crossOriginIsolated)).toBe(true);
  await drop(
    tab,
    await writeFiles(folder, { 'note.md': '# Herons\n\nA heron stands in the shallow water.' }),
  );
  await allDone(tab, 1);
  await tab.getByRole('option', { name: /note\.md/ }).click();
  const chunks = tab.getByRole('listbox', { name: 'Chunks' });
  await expect(chunks.getByText('A heron stands in the shallow water.')).toBeVisible();
  const [record] = JSON.parse(await download(tab, 'JSON')).data;
  expect(record.embedding).toHaveLength(384);
  const answer = await tab.evaluate(async () => {
    const body = JSON.stringify({ model: 'embedding', input: ['one', 'two'] });
    const response = await fetch('v1/embeddings', { method: 'POST', body });
    return { status: response.status, json: await response.json() };
  });
  expect(answer.status).toBe(200);
  expect(answer.json.data).toHaveLength(2);
  expect(answer.json.data[0].embedding).toHaveLength(384);
}

test('after one visit everything works without the server', async ({ context, page, folder, serve }) => {
  const server = await serve({});
  await openPage(page, server.origin);
  await offlineReady(page);
  await server.close();
  await worksOffline(context, page, folder, server.origin);
});

test('a folder of a host that sends no headers is enough, and nothing large is fetched twice', async ({
  context,
  page,
  folder,
}) => {
  const host = await startStaticHost(DIST, '/tools/vecdrop/');
  await openPage(page, host.url);
  await offlineReady(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await host.close();
  const large = host.requests.filter(request => /^GET .*\.(wasm|gguf)$/.test(request));
  expect(large.map(request => request.replace(/-[^-]+\.wasm$/, '-.wasm')).sort()).toEqual([
    'GET assets/sqlite3-.wasm',
    'GET assets/wllama-.wasm',
    'GET models/all-MiniLM-L6-v2-Q8_0.gguf',
  ]);
  expect(host.bytes()).toBeLessThan(45_000_000);
  await worksOffline(context, page, folder, host.url);
  await expect.poll(() => context.pages()[0]?.evaluate(async () => (await caches.keys()).length)).toBe(2);
});

test('work begun before the cache is whole gets the same download', async ({ page, folder }) => {
  const host = await startStaticHost(DIST);
  await openPage(page, host.url);
  await drop(page, await writeFiles(folder, { 'note.md': '# Herons\n\nA heron stands in the water.' }));
  await allDone(page, 1);
  await offlineReady(page);
  const models = host.requests.filter(request => request.endsWith('.gguf'));
  expect(models.length).toBeLessThanOrEqual(2);
  await host.close();
});

/** Puts another version into the folder: its main script has another name, and the old one is gone. */
async function publishNext(folder: string): Promise<{ before: string; after: string }> {
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const before = /assets\/index-[^"]+\.js/.exec(html)?.[0] ?? '';
  const after = before.replace('index-', 'index-next-');
  await rename(join(folder, before), join(folder, after));
  await writeFile(join(folder, 'index.html'), html.replace(before, after));
  const worker = await readFile(join(folder, 'sw.js'), 'utf8');
  const next = worker
    .replace(before, after)
    .replace(
      /("revision":"|revision:[`"'])[0-9a-f]{32}([`"'],"?url"?:[`"']index\.html)/,
      `$1${'0'.repeat(32)}$2`,
    );
  expect(next).toContain('0'.repeat(32));
  await writeFile(join(folder, 'sw.js'), next);
  return { before, after };
}

const scriptOf = (page: Page) => page.locator('script[src]').getAttribute('src');
/**
 * Waits for the version. While a debugger is attached, as in this test, the browser does not end an idle service worker
 * as it else does after a while, and the new one may wait for it: then it is ended here.
 */
async function becomes(page: Page, script: string): Promise<void> {
  for (const end = Date.now() + 5_000; Date.now() < end; await page.waitForTimeout(250)) {
    if ((await scriptOf(page)) === `./${script}`) return;
  }
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
  await expect.poll(() => scriptOf(page)).toBe(`./${script}`);
}
const lookForUpdate = (page: Page) =>
  page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
const appCaches = (page: Page) =>
  page.evaluate(async () => (await caches.keys()).filter(name => name.startsWith('vecdrop-app')).length);

test('an update waits while a file is indexed, and a reload has it', async ({ page, folder }) => {
  const site = join(folder, 'site');
  await cp(DIST, site, { recursive: true });
  const host = await startStaticHost(site);
  await openPage(page, host.url);
  await offlineReady(page);
  await addTinyModel(page, folder);
  await writeFiles(join(folder, 'notes'), makeTexts(20, 400));
  await drop(page, [join(folder, 'notes')]);

  const { before, after } = await publishNext(site);
  await lookForUpdate(page);
  await expect(page.getByRole('button', { name: 'Reload to update' })).toBeVisible();
  await allDone(page, 20);
  // The old page's scripts are gone from the host, not for the old page.
  // Read to its end: an answer that is not keeps its service worker, and with it the old version.
  const status = await page.evaluate(async script => {
    const response = await fetch(script);
    await response.text();
    return response.status;
  }, before);
  expect(status).toBe(200);
  const files = await filesOf(page);

  await page.reload();
  await becomes(page, after);
  await expect(page.getByRole('button', { name: 'Collection: Quick notes' })).toBeVisible();
  expect(await filesOf(page)).toEqual(files);
  await expect.poll(() => appCaches(page)).toBe(1);
  await host.close();
});

test('of two tabs the one that asks for the update has it, and the other goes on', async ({
  context,
  page,
  folder,
}) => {
  const site = join(folder, 'site');
  await cp(DIST, site, { recursive: true });
  const host = await startStaticHost(site);
  await openPage(page, host.url);
  await offlineReady(page);
  const other = await context.newPage();
  await openPage(other, host.url);
  await offlineReady(other);

  const { before, after } = await publishNext(site);
  await lookForUpdate(page);
  await other.reload();
  expect(await scriptOf(other)).toBe(`./${before}`);
  await page.getByRole('button', { name: 'Reload to update' }).click();
  await becomes(page, after);
  await offlineReady(page);
  expect(await scriptOf(other)).toBe(`./${before}`);
  expect(await other.evaluate(async script => (await fetch(script)).status, before)).toBe(200);
  await other.reload();
  expect(await scriptOf(other)).toBe(`./${after}`);
  await expect.poll(() => appCaches(other)).toBe(1);
  await host.close();
});

test('what another app shares becomes files', async ({ page, server }) => {
  await openPage(page, server.origin);
  await offlineReady(page);
  // As the system posts it; a form's own submission is forbidden by the page's policy.
  const share = await page.evaluate(async () => {
    const form = new FormData();
    form.append('files', new File(['Shared from elsewhere.'], 'über “alles”.txt'));
    const response = await fetch('share', { method: 'POST', body: form });
    return { redirected: response.redirected, url: response.url };
  });
  expect(share).toEqual({ redirected: true, url: `${server.origin}/?shared` });
  await page.goto(share.url);
  await expect(page.getByRole('option', { name: /über “alles”\.txt/ })).toBeVisible();
  await allDone(page, 1);
  expect(page.url()).toBe(`${server.origin}/`);
});
