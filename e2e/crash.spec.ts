import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { behind, textGates } from './gate.ts';
import { addTinyModel, allDone, download, filesOf, openPage } from './person.ts';

const WORDS = 600;
/** Kills in a row that do not wait for a commit: with the one before, two in a row without. */
const MOST_BLIND = 1;
/** A kill comes at most so long after the moment it waited for, in milliseconds … */
const LONGEST_DELAY = 600;
/** … and before so many more files are done: those after them wait for a gate that the next life of the browser opens. */
const FILES_A_LIFE = 5;
const COLLECTION = 'Survivors';

/** Numbers in [0, 1) that a seed brings back. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Opens the page, drops the model and then all files. */
async function start(
  page: Page,
  origin: string,
  folder: string,
  texts: Record<string, string>,
): Promise<void> {
  await openPage(page, origin);
  await addTinyModel(page, folder, COLLECTION);
  // One by one, for they are worked on in this order; a folder has an order of its own.
  await drop(page, await writeFiles(join(folder, 'texts'), texts));
  await expect.poll(async () => (await filesOf(page, COLLECTION)).length).toBe(Object.keys(texts).length);
}

interface Progress {
  /** Texts and vectors committed. */
  steps: number;
  /** Files done. */
  finished: number;
}

async function progressOf(page: Page): Promise<Progress> {
  const rows = await filesOf(page, COLLECTION);
  return {
    steps: rows.reduce((sum, { chunks, done }) => sum + done + (chunks > 0 ? 1 : 0), 0),
    finished: rows.filter(({ state }) => state === 'done').length,
  };
}

/** Lets the work go on for a while: first, if asked, until something is committed. Returns what is committed then. */
async function pass(page: Page, before: Progress, waits: boolean, delay: number): Promise<Progress> {
  const commits = async () => (await progressOf(page)).steps;
  if (waits) await expect.poll(commits, { intervals: [20] }).toBeGreaterThan(before.steps);
  const end = Date.now() + delay;
  let now = await progressOf(page);
  while (Date.now() < end) now = await progressOf(page);
  return now;
}

// Ten kills take a minute and more: two in every run of the tests, at moments that are others each time.
for (const { kills, files, tag } of [
  { kills: 2, files: 14, tag: [] },
  { kills: 10, files: 60, tag: '@slow' },
]) {
  test(`the browser is killed ${kills} times, and goes on by itself to the very same vectors`, {
    tag,
  }, async ({ page, profile, folder, server, serve }) => {
    test.setTimeout(1_800_000);
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
    const random = generator(seed);
    console.log(`SEED=${seed} brings these moments back.`);

    const texts = Object.fromEntries(
      Object.entries(makeTexts(files, WORDS)).map(([name, text], i) => {
        const life = Math.min(Math.floor(i / FILES_A_LIFE), kills);
        return [name, life > 0 ? behind(life - 1, text) : text];
      }),
    );

    await start(page, server.origin, folder, texts);
    await allDone(page, files);
    const undisturbed = withoutIds(await download(page, 'JSON'));
    await page.close();

    const gates = await textGates();
    const { origin } = await serve(gates);
    let session = await profile.open();
    await start(session.page, origin, folder, texts);
    let before: Progress = { steps: 0, finished: 0 };
    let blind = 0;
    for (let kill = 1; kill <= kills; kill++) {
      const waits = blind >= MOST_BLIND || random() > 0.3;
      blind = waits ? 0 : blind + 1;
      before = await pass(session.page, before, waits, random() * LONGEST_DELAY);
      expect(before.finished, `files done before kill ${kill} of ${kills}`).toBeLessThan(files);
      await session.kill();
      gates.open(kill - 1);
      session = await profile.open();
      await openPage(session.page, origin);
    }

    await session.page.getByRole('button', { name: /^Collection: / }).click();
    await session.page.getByRole('menuitemcheckbox', { name: COLLECTION }).click();
    await allDone(session.page, files);
    expect(withoutIds(await download(session.page, 'JSON'))).toBe(undisturbed);
  });
}

/** Ids of records are made of their collection's, and here there are two collections. */
function withoutIds(json: string): string {
  return json.replaceAll(/"id":"[0-9a-f-]{36}",?/g, '');
}
