import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import { drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { idsOf, readingGate } from './gate.ts';
import { openTiny } from './tiny.ts';
import {
  choose,
  chooseFolder,
  chunkText,
  coverage,
  filesByPath,
  onCall,
  settled,
  textOf,
  told,
} from './trouble.ts';

const GOOD = 'The river runs under the bridge to the market.';

test('what holds no text is refused by name, and the rest is done', async ({ page, folder }) => {
  const collection = await openTiny(page);
  const files = await writeFiles(folder, {
    'empty.txt': '',
    'blanks.md': ' \n\t\r\n   \n',
    'zeros.txt': new Uint8Array(100_000),
    'report.pdf': '%PDF-1.7\n%âãÏÓ\n1 0 obj\n',
    'photo.png': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
    'files.zip': Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0]),
    'good.txt': GOOD,
  });
  await drop(page, files);
  // An archive is no file of the collection: what it holds would be.
  await expect(page.getByText('Unpacking “files.zip”: This file is damaged')).toBeVisible();
  const found = await settled(page, collection, 6);
  expect(found['good.txt']).toMatchObject({ state: 'done', chunks: 1, done: 1 });
  const refused = Object.values(found).filter(({ state }) => state === 'failed');
  expect(Object.fromEntries(refused.map(({ path, error }) => [path, error?.code]))).toEqual({
    'empty.txt': 'file/empty',
    'blanks.md': 'file/blank',
    'zeros.txt': 'file/binary',
    'report.pdf': 'file/broken',
    'photo.png': 'file/unsupported',
  });
  for (const { path, error } of refused) expect(error?.message).toContain(`“${path}”`);
  const list = page.getByRole('listbox', { name: 'Files' });
  await expect(list).toContainText('“empty.txt” is empty: there is nothing to embed.');
  await expect(list).toContainText('“report.pdf” is damaged: it cannot be read as a PDF.');
  await expect(page.getByRole('button', { name: '5 failed' })).toBeVisible();
});

test('a megabyte without a blank is cut into chunks that cover it, and what the model cannot read is told', async ({
  page,
  folder,
}) => {
  const collection = await openTiny(page);
  await drop(page, await writeFiles(folder, { 'line.txt': 'x'.repeat(1_000_000) }));
  const { 'line.txt': line } = await settled(page, collection, 1);
  expect(line?.state).toBe('done');
  const { length, chunks, mostTokens, uncovered } = await coverage(page, line);
  expect(length).toBe(1_000_000);
  expect(chunks).toBeGreaterThan(200);
  expect(mostTokens).toBeLessThanOrEqual(200);
  expect(uncovered).toBe(0);
  expect(line?.unknown).toBeGreaterThanOrEqual(chunks);
  await expect(page.getByRole('listbox', { name: 'Files' })).toContainText('unreadable words');
});

test('texts in other encodings are shown as they were written', async ({ page, folder }) => {
  const collection = await openTiny(page);
  const russian = 'Тихая река течёт под мостом, и утром над ней стоит туман. Рыбаки ждут на берегу.\n';
  const japanese = '静かな川が橋の下を流れ、朝には霧が立つ。漁師たちは岸で待っている。\n';
  const halves = 'a \ud83d lone \udc00 half, and a whole 🌊';
  const files = await writeFiles(folder, {
    'little.txt': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(japanese, 'utf16le')]),
    'big.txt': Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(japanese, 'utf16le').swap16()]),
    'unmarked.txt': Buffer.from('Plain words, two bytes each.\n'.repeat(10), 'utf16le'),
    'halves.txt': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(halves, 'utf16le')]),
    'russian.txt': windows1251(russian.repeat(10)),
    'lines.txt': 'one\r\ntwo\rthree\n',
  });
  await drop(page, files);
  const texts = await settled(page, collection, 6);
  expect(await textOf(page, texts['little.txt'])).toBe(japanese);
  expect(await textOf(page, texts['big.txt'])).toBe(japanese);
  expect(await textOf(page, texts['unmarked.txt'])).toBe('Plain words, two bytes each.\n'.repeat(10));
  expect(await textOf(page, texts['halves.txt'])).toBe('a \ufffd lone \ufffd half, and a whole 🌊');
  expect(await textOf(page, texts['russian.txt'])).toBe(russian.repeat(10));
  expect(await textOf(page, texts['lines.txt'])).toBe('one\ntwo\nthree\n');

  await page.getByRole('option', { name: /russian\.txt/ }).click();
  await expect(page.getByRole('listbox', { name: 'Chunks' })).toContainText('Рыбаки ждут на берегу.');
});

