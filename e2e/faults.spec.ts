import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { DIST } from '../scripts/build.ts';
import { test as base, drop, expect, makeTexts, writeFiles } from './fixtures.ts';
import { behind, textGates } from './gate.ts';
import { exported, filesOf, openTiny, workspace } from './tiny.ts';
import { onCall, settled, told } from './trouble.ts';

const COUNT = 12;
/** Of the files the last ones, which wait for a gate where there is one: the work has a middle to be broken in. */
const GATED = 4;
const TEXTS = Object.fromEntries(
  Object.entries(makeTexts(COUNT, 1200)).map(([name, text], i) => [
    name,
    i < COUNT - GATED ? text : behind(0, text),
  ]),
);
const NO_SPACE = 'The browser gives Vecdrop no more disk space.';

/** What an undisturbed run makes of TEXTS. */
const test = base.extend<object, { undisturbed: string }>({
  undisturbed: [
    async ({ browser, server }, use) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      const collection = await openTiny(page, server.origin);
      await page.evaluate(
        ({ id, texts }) => {
          const additions = Object.entries(texts).map(([path, text]) => {
            return { file: new File([text], path), path, fromFolder: false };
          });
          return vecdrop.addFiles(id, additions, new AbortController().signal, () => {});
        },
        { id: collection, texts: TEXTS },
      );
      await settled(page, collection, COUNT);
      const json = await vectors(page, collection);
      await context.close();
      await use(json);
    },
    { scope: 'worker' },
  ],
});

// Their worker is their own, so they come last: by one alone while the other rests they would take twice as long.
test.describe.configure({ mode: 'parallel' });

test('a full disk pauses the queue with nothing half-written; with space again, Resume finishes', async ({
  page,
  folder,
  serve,
  undisturbed,
}) => {
  const { origin } = await serve({});
  // Room for the model and the files, and for a part of what is made of them.
  const disk = await limitDisk(page, origin, 350_000);
  const collection = await openTiny(page, origin);
  await page.evaluate(() => vecdrop.pause());
  await addTexts(page, folder);
  await expect.poll(async () => (await filesOf(page, collection)).length).toBe(COUNT);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText(NO_SPACE).first()).toBeVisible();
  const states = (await filesOf(page, collection)).map(({ state }) => state);
  expect(states).toContain('done');
  expect(states).toContain('waiting');
  expect(states).not.toContain('failed');
  expect(await halfWritten(page)).toEqual([]);

  await disk.send('Storage.overrideQuotaForOrigin', { origin });
  await page.getByRole('button', { name: 'Resume' }).click();
  await settled(page, collection, COUNT);
  await expect(page.getByText(NO_SPACE)).toHaveCount(0);
  expect(await vectors(page, collection)).toBe(undisturbed);
});

test('files that the disk has no room for are not added, and it is said', async ({ page, folder, serve }) => {
  const { origin } = await serve({});
  const disk = await limitDisk(page, origin, 3_000_000);
  const collection = await openTiny(page, origin);
  await drop(page, await writeFiles(folder, { 'large.txt': 'word '.repeat(1_000_000) }));
  await told(page, NO_SPACE);
  expect(await filesOf(page, collection)).toEqual([]);
  await disk.send('Storage.overrideQuotaForOrigin', { origin });
  await drop(page, [join(folder, 'large.txt')]);
  await expect.poll(async () => (await filesOf(page, collection)).length).toBe(1);
});

test('a crashed tab goes on where it was when it is opened again', async ({
  page,
  context,
  folder,
  serve,
  undisturbed,
}) => {
  const gates = await textGates();
  const { origin } = await serve(gates);
  const collection = await openTiny(page, origin);
  await addTexts(page, folder);
  await amidWork(page, collection);
  await crash(page);
  gates.open(0);
  const again = await context.newPage();
  await again.goto(origin);
  await settled(again, collection, COUNT);
  expect(await vectors(again, collection)).toBe(undisturbed);
});

