import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import { axe, drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { allDone, collectionOf, download, filesOf } from './person.ts';
import { openTiny, skipSelfTest } from './tiny.ts';

const QUERY = 'winter letter at the bridge';

/** A collection of five texts and a note with headings, all with vectors. */
async function openNotes(page: Page, folder: string): Promise<void> {
  await openTiny(page);
  const files = {
    ...makeTexts(5, 300),
    'lock.md': '# The lock\n\nIt opens.\n\n## At night\n\nThe lamp is lit.',
  };
  await drop(page, await writeFiles(folder, files));
  await allDone(page, 6);
}

/** The best hits as they are read: place, score and text. */
async function topHits(page: Page): Promise<string[]> {
  const field = page.getByRole('combobox', { name: /^Search / });
  await field.fill(QUERY);
  const hits = page.getByRole('listbox', { name: 'Hits' }).getByRole('option');
  await expect(hits.nth(2)).toBeVisible();
  // An answer that is not the whole one says so beside its hits.
  await expect(page.getByText(/^(Found by words so far|Looked through \d)/)).toBeHidden();
  return (await hits.allInnerTexts()).slice(0, 3);
}

/** Opens the dialog by the menu and chooses a file, with keys alone. */
async function chooseImport(page: Page, ...paths: string[]): Promise<Locator> {
  const dialog = page.getByRole('dialog', { name: 'Import' });
  if (!(await dialog.isVisible())) {
    await page.getByRole('button', { name: 'More', exact: true }).press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Import…' })).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await expect(dialog.getByRole('button', { name: 'Choose files' })).toBeFocused();
  const choosing = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await choosing).setFiles(paths);
  return dialog;
}

test('what was exported as JSON comes back as a collection that finds the same; Undo, Cancel and a wrong file leave nothing', async ({
  page,
  folder,
}) => {
  await openNotes(page, folder);
  const before = await topHits(page);
  const json = await download(page, 'JSON');
  const [exported = '', wrong = '', long = ''] = await writeFiles(folder, {
    'Tests.json': json,
    'wrong.json': '{"name": "something else", "version": 3}',
    'long.jsonl': longLines(5_000),
  });

  let dialog = await chooseImport(page, wrong);
  await expect(dialog.getByRole('alert')).toContainText('wrong.json');
  await dialog.getByRole('button', { name: 'Choose files' }).focus();
  dialog = await chooseImport(page, exported);
  await expect(dialog.getByRole('heading', { name: /^Tests\.json/ })).toBeFocused();
  await expect(dialog.getByLabel('Vector')).toHaveValue('embedding');
  await expect(dialog.getByLabel('Text', { exact: true })).toHaveValue('text');
  await expect(dialog.getByRole('region', { name: 'First records' })).toContainText('lock.md');
  await expect(dialog.getByLabel('Made by')).toContainText('tiny-bert');
  await pressButton(dialog, 'Check against the model');
  await expect(dialog.getByText(/cosine at least .* These are its vectors\./)).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await dialog.getByLabel('Name of the new collection').fill('Back again');
  await pressButton(dialog, 'Import');
  await expect(page.getByText(/^\d+ chunks of 6 files imported\.$/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Collection: Back again' })).toBeVisible();
  expect((await filesOf(page)).map(({ path, state }) => `${path} ${state}`)).toContain('lock.md done');
  await expect.poll(() => topHits(page)).toEqual(before);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: 'Collection: Tests' })).toBeVisible();
  const names = () => page.evaluate(async () => (await vecdrop.collections()).map(({ name }) => name).sort());
  const here = await names();
  expect(here).not.toContain('Back again');

  dialog = await chooseImport(page, long);
  // The focus goes there when the file has been looked at: a key pressed before would be lost.
  await expect(dialog.getByRole('heading', { name: /^long\.jsonl/ })).toBeFocused();
  // What the import would make is worked out from what is stored, too.
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeEnabled();
  // It cannot end before it is cancelled.
  const letGo = await holdVectors(page);
  await pressButton(dialog, 'Import');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  await letGo();
  await expect(dialog.getByText('Cancelled: nothing was imported.')).toBeVisible();
  expect(await names()).toEqual(here);
  await page.keyboard.press('Escape');
  expect((await collectionOf(page, 'Tests')).files).toBe(6);
});

/** By the keyboard, for a notice may lie over the button; when it is on, for a key on one that is off is lost. */
async function pressButton(dialog: Locator, name: string): Promise<void> {
  const button = dialog.getByRole('button', { name, exact: true });
  await expect(button).toBeEnabled();
  await button.press('Enter');
}

/** Lets nobody write vectors: a transaction that has always one more question. Returns what ends it. */
async function holdVectors(page: Page): Promise<() => Promise<void>> {
  const held = await page.evaluateHandle(async () => {
    const opening = indexedDB.open('vecdrop');
    await new Promise(resolve => opening.addEventListener('success', resolve));
    const db = opening.result;
    const state = { over: false };
    const store = db.transaction('vectors', 'readwrite').objectStore('vectors');
    await new Promise<void>(resolve => {
      const ask = () => {
        resolve();
        if (state.over) db.close();
        else store.count().onsuccess = ask;
      };
      store.count().onsuccess = ask;
    });
    return state;
  });
  return () =>
    held.evaluate(state => {
      state.over = true;
    });
}

/** Records as another program may have written them: 32 numbers and a text. */
function longLines(count: number): string {
  return Array.from({ length: count }, (_, row) => {
    const vector = Array.from({ length: 32 }, (_, i) => Math.sin(row * 32 + i).toFixed(5));
    return `{"vector":[${vector}],"content":"Row ${row} of many.","source":"part-${row % 7}.txt"}\n`;
  }).join('');
}

test('an archive brings everything back after all is deleted: the model is missed, then the same is found', async ({
  page,
  folder,
}) => {
  await openNotes(page, folder);
  const before = await topHits(page);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const exporting = page.getByRole('dialog', { name: 'Export' });
  await exporting.getByRole('radio', { name: 'Vecdrop archive' }).check();
  const downloading = page.waitForEvent('download');
  await exporting.getByRole('button', { name: 'Download' }).click();
  const archive = join(folder, 'Tests.zip');
  await (await downloading).saveAs(archive);
  const chunks = (await collectionOf(page)).chunks;

  await page.evaluate(() => vecdrop.deleteEverything());
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Drop files or a folder' })).toBeVisible();
  const dialog = page.getByRole('dialog', { name: 'Import' });
  await drop(page, await writeFiles(folder, { 'cut.zip': (await readFile(archive)).subarray(0, 3000) }));
  await expect(dialog.getByRole('alert')).toContainText(/cut\.zip .* cut off/);
  await drop(page, [archive]);
  await expect(dialog.getByRole('heading', { name: 'Tests' })).toBeFocused();
  await expect(dialog.getByText('The model is not on this machine')).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await drop(page, await writeFiles(folder, { 'tiny.gguf': makeTinyGguf() }));
  await expect(dialog.getByText('The model is not on this machine')).toBeHidden();
  await pressButton(dialog, 'Import');
  await expect(page.getByText(`${chunks} chunks of 6 files imported.`)).toBeVisible();
  await skipSelfTest(page, (await collectionOf(page, 'Tests')).recipe.modelId);
  await expect.poll(() => topHits(page)).toEqual(before);

  await page.getByRole('combobox', { name: /^Search / }).fill('');
  await page.getByRole('option', { name: /lock\.md/ }).click();
  await expect(page.getByRole('listbox', { name: 'Chunks' })).toContainText('The lamp is lit.');
});