test('a file that vanishes or changes between the choice and the reading is named, and the rest is added', async ({
  page,
  folder,
  serve,
}) => {
  const gates = readingGate();
  gates.open(0);
  const { origin } = await serve(gates);
  const collection = await openTiny(page, origin);
  const paths = await writeFiles(folder, {
    'gone.txt': 'soon gone',
    'changed.txt': 'soon changed',
    'large-gone.txt': 'word '.repeat(2_000_000),
    'good.txt': GOOD,
  });
  gates.shut(0);
  await choose(page, paths);
  await rm(join(folder, 'gone.txt'));
  await rm(join(folder, 'large-gone.txt'));
  await writeFile(join(folder, 'changed.txt'), 'another text, and longer');
  gates.open(0);
  await told(page, 'Added 1 file · 3 files not added.');
  for (const name of ['gone.txt', 'changed.txt', 'large-gone.txt']) {
    await told(page, `“${name}” could not be read: it was moved, changed or locked meanwhile.`);
  }
  expect(Object.keys(await filesByPath(page, collection))).toEqual(['good.txt']);
});

test('the same again is told and left; changed files are read again, and only new chunks embedded', async ({
  page,
  folder,
  serve,
}) => {
  // Tells the page which texts are embedded.
  const tell = `for (const value of values)
    if (Array.isArray(value)) new BroadcastChannel('embedded').postMessage(value.map(String));`;
  const { origin } = await serve({ transform: onCall('embed', tell) });
  const collection = await openTiny(page, origin);
  const counter = await page.evaluateHandle(() => {
    const told = { texts: [] as string[], channel: new BroadcastChannel('embedded') };
    told.channel.onmessage = ({ data }) => told.texts.push(...data);
    return told;
  });
  // Every engine tests itself before it serves, with the same texts.
  await page.evaluate(async () => {
    const body = JSON.stringify({ model: 'tiny-bert', input: 'one' });
    await (await vecdrop.fetch('/v1/embeddings', { method: 'POST', body })).json();
  });
  await expect.poll(() => counter.evaluate(({ texts }) => texts.length)).toBeGreaterThan(0);
  const tests = new Set(await counter.evaluate(({ texts }) => texts));
  // Search makes the model ready with an empty text: two special tokens.
  const isChunk = (ids: string) => ids.split(',').length > 2;
  const embedded = async () =>
    (await counter.evaluate(({ texts }) => texts)).filter(text => !tests.has(text) && isChunk(text)).length;

  const [text = ''] = Object.values(makeTexts(1, 2000));
  await writeFiles(folder, {
    'in/notes.txt': text,
    'in/a/same.txt': 'first of a name',
    'in/b/same.txt': 'second',
  });
  await drop(page, [join(folder, 'in')]);
  const first = await settled(page, collection, 3);
  expect(Object.keys(first).sort()).toEqual(['in/a/same.txt', 'in/b/same.txt', 'in/notes.txt']);
  const chunks = first['in/notes.txt']?.chunks ?? 0;
  expect(chunks).toBeGreaterThan(8);
  // What one worker tells another takes a way of its own, which may be longer.
  await expect.poll(embedded).toBe(chunks + 2);

  await drop(page, [join(folder, 'in')]);
  await told(page, '3 files already here, unchanged.');
  expect(await embedded()).toBe(chunks + 2);

  // What comes behind it may be cut otherwise, what comes before may not.
  const place = text.indexOf('. ', text.length * 0.8) + 2;
  await writeFile(join(folder, 'in/notes.txt'), `${text.slice(0, place)}A new thing ${text.slice(place)}`);
  await drop(page, [join(folder, 'in')]);
  const plan = page.getByRole('dialog', { name: 'Update in' });
  await plan.getByRole('button', { name: 'Update 1 file' }).click();
  await told(page, '1 file changed, to be read again');
  const changed = await settled(page, collection, 3);
  expect(await textOf(page, changed['in/notes.txt'])).toContain('A new thing');
  const again = async () => (await embedded()) - chunks - 2;
  await expect.poll(again).toBeGreaterThan(0);
  expect(await again()).toBeLessThan(chunks / 2);

  await drop(page, await writeFiles(folder, { 'x/loose.txt': 'one loose text' }));
  await drop(page, await writeFiles(folder, { 'y/loose.txt': 'another loose text' }));
  await told(page, 'loose.txt is kept as loose (2).txt: its name was taken.');
  await drop(page, [join(folder, 'x/loose.txt')]);
  await told(page, '1 file already here, unchanged.');
  const loose = await settled(page, collection, 5);
  expect(await textOf(page, loose['loose.txt'])).toBe('one loose text');
  expect(await textOf(page, loose['loose (2).txt'])).toBe('another loose text');
});

