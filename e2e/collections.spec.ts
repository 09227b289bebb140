import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { behind, textGates } from './gate.ts';
import { addTinyModel, allDone, collectionOf, download, filesOf, newCollection, openPage } from './person.ts';

interface Records {
  recipe: { chunkSize: number };
  data: { file: string; tokens: number }[];
}

async function records(page: Page): Promise<Records> {
  return JSON.parse(await download(page, 'JSON'));
}

async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: /^Collection: / }).click();
  await page
    .getByRole(/^(New|Rename|Remove)/.test(item) ? 'menuitem' : 'menuitemcheckbox', { name: item })
    .click();
}

/** Sets the chunk size in the overview, without applying it. */
async function setChunkSize(page: Page, tokens: number): Promise<void> {
  const field = page.getByRole('spinbutton', { name: 'Chunk size, in tokens' });
  await field.fill(String(tokens));
  await field.press('Enter');
}

const applyButton = (page: Page) => page.getByRole('button', { name: 'Apply' });

test('several collections keep their own files and recipe; one is renamed, removed and brought back', async ({
  page,
  folder,
}) => {
  await writeFiles(folder, { 'a/one.txt': 'One short note.', 'b/two.txt': 'Another short note.' });
  await openPage(page);
  await addTinyModel(page, folder, 'Letters');
  await drop(page, [join(folder, 'a')]);
  await allDone(page, 1);
  await newCollection(page, 'Notes', 'tiny-bert');
  await expect(page.getByRole('heading', { name: 'Drop files or a folder' })).toBeVisible();
  await drop(page, [join(folder, 'b')]);
  await allDone(page, 1);
  await setChunkSize(page, 64);
  await applyButton(page).click();
  await expect.poll(async () => (await collectionOf(page, 'Notes')).recipe.chunkSize).toBe(64);

  await choose(page, 'Letters');
  await expect(page.getByRole('option', { name: /one\.txt/ })).toBeVisible();
  await expect(page.getByRole('option', { name: /two\.txt/ })).toBeHidden();
  expect((await collectionOf(page, 'Letters')).recipe.chunkSize).toBe(200);

  await choose(page, 'Rename');
  const dialog = page.getByRole('dialog', { name: 'Rename collection' });
  await dialog.getByLabel('Name').fill('Old letters');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('button', { name: 'Collection: Old letters' })).toBeVisible();

  await choose(page, 'Remove collection');
  await expect(page.getByRole('button', { name: 'Collection: Old letters' })).toBeHidden();
  expect((await page.evaluate(() => vecdrop.collections())).map(({ name }) => name)).not.toContain(
    'Old letters',
  );
  // The notice before it, of the new chunk size, has one too.
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(page.getByRole('button', { name: 'Collection: Old letters' })).toBeVisible();
  await expect(page.getByRole('option', { name: /one\.txt/ })).toBeVisible();
  expect((await records(page)).data.map(({ file }) => file)).toEqual(['a/one.txt']);
});