test('when the tab that does the work crashes, the other one takes over', async ({
  page,
  context,
  folder,
  serve,
  undisturbed,
}) => {
  const gates = await textGates();
  const { origin } = await serve(gates);
  const collection = await openTiny(page, origin);
  const other = await context.newPage();
  await other.goto(origin);
  await addTexts(other, folder);
  await amidWork(other, collection);
  expect((await other.evaluate(() => vecdrop.status())).role).toBe('follower');
  await crash(page);
  gates.open(0);
  await settled(other, collection, COUNT);
  expect((await other.evaluate(() => vecdrop.status())).role).toBe('indexer');
  expect(await vectors(other, collection)).toBe(undisturbed);
});

test('a tab that is closed amid the work goes on when it is opened again', async ({
  page,
  context,
  folder,
  serve,
  undisturbed,
}) => {
  const gates = await textGates();
  const { origin } = await serve(gates);
  const collection = await openTiny(page, origin);
  await addTexts(page, folder);
  await amidWork(page, collection);
  await page.close();
  gates.open(0);
  const again = await context.newPage();
  await again.goto(origin);
  await settled(again, collection, COUNT);
  expect(await vectors(again, collection)).toBe(undisturbed);
});

test('when the workspace’s worker dies, the page starts another and goes on', async ({
  page,
  folder,
  serve,
  undisturbed,
}) => {
  const gates = await textGates();
  const { origin } = await serve(gates);
  const collection = await openTiny(page, origin);
  await addTexts(page, folder);
  await amidWork(page, collection);
  const worker = page.workers().find(one => one.url().includes('/workspace.worker'));
  // Never answered: it dies of it.
  void worker?.evaluate(() => self.close()).catch(() => {});
  await expect.poll(() => page.workers().includes(worker as NonNullable<typeof worker>)).toBe(false);
  gates.open(0);
  await expect(async () => filesOf(page, collection)).toPass();
  await settled(page, collection, COUNT);
  expect(await vectors(page, collection)).toBe(undisturbed);
  await expect(page.getByRole('button', { name: 'Reload' })).toHaveCount(0);
});

test('engines that die now and then are replaced, and every vector is right', async ({
  page,
  folder,
  serve,
  undisturbed,
}) => {
  const { origin } = await serve({
    transform: onCall('embed', 'self.calls = (self.calls ?? 0) + 1; if (self.calls > 25) self.close();'),
  });
  const collection = await openTiny(page, origin);
  await addTexts(page, folder);
  await settled(page, collection, COUNT);
  expect(await vectors(page, collection)).toBe(undisturbed);
});

test('without the built-in model the queue waits and says why; with it, Resume goes on', async ({
  page,
  folder,
  serve,
  watch,
}) => {
  watch.expectErrors(/404/);
  const site = await siteWithout(join(folder, 'site'), /\.gguf$/);
  const { origin } = await serve({ dir: site.dir });
  await page.goto(origin);
  await drop(page, await writeFiles(folder, { 'note.txt': 'A short note.' }));
  await expect(
    page.getByText('The built-in model is not where the page expects it (404).').first(),
  ).toBeVisible();
  const [collection] = await page.evaluate(() => vecdrop.collections());
  const id = collection?.id ?? '';
  expect(await filesOf(page, id)).toMatchObject([{ path: 'note.txt', state: 'waiting' }]);
  await site.restore();
  await page.getByRole('button', { name: 'Resume' }).click();
  expect((await settled(page, id, 1))['note.txt']?.state).toBe('done');
});

test('without the engine’s file the queue waits and says so; with it, the work goes on', async ({
  page,
  folder,
  serve,
  watch,
}) => {
  watch.expectErrors(/404/);
  const site = await siteWithout(join(folder, 'site'), /\.wasm$/);
  const { origin } = await serve({ dir: site.dir });
  // Its own self-test is the first that needs the file.
  const collection = await openTiny(page, origin, { tested: false });
  await drop(page, await writeFiles(folder, { 'note.txt': 'A short note.' }));
  await expect(
    page.getByText('Part of the embedding engine is not where the page expects it (404).').first(),
  ).toBeVisible();
  expect(await filesOf(page, collection)).toMatchObject([{ path: 'note.txt', chunks: 1, done: 0 }]);
  await site.restore();
  await page.getByRole('button', { name: 'Resume' }).click();
  expect((await settled(page, collection, 1))['note.txt']?.state).toBe('done');
});

