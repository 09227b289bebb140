import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import type { CollectionInfo, FileRow } from '../src/domain/collection.ts';
import type { WorkspaceClient } from '../src/workspace/client.ts';
import { drop, expect, writeFiles } from './fixtures.ts';
import { skipSelfTest } from './tiny.ts';

declare global {
  /** The page offers its workspace to programs under this name. */
  var vecdrop: WorkspaceClient;
}

/** Opens the page and waits until it is of use. */
export async function openPage(page: Page, origin = '/'): Promise<void> {
  await page.goto(origin);
  await expect(page.getByRole('button', { name: /^Collection: (?!No collection yet)/ })).toBeVisible();
}

/** The collection by name, or the one on screen. */
export async function collectionOf(page: Page, name?: string): Promise<CollectionInfo> {
  const wanted = name ?? (await currentName(page));
  const all = await page.evaluate(() => vecdrop.collections());
  const found = all.find(collection => collection.name === wanted);
  if (!found) throw new Error(`No collection ${wanted} among ${all.map(c => c.name).join(', ')}.`);
  return found;
}

/** The files of a collection, in the order of their paths. */
export async function filesOf(page: Page, name?: string): Promise<FileRow[]> {
  const { id } = await collectionOf(page, name);
  const rows = await page.evaluate(id => vecdrop.files(id, 0, 20_000), id);
  return rows.filter(row => row.deletedAt === undefined).sort((a, b) => compare(a.path, b.path));
}

/** By code units, as downloads are sorted. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Waits until `count` files are there and every one is done. */
export async function allDone(page: Page, count: number, timeout = 600_000): Promise<void> {
  const states = async () => {
    const counts: Record<string, number> = {};
    for (const { state } of await filesOf(page)) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  };
  await expect.poll(states, { timeout, intervals: [250] }).toEqual({ done: count });
}

/** Export → format → Download, as a person does it. Returns what the file holds. */
export async function download(page: Page, format: 'JSON' | 'JSON Lines'): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('radio', { name: format, exact: true }).check();
  await expect(dialog.getByRole('radio', { name: format, exact: true })).toBeChecked();
  await expect(dialog.getByText(/records?, about/)).toBeVisible();
  const downloading = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toBe(`${await currentName(page)}.${format === 'JSON' ? 'json' : 'jsonl'}`);
  await expect(dialog).toBeHidden();
  return readFile(await file.path(), 'utf8');
}

/** The name of the collection on screen, as soon as there is one. */
export async function currentName(page: Page): Promise<string> {
  const named = /^Collection: (?!No collection yet)/;
  const picker = page.getByRole('button', { name: named, includeHidden: true });
  return (await picker.getAttribute('aria-label'))?.replace('Collection: ', '') ?? '';
}

/** Makes a collection by the dialog, which opens it. */
export async function newCollection(page: Page, name: string, model?: string): Promise<void> {
  await page.getByRole('button', { name: /^Collection: / }).click();
  await page.getByRole('menuitem', { name: 'New collection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New collection' });
  await dialog.getByLabel('Name').fill(name);
  if (model !== undefined) {
    const option = dialog.locator('option', { hasText: model });
    await dialog.getByLabel(/^Model/).selectOption(await option.getAttribute('value'));
  }
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('button', { name: `Collection: ${name}` })).toBeVisible();
}

/** Drops the small model, which makes vectors in no time, and opens a collection that uses it. */
export async function addTinyModel(page: Page, folder: string, name = 'Quick notes'): Promise<void> {
  await writeFiles(folder, { 'tiny.gguf': makeTinyGguf() });
  await drop(page, [join(folder, 'tiny.gguf')]);
  await expect(page.getByText('Model added: tiny-bert.')).toBeVisible();
  const added = await page.evaluate(async () =>
    (await vecdrop.models()).find(one => one.name === 'tiny-bert'),
  );
  await skipSelfTest(page, added?.id ?? '');
  await newCollection(page, name, 'tiny-bert');
}
