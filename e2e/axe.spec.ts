import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { axe, drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { addTinyModel, collectionOf, filesOf, openPage } from './person.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
const SCHEMES = ['light', 'dark'] as const;

/** Looks at the page as it is: in both themes and at both sizes. */
async function findsNothing(page: Page, state: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      expect.soft(await axe(page), `${state}, ${colorScheme}, ${size.width} px`).toEqual([]);
    }
  }
  await page.setViewportSize(SIZES[0] ?? { width: 1280, height: 800 });
}

test('axe finds nothing: empty, busy, paused, finished, a document open, a failed file', async ({
  page,
  folder,
}) => {
  await writeFiles(join(folder, 'texts'), makeTexts(40, 600));
  await writeFiles(folder, { 'broken.txt': new Uint8Array(4096), 'note.md': '# Note\n\nA short one.' });
  await openPage(page);
  await findsNothing(page, 'empty');

  await addTinyModel(page, folder);
  await drop(page, [join(folder, 'texts')]);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.evaluate(() => vecdrop.pause());
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await findsNothing(page, 'paused');
  await page.evaluate(() => vecdrop.resume());
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await findsNothing(page, 'busy');

  await page.evaluate(async id => vecdrop.cancelAll(id), (await collectionOf(page)).id);
  await findsNothing(page, 'cancelled');
  await drop(page, [join(folder, 'broken.txt'), join(folder, 'note.md')]);
  const ended = async () => (await filesOf(page)).filter(({ path }) => !path.includes('/'));
  await expect
    .poll(async () => (await ended()).map(({ path, state }) => `${path} ${state}`))
    .toEqual(['broken.txt failed', 'note.md done']);
  await findsNothing(page, 'overview');
  await page.getByRole('option', { name: /broken\.txt/ }).click();
  await findsNothing(page, 'a failed file');
  await page.getByRole('option', { name: /note\.md/ }).click();
  await expect(page.getByRole('region', { name: 'Chunk 1' })).toBeVisible();
  await findsNothing(page, 'a document');
});

test('axe finds nothing in any dialog or menu', async ({ page, folder }) => {
  await writeFiles(folder, { 'note.md': '# Note\n\nA short one.' });
  await openPage(page);
  await addTinyModel(page, folder);
  await drop(page, [join(folder, 'note.md')]);
  await expect.poll(async () => (await filesOf(page))[0]?.state).toBe('done');

  const close = () => page.keyboard.press('Escape');
  const inMenu = async (button: RegExp | string, item: string) => {
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  };
  await page.getByRole('button', { name: 'Export' }).click();
  await expect(page.getByText(/1 record, about/)).toBeVisible();
  await findsNothing(page, 'export');
  await close();
  await inMenu('More', 'Settings');
  await findsNothing(page, 'settings');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete everything' }).click();
  await expect(page.getByRole('dialog', { name: 'Delete everything?' })).toBeVisible();
  await findsNothing(page, 'delete everything');
  await close();
  for (const item of ['New collection', 'Rename']) {
    await inMenu(/^Collection: /, item);
    await findsNothing(page, item);
    await close();
  }
  await inMenu('Add', 'Paste text');
  await findsNothing(page, 'paste text');
  await close();
  for (const button of [/^Collection: /, 'More', 'Add']) {
    await page.getByRole('button', { name: button, exact: true }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await findsNothing(page, `menu ${button}`);
    await close();
    await expect(page.getByRole('menu')).toBeHidden();
  }
});