test('a new chunk size says its cost first; old vectors serve until the new ones are whole, or for good', async ({
  page,
  folder,
  serve,
}) => {
  const FILES = 20;
  await writeFiles(join(folder, 'texts'), {
    ...makeTexts(FILES - 1, 400),
    'last.txt': behind(0, 'The keeper counts the boats. '.repeat(60)),
  });
  // Of the smaller chunks one waits: for so long the old vectors serve.
  const gates = await textGates({ longest: 100 });
  const { origin } = await serve(gates);
  await openPage(page, origin);
  await addTinyModel(page, folder);
  await drop(page, [join(folder, 'texts')]);
  await allDone(page, FILES);
  const before = await records(page);

  await expect(applyButton(page)).toBeDisabled();
  await setChunkSize(page, 100);
  const cost = page.getByText(/\d+ chunks in 20 files, \d+ to embed again/);
  await expect(cost).toBeVisible();
  const [, chunks] = /^(\d+) chunks/.exec((await cost.textContent()) ?? '') ?? [];
  expect((await collectionOf(page)).nextRecipe).toBeUndefined();

  // Given up half-way: everything is as it was.
  await applyButton(page).click();
  await expect(page.getByText('The collection is being chunked anew.')).toBeVisible();
  const during = await page.evaluate(
    async id => {
      await vecdrop.pause();
      const { signal } = new AbortController();
      const blob = await vecdrop.exportCollection(id, { format: 'json' }, signal, () => {});
      return blob.text();
    },
    (await collectionOf(page)).id,
  );
  expect(JSON.parse(during)).toEqual(before);
  await page.getByRole('button', { name: 'Cancel the new chunking' }).click();
  gates.open(0);
  await expect(page.getByText('Cancelled. The collection keeps its old chunking.')).toBeVisible();
  await page.evaluate(() => vecdrop.resume());
  await allDone(page, FILES);
  expect(await records(page)).toEqual(before);

  // Carried through: as many chunks as were promised.
  await setChunkSize(page, 100);
  await applyButton(page).click();
  await expect.poll(async () => (await collectionOf(page)).recipe.chunkSize).toBe(100);
  await allDone(page, FILES);
  const after = await records(page);
  expect(after.recipe.chunkSize).toBe(100);
  expect(after.data).toHaveLength(Number(chunks));
  expect(Math.max(...after.data.map(({ tokens }) => tokens))).toBeLessThanOrEqual(100);
});

test('a removed file comes back with Undo', async ({ page, folder }) => {
  await writeFiles(folder, { 'a/one.txt': 'One short note.', 'a/two.txt': 'Another short note.' });
  await openPage(page);
  await addTinyModel(page, folder);
  await drop(page, [join(folder, 'a')]);
  await allDone(page, 2);
  const before = await records(page);
  await page.getByRole('option', { name: /one\.txt/ }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByRole('option', { name: /one\.txt/ })).toBeHidden();
  expect((await records(page)).data.map(({ file }) => file)).toEqual(['a/two.txt']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('option', { name: /one\.txt/ })).toBeVisible();
  expect(await records(page)).toEqual(before);
});

test('Delete everything leaves nothing in the database and no model file', async ({ page, folder }) => {
  await writeFiles(folder, { 'a/one.txt': 'One short note.', 'a/two.txt': 'Another short note.' });
  await openPage(page);
  await addTinyModel(page, folder);
  await drop(page, [join(folder, 'a')]);
  await allDone(page, 2);
  expect((await stored(page)).models.length).toBe(1);

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page
    .getByRole('dialog', { name: 'Settings' })
    .getByRole('button', { name: 'Delete everything' })
    .click();
  const sure = page.getByRole('dialog', { name: 'Delete everything?' });
  const button = sure.getByRole('button', { name: 'Delete everything' });
  await expect(button).toBeDisabled();
  await sure.getByRole('textbox').fill('delete');
  await button.click();
  await expect(page.getByText('Everything is deleted.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Drop files or a folder' })).toBeVisible();

  const { rows, models } = await stored(page);
  expect(models).toEqual([]);
  // A fresh first collection is all there is.
  expect(rows).toEqual({
    collections: 1,
    files: 0,
    blobs: 0,
    documents: 0,
    chunks: 0,
    vectors: 0,
    models: 0,
  });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Drop files or a folder' })).toBeVisible();
  expect(await filesOf(page)).toEqual([]);
});

/** Rows of every store that holds what a person put in, and the files in the origin's private file system. */
async function stored(page: Page): Promise<{ rows: Record<string, number>; models: string[] }> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await settled(indexedDB.open('vecdrop'));
    const names = [...db.objectStoreNames].filter(name => name !== 'meta');
    const tx = db.transaction(names);
    const counts = await Promise.all(names.map(name => settled(tx.objectStore(name).count())));
    db.close();
    const models: string[] = [];
    const walk = async (folder: FileSystemDirectoryHandle) => {
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle);
        else models.push(name);
      }
    };
    await walk(await navigator.storage.getDirectory());
    return { rows: Object.fromEntries(names.map((name, i) => [name, counts[i] ?? 0])), models };
  });
}
