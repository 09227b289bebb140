import { cp, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../scripts/build.ts';
import type { Recipe } from '../src/domain/recipe.ts';
import { drop, expect, test, writeFiles } from './fixtures.ts';
import { allDone, compare, download, filesOf, openPage } from './person.ts';

/** The JSON download, as parsed. */
interface Download {
  object: string;
  model: string;
  dimensions: number;
  recipe: Recipe;
  data: DownloadedRecord[];
}

interface DownloadedRecord {
  object: string;
  index: number;
  embedding: number[];
  text: string;
  file: string;
  start: number;
  end: number;
  tokens: number;
  headings: string[];
  lines: [number, number];
}

/** Real files: the project's own. */
const OWN = ['docs/HOSTING.md', 'src/domain'];

/** Every file's text as the page reads it: line ends normalised. */
async function sources(folder: string, rows: { path: string }[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const { path } of rows) {
    texts.set(path, (await readFile(join(folder, '..', path), 'utf8')).replaceAll('\r\n', '\n'));
  }
  return texts;
}

/** The stored vectors of the records' chunks, in the records' order. */
async function storedVectors(page: Page, records: DownloadedRecord[]): Promise<number[][]> {
  const ids = new Map((await filesOf(page)).map(({ path, id }) => [path, id]));
  const seen = new Map<string, number>();
  const asked = records.map(({ file }) => {
    const ordinal = seen.get(file) ?? 0;
    seen.set(file, ordinal + 1);
    return { id: ids.get(file) ?? '', ordinal };
  });
  return page.evaluate(
    asked => Promise.all(asked.map(async a => [...((await vecdrop.vector(a.id, a.ordinal)) ?? [])])),
    asked,
  );
}

/** The records of one file, in order, leave out nothing but blanks. */
function uncovered(text: string, records: DownloadedRecord[]): string {
  let rest = '';
  let at = 0;
  for (const { start, end } of records) {
    if (start > at) rest += text.slice(at, start);
    at = Math.max(at, end);
  }
  return (rest + text.slice(at)).trim();
}

/** Waits until just these files are there, under these paths. */
async function listed(page: Page, paths: string[]): Promise<void> {
  await expect.poll(async () => (await filesOf(page)).map(({ path }) => path)).toEqual(paths);
}

test('drop a folder, see it embedded, download the vectors, find all of it after a reload', async ({
  page,
  folder,
}) => {
  const dropped = join(folder, 'project');
  for (const part of OWN) await cp(join(ROOT, part), join(dropped, part), { recursive: true });
  await writeFiles(dropped, { 'windows line ends.txt': 'First line.\r\n\r\nSecond line.\r\n' });
  await openPage(page);
  await drop(page, [dropped]);

  await expect(page.getByText(/^Added \d+ files\.$/)).toBeVisible();
  const count = (await filesOf(page)).length;
  await allDone(page, count);
  const rows = await filesOf(page);
  expect(rows.map(({ path }) => path)).toContain('project/docs/HOSTING.md');
  expect(rows.map(({ path }) => path)).toContain('project/src/domain/errors.ts');
  const options = page.getByRole('listbox', { name: 'Files' }).getByRole('option');
  await expect(options.first()).toHaveAttribute('aria-setsize', String(count));
  await expect(options.filter({ hasText: 'HOSTING.md' })).toContainText('project/docs');

  // What the dialog promises before the download.
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const promise = (await page.getByText(/records, about/).textContent()) ?? '';
  const preview = await page.getByRole('region', { name: 'First record' }).textContent();
  await page.getByRole('button', { name: 'Cancel' }).click();

  const json = await download(page, 'JSON');
  const result: Download = JSON.parse(json);
  expect(result).toMatchObject({ object: 'list', model: 'all-MiniLM-L6-v2', dimensions: 384 });
  expect(result.recipe).toMatchObject({
    strategy: 'recursive',
    chunkSize: 200,
    overlap: 20,
    pooling: 'mean',
  });
  expect(Object.keys(result)).toEqual(['object', 'model', 'dimensions', 'recipe', 'data']);
  const { data } = result;

  expect(data).toHaveLength(rows.reduce((sum, { chunks }) => sum + chunks, 0));
  const first = data[0] as DownloadedRecord;
  expect(Object.keys(first)).toEqual([
    'object',
    'index',
    'embedding',
    'id',
    'text',
    'file',
    'start',
    'end',
    'tokens',
    'headings',
    'lines',
  ]);
  expect(data.map(({ object }) => object)).toEqual(data.map(() => 'embedding'));
  expect(data.map(({ index }) => index)).toEqual([...data.keys()]);
  const order = data.map(({ file, start }) => ({ file, start }));
  expect(order).toEqual([...order].sort((a, b) => compare(a.file, b.file) || a.start - b.start));
  expect(preview).toContain(JSON.stringify({ text: first.text, file: first.file }).slice(1, -1));
  const [, records, amount, unit] = /^([\d,]+) records, about ([\d.]+) (kB|MB)$/.exec(promise) ?? [];
  expect(Number(records)).toBe(data.length);
  const estimate = Number(amount) * (unit === 'MB' ? 1e6 : 1e3);
  expect(Math.abs(estimate / Buffer.byteLength(json) - 1)).toBeLessThan(0.1);

  const texts = await sources(dropped, rows);
  for (const { file, text, start, end, tokens, lines } of data) {
    const source = texts.get(file) ?? '';
    expect(text).toBe(source.slice(start, end));
    expect(lines).toEqual([start, end - 1].map(at => source.slice(0, at).split('\n').length));
    expect(tokens).toBeLessThanOrEqual(200);
  }
  for (const [path, text] of texts) {
    const own = data.filter(({ file }) => file === path);
    expect(uncovered(text, own), path).toBe('');
  }

  const stored = await storedVectors(page, data);
  for (const [i, { embedding }] of data.entries()) {
    expect(embedding.map(Math.fround)).toEqual(stored[i]);
    expect(Math.abs(Math.hypot(...embedding) - 1)).toBeLessThan(1e-5);
  }

  const lines = (await download(page, 'JSON Lines')).trimEnd().split('\n');
  expect(lines.map(line => JSON.parse(line))).toEqual(data);

  // The engine starts with the first text that needs it: after a reload none does.
  await page.reload();
  await expect(options.first()).toHaveAttribute('aria-setsize', String(count));
  await expect(options.first()).toContainText(/\d+ chunks? ·/);
  expect(await filesOf(page)).toEqual(rows);
  expect(await download(page, 'JSON')).toBe(json);
  const { engine, queue } = await page.evaluate(() => vecdrop.status());
  expect({ engine: engine.state, queue }).toEqual({ engine: 'idle', queue: { waiting: 0, working: 0 } });

  // The same folder again changes nothing either.
  await drop(page, [dropped]);
  await expect(page.getByText(`${count} files already here, unchanged.`)).toBeVisible();
  expect(await filesOf(page)).toEqual(rows);
});

test('choose files', async ({ page, folder }) => {
  const paths = await writeFiles(folder, { 'one.txt': 'One short note.', 'two.md': '# Two\n\nAnother.' });
  await openPage(page);
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  const chooser = await choosing;
  expect(chooser.isMultiple()).toBe(true);
  await chooser.setFiles(paths);
  await listed(page, ['one.txt', 'two.md']);
});

test('choose a folder', async ({ page, folder }) => {
  await writeFiles(folder, { 'in/one.txt': 'One short note.', 'in/deeper/two.md': '# Two\n\nAnother.' });
  await openPage(page);
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose folder' }).click();
  await (await choosing).setFiles(folder);
  const name = basename(folder);
  await listed(page, [`${name}/in/deeper/two.md`, `${name}/in/one.txt`]);
});

test('paste a text', async ({ page }) => {
  await openPage(page);
  await page.getByRole('button', { name: 'Paste text' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paste text' });
  await dialog.getByRole('textbox').fill('The harbour master keeps the log.\nEvery day.');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await listed(page, ['The harbour master keeps the log.txt']);
});

test('try the sample and read it', async ({ page }) => {
  await openPage(page);
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await allDone(page, 5);
  await page.getByRole('option', { name: /harbour-handbook\.md/ }).click();
  await expect(page.getByRole('listbox', { name: 'Chunks' }).getByRole('option').first()).toContainText(
    'harbour',
    { ignoreCase: true },
  );
  await expect(page.getByRole('region', { name: 'Chunk 1' })).toContainText(/\d+ of 200/);
});
