import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { axe, drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { filesOf, openTiny, settled, workspace } from './tiny.ts';

const PICTURE = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);

const pathsOf = async (page: Page, collection: string) =>
  (await filesOf(page, collection)).map(({ path }) => path).sort();

/** The first vector of a file. */
async function vectorOf(page: Page, collection: string, path: string): Promise<number[]> {
  const row = (await filesOf(page, collection)).find(one => one.path === path);
  return (await workspace(page)).evaluate(
    async (client, id) => [...((await client.vector(id, 0)) ?? [])],
    row?.id ?? '',
  );
}

test('a folder dropped again is compared, and exactly what is ticked is worked on', async ({
  page,
  folder,
}) => {
  const collection = await openTiny(page);
  const papers = join(folder, 'papers');
  await writeFiles(papers, makeTexts(4));
  await writeFiles(papers, {
    'photo.png': PICTURE,
    '.gitignore': '*.log\n',
    'run.log': 'Ignored, until it is asked for.',
    'node_modules/m/index.js': 'module;',
  });
  await drop(page, [papers]);
  await expect(
    page.getByText(
      'Skipped 1 folder and 3 files: 1 node_modules folder, 1 binary file, 1 file ignored by .gitignore, 1 hidden file.',
    ),
  ).toBeVisible();
  await settled(page, collection, 4);
  await page.getByRole('button', { name: 'Include them' }).click();
  const included = await settled(page, collection, 8);
  expect(included.find(({ path }) => path === 'papers/photo.png')).toMatchObject({ state: 'failed' });

  const kept = await vectorOf(page, collection, 'papers/text-0002.txt');
  await writeFile(join(papers, 'text-0001.txt'), 'Another text altogether.');
  await writeFiles(papers, { 'run.log': 'Changed, and no longer left out.', 'new.txt': 'New here.' });
  await rename(join(papers, 'text-0002.txt'), join(papers, 'moved.txt'));
  await rm(join(papers, 'text-0003.txt'));
  const before = await filesOf(page, collection);
  await drop(page, [papers]);
  const dialog = page.getByRole('dialog', { name: 'Update papers' });
  await expect(dialog).toContainText('6 files differ, 3 are as they were.');
  for (const name of ['Changed 2', 'Moved 1', 'New 1', 'Not finished before 1'])
    await expect(dialog.getByRole('checkbox', { name })).toBeChecked();
  await expect(dialog.getByRole('checkbox', { name: 'Gone 1' })).not.toBeChecked();
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'List: Moved' }).click();
  await expect(dialog.getByRole('region', { name: 'Moved' })).toContainText('was papers/text-0002.txt');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  expect(await filesOf(page, collection)).toEqual(before);

  await drop(page, [papers]);
  await dialog.getByRole('checkbox', { name: 'Gone 1' }).check();
  await dialog.getByRole('checkbox', { name: 'New 1' }).uncheck();
  await dialog.getByRole('checkbox', { name: 'Not finished before 1' }).uncheck();
  await dialog.getByRole('button', { name: 'Update 4 files' }).click();
  await expect(page.getByText('2 files changed, to be read again')).toBeVisible();
  await settled(page, collection, 7);
  const paths = await pathsOf(page, collection);
  expect(paths).toContain('papers/moved.txt');
  expect(paths).not.toContain('papers/text-0003.txt');
  expect(paths).not.toContain('papers/new.txt');
  expect(await vectorOf(page, collection, 'papers/moved.txt')).toEqual(kept);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => pathsOf(page, collection)).toEqual(before.map(({ path }) => path).sort());
});

/** A folder of the origin's own file system stands in for a person's: a browser without a window shows no picker. */
async function givePicker(page: Page, files: Record<string, string>): Promise<void> {
  await page.evaluate(async files => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('notes', { create: true });
    for (const [name, text] of Object.entries(files)) {
      const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writable.write(text);
      await writable.close();
    }
    Object.assign(window, { showDirectoryPicker: async () => folder });
  }, files);
}

test('a chosen folder is kept over a reload, and looked at again by a click', async ({ page }) => {
  const collection = await openTiny(page);
  await givePicker(page, { 'one.txt': 'One short note.', 'two.txt': 'Another note.' });
  await page.getByRole('button', { name: 'Choose folder' }).click();
  await settled(page, collection, 2);
  await page.reload();
  const rescan = async () => {
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Re-scan notes' }).click();
  };
  await rescan();
  await expect(page.getByText('Nothing has changed in notes: 2 files.')).toBeVisible();
  await givePicker(page, { 'two.txt': 'A longer other note.', 'three.txt': 'One more.' });
  await rescan();
  const dialog = page.getByRole('dialog', { name: 'Update notes' });
  await expect(dialog.getByRole('checkbox', { name: 'Changed 1' })).toBeChecked();
  await dialog.getByRole('button', { name: 'Update 2 files' }).click();
  const rows = await settled(page, collection, 3);
  expect(rows.map(({ path }) => path).sort()).toEqual(['notes/one.txt', 'notes/three.txt', 'notes/two.txt']);
});