test('files dropped on a page that is just opening go into the collection that is there', async ({
  page,
  folder,
  serve,
}) => {
  const { origin } = await serve({
    transform: (pathname, body) =>
      pathname.includes('/workspace.worker')
        ? `await new Promise(resolve => setTimeout(resolve, 1000));\n${body}`
        : undefined,
  });
  const files = await writeFiles(folder, { 'early.txt': GOOD });
  await page.goto(origin, { waitUntil: 'commit' });
  await page.getByLabel('Files to add').waitFor({ state: 'attached' });
  await choose(page, files);
  await told(page, 'Added 1 file.');
  const names = await page.evaluate(async () => (await vecdrop.collections()).map(({ name }) => name));
  expect(names).toEqual(['My documents']);
});

test('ten thousand files: adding shows how far it is, the list answers meanwhile, and it can be stopped', async ({
  page,
  folder,
  serve,
}) => {
  // Never opened: with all files read there would be nothing to stop.
  const { origin } = await serve(readingGate(5_000));
  const collection = await openTiny(page, origin);
  await page.evaluate(() => vecdrop.pause());
  const files: Record<string, string> = {};
  for (let i = 0; i < 10_000; i++) files[`many/${i % 100}/note-${i}.txt`] = `Note ${i}.`;
  await writeFiles(folder, files);
  await chooseFolder(page, join(folder, 'many'));
  await expect(page.getByLabel('Progress')).toContainText('of 10,000');
  const list = page.getByRole('listbox', { name: 'Files' });
  await list.getByRole('option').first().click();
  await page.keyboard.press('End');
  await expect(page.getByRole('region', { name: 'Document' })).toContainText(/note-\d+\.txt/);
  await page.getByRole('button', { name: 'Cancel adding' }).click();
  await told(page, 'Stopped adding.');
  const added = Object.keys(await filesByPath(page, collection)).length;
  expect(added).toBeGreaterThan(0);
  expect(added).toBeLessThan(10_000);
  await expect(page.getByRole('heading', { name: /files? · 0 chunks/ })).toContainText(
    added.toLocaleString('en'),
  );
});

test('a file that kills its reader each time is failed at the third death, and the rest is done', async ({
  page,
  folder,
  serve,
}) => {
  const kill = `if (values.includes('killer.txt')) self.close();`;
  const { origin } = await serve({ transform: onCall('ingest', kill) });
  const collection = await openTiny(page, origin);
  await drop(
    page,
    await writeFiles(folder, { 'before.txt': GOOD, 'killer.txt': 'fatal', 'behind.txt': GOOD }),
  );
  const found = await settled(page, collection, 3);
  expect(found['before.txt']?.state).toBe('done');
  expect(found['behind.txt']?.state).toBe('done');
  expect(found['killer.txt']).toMatchObject({ state: 'failed', error: { code: 'worker/died' } });
  await expect(page.getByRole('listbox', { name: 'Files' })).toContainText(
    'The reader stopped three times at this file. It is set aside; the others go on.',
  );
});

