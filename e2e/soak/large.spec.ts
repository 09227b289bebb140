import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { drop, expect, makeTexts, test, writeFiles } from '../fixtures.ts';
import { openTiny } from '../tiny.ts';
import { chooseFolder, coverage, filesByPath, onCall, settled, told } from '../trouble.ts';

test('a hundred megabytes of text are read and chunked whole; the page answers; cancel stops it', async ({
  page,
  folder,
}) => {
  const path = join(folder, 'library.txt');
  const book = Object.values(makeTexts(1000, 1400)).join('\n\n');
  const file = createWriteStream(path);
  let length = 0;
  for (let part = 1; length < 100_000_000; part++) {
    const text = `Part ${part}\n\n${book}\n\n`;
    length += text.length;
    file.write(text);
  }
  await new Promise<void>((resolve, reject) => file.on('error', reject).end(resolve));

  const collection = await openTiny(page);
  const library = async () => (await filesByPath(page, collection))['library.txt'];
  await drop(page, [path]);
  await expect.poll(async () => (await library())?.state, { timeout: 120_000 }).toBe('reading');
  // While it is read, the page does as it is told.
  await page.getByRole('option', { name: /library\.txt/ }).click();
  await expect(page.getByRole('region', { name: 'Document' })).toContainText('library.txt');
  await expect.poll(async () => (await library())?.done ?? 0, { timeout: 600_000 }).toBeGreaterThan(0);

  const whole = await coverage(page, await library());
  expect(whole).toMatchObject({ length, uncovered: 0 });
  expect(whole.mostTokens).toBeLessThanOrEqual(200);
  expect(whole.chunks).toBeGreaterThan(100_000);
  await expect(page.getByRole('listbox', { name: 'Chunks' })).toContainText('Note 1.');

  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.waitForTimeout(1000);
  const cancelled = await library();
  expect(cancelled?.state).toBe('cancelled');
  await page.waitForTimeout(5000);
  expect(await library()).toEqual(cancelled);
});

test('a long text can be cancelled while it is read', async ({ page, folder }) => {
  const collection = await openTiny(page);
  const book = Object.values(makeTexts(1000, 1400)).join('\n\n');
  await drop(page, await writeFiles(folder, { 'long.txt': book.repeat(5), 'short.txt': 'A short note.' }));
  const state = async () => (await filesByPath(page, collection))['long.txt']?.state;
  await expect.poll(state, { timeout: 60_000, intervals: [50] }).toBe('reading');
  await page.getByRole('option', { name: /long\.txt/ }).click();
  await page.getByRole('button', { name: 'Cancel this file' }).click();
  const files = await settled(page, collection, 2);
  expect(files['long.txt']).toMatchObject({ state: 'cancelled', chunks: 0 });
  expect(files['short.txt']?.state).toBe('done');
});

test('ten thousand small files are all embedded; adding them again finds nothing to do', async ({
  page,
  folder,
}) => {
  const collection = await openTiny(page);
  const files: Record<string, string> = {};
  for (let i = 0; i < 10_000; i++) files[`many/${i % 100}/note-${i}.txt`] = `Note ${i}, and nothing more.`;
  await writeFiles(folder, files);
  await chooseFolder(page, join(folder, 'many'));
  await expect
    .poll(
      async () => Object.values(await filesByPath(page, collection)).filter(f => f.state === 'done').length,
      { timeout: 1_800_000, intervals: [2000] },
    )
    .toBe(10_000);
  await chooseFolder(page, join(folder, 'many'));
  await expect(page.getByRole('region', { name: 'Progress' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Progress' })).toBeHidden({ timeout: 300_000 });
  await told(page, '10,000 files already here, unchanged.');
});

test('a file that hangs its reader is set aside after three deadlines, and the rest is done', async ({
  page,
  folder,
  serve,
}) => {
  const hang = "if (values.includes('hanging.txt')) for (;;);";
  const { origin } = await serve({ transform: onCall('ingest', hang) });
  const collection = await openTiny(page, origin);
  await drop(page, await writeFiles(folder, { 'hanging.txt': 'for ever', 'later.txt': 'A short note.' }));
  const files = await settled(page, collection, 2);
  expect(files['hanging.txt']).toMatchObject({ state: 'failed', error: { code: 'worker/died' } });
  expect(files['later.txt']?.state).toBe('done');
});
