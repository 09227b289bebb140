import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { behind, textGates } from './gate.ts';
import { addTinyModel, allDone, currentName, download, filesOf, openPage } from './person.ts';

const FILES = 30;
const WORDS = 500;

const CHANNEL = 'vecdrop-test-embedded';
/** Put before the embed workers' script: tells the length and the ids of every text that they are given. */
const TELL_TEXTS = `
const told = new BroadcastChannel('${CHANNEL}');
self.addEventListener('message', ({ data }) => {
  if (data?.path?.at(-1) !== 'embed') return;
  for (const ids of data.argumentList[0].value) told.postMessage(Array.from(ids));
});
`;

const tellTexts = (pathname: string, body: string) =>
  /\/(embed|kernel)\.worker-[^/]*$/.test(pathname) ? TELL_TEXTS + body : undefined;

/** Two tabs on one collection of the quick model, and one folder of texts for each. */
async function openTwo(
  context: BrowserContext,
  folder: string,
  origin: string,
  change: (text: string, number: number) => string = text => text,
): Promise<[Page, Page]> {
  const one = await context.newPage();
  await openPage(one, origin);
  await addTinyModel(one, folder);
  const two = await context.newPage();
  await openPage(two, origin);
  expect(await currentName(two)).toBe(await currentName(one));
  const texts = Object.entries(makeTexts(FILES, WORDS)).map(([name, text], i) => [name, change(text, i)]);
  await writeFiles(join(folder, 'one'), Object.fromEntries(texts.slice(0, FILES / 2)));
  await writeFiles(join(folder, 'two'), Object.fromEntries(texts.slice(FILES / 2)));
  return [one, two];
}

const roleOf = async (page: Page) => (await page.evaluate(() => vecdrop.status())).role;

test('files added in two tabs at once are embedded once each, and both tabs list all of them', async ({
  context,
  folder,
  serve,
}) => {
  const { origin } = await serve({ transform: tellTexts });
  const [one, two] = await openTwo(context, folder, origin);
  await one.evaluate(channel => {
    const texts: number[][] = [];
    new BroadcastChannel(channel).onmessage = ({ data }) => texts.push(data);
    Object.assign(globalThis, { texts });
  }, CHANNEL);
  const toldSoFar = () => one.evaluate(() => (globalThis as unknown as { texts: number[][] }).texts);
  // Engines test themselves before they serve, each with the same texts.
  await one.evaluate(async () => {
    const body = JSON.stringify({ model: 'tiny-bert', input: 'one' });
    await (await vecdrop.fetch('/v1/embeddings', { method: 'POST', body })).json();
  });
  // What one worker tells another takes a way of its own, which may be longer than the answer's.
  await expect.poll(async () => (await toldSoFar()).length).toBeGreaterThan(0);
  const tests = new Set((await toldSoFar()).map(String));

  await Promise.all([drop(one, [join(folder, 'one')]), drop(two, [join(folder, 'two')])]);
  await expect.poll(async () => (await filesOf(two)).length).toBe(FILES);
  const roles = new Set<string>();
  do roles.add([await roleOf(one), await roleOf(two)].join(', '));
  while ((await filesOf(one)).some(({ state }) => state !== 'done'));
  await allDone(two, FILES);
  expect([...roles]).toEqual(['indexer, follower']);
  await expect(two.getByText('Another tab is doing the work')).toBeHidden();
  for (const tab of [one, two]) {
    const listed = tab.getByRole('listbox', { name: 'Files' }).getByRole('option');
    await expect(listed.first()).toHaveAttribute('aria-setsize', String(FILES));
    await expect(listed.first()).toContainText('one/');
  }
  expect(await filesOf(two)).toEqual(await filesOf(one));

  const records = JSON.parse(await download(two, 'JSON')).data as unknown[];
  // Search makes the model ready with an empty text: two special tokens.
  const embedded = async () =>
    (await toldSoFar()).map(String).filter(ids => !tests.has(ids) && ids.split(',').length > 2);
  await expect.poll(async () => (await embedded()).length).toBe(records.length);
  expect(new Set(await embedded()).size).toBe(records.length);
});

test('a pause holds in both tabs, and when the working tab closes the other goes on', async ({
  context,
  folder,
  serve,
}) => {
  const gates = await textGates();
  const { origin } = await serve(gates);
  // Some may be done before the pause, some after it, and the last ones when the other tab has gone.
  const group = (number: number) => Math.floor((number * 3) / FILES);
  const [one, two] = await openTwo(context, folder, origin, (text, number) =>
    group(number) > 0 ? behind(group(number) - 1, text) : text,
  );
  await two.getByRole('button', { name: 'Choose files' }).waitFor();
  // File by file, for a folder has an order of its own.
  const names = Object.keys(makeTexts(FILES));
  await drop(
    two,
    names.map((name, i) => join(folder, i < FILES / 2 ? 'one' : 'two', name)),
  );
  await expect(two.getByText('Another tab is doing the work; this one follows.')).toBeVisible();

  await two.getByRole('button', { name: 'Pause' }).click();
  await expect(one.getByRole('button', { name: 'Resume' })).toBeVisible();
  await expect(one.getByText('Paused.')).toBeVisible();
  const doneOf = async () => (await filesOf(two)).reduce((sum, { done }) => sum + done, 0);
  await expect.poll(async () => (await one.evaluate(() => vecdrop.status())).active).toEqual([]);
  const held = await doneOf();
  gates.open(0);
  await one.waitForTimeout(500);
  expect(await doneOf()).toBe(held);

  await one.getByRole('button', { name: 'Resume' }).click();
  await expect(two.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect.poll(doneOf).toBeGreaterThan(held);

  expect((await filesOf(two)).some(({ state }) => state !== 'done')).toBe(true);
  await one.close();
  gates.open(1);
  await expect.poll(() => roleOf(two)).toBe('indexer');
  await allDone(two, FILES);
});