test('a text that kills its engine each time is named with its chunk, and the rest is done', async ({
  page,
  folder,
  serve,
}) => {
  const deadly = await idsOf('kitchen kitchen kitchen');
  // Three times in a row: the self-test's texts have it, too.
  const kill = `for (const value of values)
    if (Array.isArray(value) && value.some(ids => ids.join().includes('${deadly}'))) {
      // Closed, it would still answer a call that takes no turn.
      event.stopImmediatePropagation();
      self.close();
    }`;
  const { origin } = await serve({ transform: onCall('embed', kill) });
  const collection = await openTiny(page, origin);
  const harmless = 'the river and the market. '.repeat(100);
  await drop(
    page,
    await writeFiles(folder, {
      'a.txt': GOOD,
      'killer.txt': `${harmless}\n\nkitchen kitchen kitchen\n\n${harmless}`,
      'z.txt': GOOD.repeat(40),
    }),
  );
  const found = await settled(page, collection, 3);
  expect(found['a.txt']?.state).toBe('done');
  expect(found['z.txt']?.state).toBe('done');
  expect(found['killer.txt']).toMatchObject({ state: 'failed', error: { code: 'chunk/rejected' } });
  const place = /It was chunk (\d+) of (\d+)\.$/.exec(found['killer.txt']?.error?.message ?? '');
  expect(await chunkText(page, found['killer.txt'], Number(place?.[1]) - 1)).toContain(
    'kitchen kitchen kitchen',
  );
});

test('a file that hangs its reader can be cancelled, and the rest is done', async ({
  page,
  folder,
  serve,
}) => {
  const hang = `if (values.includes('hanging.txt')) for (;;);`;
  const { origin } = await serve({ transform: onCall('ingest', hang) });
  const collection = await openTiny(page, origin);
  await drop(page, await writeFiles(folder, { 'hanging.txt': 'for ever', 'later.txt': GOOD }));
  await expect.poll(async () => (await filesByPath(page, collection))['hanging.txt']?.state).toBe('reading');
  await page.getByRole('option', { name: /hanging\.txt/ }).click();
  await page.getByRole('button', { name: 'Cancel this file' }).click();
  const found = await settled(page, collection, 2);
  expect(found['hanging.txt']?.state).toBe('cancelled');
  expect(found['later.txt']?.state).toBe('done');
});

test('broken models are refused by name, and nothing else is lost', async ({ page, folder }) => {
  const collection = await openTiny(page);
  const tiny = makeTinyGguf();
  const files = await writeFiles(folder, {
    'noise.gguf': 'this is no model',
    'half.gguf': tiny.subarray(0, tiny.length >> 1),
    'nothing.gguf': '',
    'good.txt': GOOD,
  });
  await drop(page, files);
  await told(page, 'Added 1 file · 3 files not added.');
  for (const name of ['noise', 'half', 'nothing']) await told(page, `“${name}.gguf”`);
  expect((await settled(page, collection, 1))['good.txt']?.state).toBe('done');
  const models = await page.evaluate(async () => (await vecdrop.models()).map(({ name }) => name));
  expect(models).toHaveLength(2);
});

test('ten megabytes of text: all of it in chunks; pause and cancel stop it inside, Retry goes on where it was', {
  tag: '@slow',
}, async ({ page, folder }) => {
  const collection = await openTiny(page);
  const text = Object.values(makeTexts(1000, 1400)).join('\n\n');
  await drop(page, await writeFiles(folder, { 'book.txt': text }));
  const book = async () => (await filesByPath(page, collection))['book.txt'];
  const doneBy = async (more: number) => {
    await expect.poll(async () => ((await book())?.done ?? 0) > more).toBe(true);
  };
  await doneBy(0);
  const { length, uncovered, mostTokens } = await coverage(page, await book());
  expect(length).toBe(text.length);
  expect(uncovered).toBe(0);
  expect(mostTokens).toBeLessThanOrEqual(200);

  // One second to come to rest, then nothing more may be committed.
  const atRest = async () => {
    await page.waitForTimeout(1000);
    const before = await book();
    await page.waitForTimeout(1500);
    expect(await book()).toEqual(before);
    return before?.done ?? 0;
  };
  await page.getByRole('button', { name: 'Pause' }).click();
  const paused = await atRest();
  await page.getByRole('button', { name: 'Resume' }).click();
  await doneBy(paused);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const cancelled = await atRest();
  expect((await book())?.state).toBe('cancelled');
  await page.getByRole('button', { name: 'Retry book.txt' }).click();
  await doneBy(cancelled);
});

/** Cyrillic as the old Windows code page has it. */
function windows1251(text: string): Uint8Array {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const letters = [...new TextDecoder('windows-1251').decode(Uint8Array.from(bytes))];
  return Uint8Array.from(text, letter => letters.indexOf(letter));
}