test('data of a newer version is left alone, and the page says so', async ({ page, serve, watch }) => {
  // A picture opened by itself has none.
  watch.expectErrors(/favicon\.ico/);
  const { origin } = await serve({});
  await page.goto(`${origin}/icon.svg`);
  await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('vecdrop', 99);
        opening.onupgradeneeded = () => opening.result.createObjectStore('later').add('kept', 'key');
        opening.onsuccess = () => resolve(opening.result.close());
        opening.onerror = () => reject(opening.error);
      }),
  );
  await page.goto(origin);
  await expect(
    page.getByText('Your data was written by a newer Vecdrop. It is left as it is').first(),
  ).toBeVisible();
  const databases = await page.evaluate(() => indexedDB.databases());
  expect(databases.filter(({ name }) => name === 'vecdrop')).toEqual([{ name: 'vecdrop', version: 99 }]);
});

test('a page whose worker cannot start says so', async ({ page, serve }) => {
  const { origin } = await serve({
    transform: pathname =>
      pathname.includes('/workspace.worker') ? 'throw new Error("broken");' : undefined,
  });
  await page.goto(origin);
  await expect(page.getByText(/could not be started|stopped several times in a row/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Reload' }).first()).toBeVisible();
});

async function addTexts(page: Page, folder: string): Promise<void> {
  await drop(page, await writeFiles(folder, TEXTS));
}

/** The moment when some files are done, and those behind the gate are not. */
async function amidWork(page: Page, collection: string): Promise<void> {
  const done = async () => (await filesOf(page, collection)).filter(({ state }) => state === 'done').length;
  await expect.poll(done, { intervals: [50] }).toBeGreaterThan(2);
  expect(await done()).toBeLessThanOrEqual(COUNT - GATED);
}

/** Gives an origin so many bytes. Before it writes anything: the browser grants space for half a minute ahead. */
async function limitDisk(page: Page, origin: string, quotaSize: number): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  return session;
}

async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
}

/** The collection's records, sorted by file and place: equal for equal files, in whatever order they were done. */
async function vectors(page: Page, collection: string): Promise<string> {
  const { data } = JSON.parse(await exported(page, collection, 'json')) as {
    data: { file: string; start: number; index: number; embedding: number[] }[];
  };
  data.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start));
  return data.map(({ file, start, embedding }) => `${file} ${start} ${embedding.join(' ')}`).join('\n');
}

/** Files whose stored vectors are not as many as their record says, by path. */
async function halfWritten(page: Page): Promise<string[]> {
  await workspace(page);
  return page.evaluate(async () => {
    const opened = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    type Generation = { id: string; done: number; document: string };
    const db = await opened(indexedDB.open('vecdrop'));
    const tx = db.transaction(['files', 'vectors', 'chunks', 'documents']);
    const files: { path: string; growing?: Generation; current?: Generation }[] = await opened(
      tx.objectStore('files').getAll(),
    );
    const wrong: string[] = [];
    for (const { path, growing, current } of files) {
      const generation = growing ?? current;
      if (!generation) continue;
      const { id, done, document } = generation;
      const blocks = await opened(tx.objectStore('vectors').getAll(IDBKeyRange.bound([id], [id, []])));
      const stored = blocks.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
      const columns = await opened(tx.objectStore('chunks').count(id));
      const head = await opened(tx.objectStore('documents').count([document, -1]));
      if (stored !== done || columns !== 1 || head !== 1) wrong.push(path);
    }
    db.close();
    return wrong;
  });
}

/** The built page in another folder, without the files whose names match; `restore` puts them there. */
async function siteWithout(dir: string, missing: RegExp): Promise<{ dir: string; restore(): Promise<void> }> {
  const left: [string, string][] = [];
  for (const entry of await readdir(DIST, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(dir, from.slice(DIST.length));
    await mkdir(join(to, '..'), { recursive: true });
    if (missing.test(entry.name)) left.push([from, to]);
    else await symlink(from, to);
  }
  return {
    dir,
    async restore() {
      for (const [from, to] of left) await symlink(from, to);
    },
  };
}
