import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { axe, drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { behind, textGates } from './gate.ts';
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

/** One look at each theme and each size, together: for dialogs, menus and variants of states that are looked at in full. */
async function findsNothingBriefly(page: Page, state: string): Promise<void> {
  for (const [index, size] of SIZES.entries()) {
    const colorScheme = SCHEMES[index] ?? 'light';
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    expect.soft(await axe(page), `${state}, ${colorScheme}, ${size.width} px`).toEqual([]);
  }
  await page.setViewportSize(SIZES[0] ?? { width: 1280, height: 800 });
}

test('axe finds nothing: empty, busy, paused, finished, a document open, a failed file', async ({
  page,
  folder,
  serve,
}) => {
  const texts = Object.entries(makeTexts(40, 600));
  const waiting = texts.map(([name, text], i) => [name, i < 10 ? text : behind(0, text)]);
  await writeFiles(join(folder, 'texts'), Object.fromEntries(waiting));
  await writeFiles(folder, { 'broken.txt': new Uint8Array(4096), 'note.md': '# Note\n\nA short one.' });
  const gates = await textGates();
  const { origin } = await serve(gates);
  await openPage(page, origin);
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
  gates.open(0);
  await findsNothingBriefly(page, 'cancelled');
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

test('axe finds nothing in models, their forms, the recipe and the log', async ({ page, folder }) => {
  await writeFiles(folder, { 'note.md': '# Note\n\nA short one.' });
  await openPage(page);
  await addTinyModel(page, folder);
  await drop(page, [join(folder, 'note.md')]);
  await expect.poll(async () => (await filesOf(page))[0]?.state).toBe('done');
  await page.getByRole('button', { name: 'Change the recipe' }).click();
  await page.getByLabel('Before queries').fill('query: ');
  await expect(page.getByText('Nothing to embed again.')).toBeVisible();
  await findsNothing(page, 'recipe');
  await page.getByRole('button', { name: '0 bytes sent' }).click();
  await expect(page.getByText('Your files never leave this browser.')).toBeVisible();
  await findsNothingBriefly(page, 'ledger');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: /^tiny-bert/ }).click();
  const panel = page.getByRole('dialog', { name: 'Models' });
  await panel.getByRole('button', { name: /^Test (now|again)$/ }).click();
  await expect(panel.getByRole('radio', { name: 'Automatic' })).toBeEnabled();
  await findsNothing(page, 'models');
  await panel.getByRole('button', { name: 'Add a model' }).click();
  await findsNothingBriefly(page, 'a model from a file');
  await panel.getByRole('radio', { name: 'Hugging Face' }).check();
  await panel.getByLabel('Repository').fill('owner/name');
  await panel.getByRole('button', { name: 'List files' }).click();
  await expect(panel.getByRole('button', { name: 'Allow huggingface.co' })).toBeVisible();
  await findsNothingBriefly(page, 'a model from a repository');
  await panel.getByRole('radio', { name: 'URL' }).check();
  await panel.getByRole('button', { name: 'Download' }).click();
  await expect(panel.getByRole('alert')).toBeVisible();
  await findsNothingBriefly(page, 'a model from a URL');
  await panel.getByRole('radio', { name: 'Endpoint' }).check();
  await findsNothingBriefly(page, 'a model of an endpoint');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Log' }).click();
  const log = page.getByRole('dialog', { name: 'Log' });
  await expect(log.getByRole('cell', { name: 'tiny-bert' }).first()).toBeVisible();
  await findsNothingBriefly(page, 'log');
  await log.getByRole('button', { name: 'Clear the log' }).click();
  await expect(log.getByText('None yet.')).toBeVisible();
  await findsNothingBriefly(page, 'log, cleared');
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
  await findsNothingBriefly(page, 'settings');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete everything' }).click();
  await expect(page.getByRole('dialog', { name: 'Delete everything?' })).toBeVisible();
  await findsNothingBriefly(page, 'delete everything');
  await close();
  for (const item of ['New collection', 'Rename']) {
    await inMenu(/^Collection: /, item);
    await findsNothingBriefly(page, item);
    await close();
  }
  await inMenu('Add', 'Paste text');
  await findsNothingBriefly(page, 'paste text');
  await close();
  for (const button of [/^Collection: /, 'More', 'Add']) {
    await page.getByRole('button', { name: button, exact: true }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await findsNothingBriefly(page, `menu ${button}`);
    await close();
    await expect(page.getByRole('menu')).toBeHidden();
  }
});
