import { axe, drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { exported, openTiny, settled } from './tiny.ts';

test('the page opens isolated, with nothing for axe to find', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(await axe(page)).toEqual([]);
});

test('localhost is the same page, and the same database', async ({ page, server }) => {
  await page.goto(`http://localhost:${server.port}/`);
  expect(page.url()).toBe(`${server.origin}/`);
});

test('a dropped folder becomes vectors, with its paths', async ({ page, folder }) => {
  const collection = await openTiny(page);
  await writeFiles(`${folder}/notes`, { ...makeTexts(5), 'deep/down/last.md': '# Last\n\nA paragraph.' });
  await drop(page, [`${folder}/notes`]);
  const rows = await settled(page, collection, 6);
  expect(rows.map(({ path, state }) => [path, state])).toContainEqual(['notes/deep/down/last.md', 'done']);
  const { data } = JSON.parse(await exported(page, collection, 'json'));
  expect(new Set(data.map((record: { file: string }) => record.file)).size).toBe(6);
});

test('a folder chosen by the button becomes vectors', async ({ page, folder }) => {
  const collection = await openTiny(page);
  await writeFiles(`${folder}/notes`, makeTexts(3));
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose folder' }).click();
  await (await choosing).setFiles(`${folder}/notes`);
  const rows = await settled(page, collection, 3);
  expect(rows.every(({ path, state }) => path.startsWith('notes/') && state === 'done')).toBe(true);
});

test('without isolation all works, on one thread', async ({ page, serve, folder }) => {
  const { origin } = await serve({ isolated: false });
  const collection = await openTiny(page, origin);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await drop(page, await writeFiles(folder, makeTexts(2)));
  const rows = await settled(page, collection, 2);
  expect(rows.map(({ state }) => state)).toEqual(['done', 'done']);
});
