import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { ROOT } from '../scripts/build.ts';
import { shownScore } from '../src/ui/search/words.ts';
import { axe, drop, expect, test } from './fixtures.ts';
import { allDone, collectionOf, openPage } from './person.ts';
import { startStaticHost } from './static-host.ts';

const QUERIES = [
  'when is high water',
  'baking bread at sea',
  'who opens the gates',
  'birds with long bills',
  'tide',
  'a function that returns the level',
  'cooking for a crew',
  'keeper of the lock',
  'how deep is it over the sill',
  'salt',
];

/** Hits as a person sees them: where, how well, what. */
type SeenHit = [place: string | null, score: string, excerpt: string];

const fieldOf = (page: Page) => page.getByRole('combobox', { name: /^Search / });
const hitsOf = (page: Page) => page.getByRole('listbox', { name: 'Hits' }).getByRole('option');

/** Export → Web page → Download. */
async function exportPage(
  page: Page,
  searchesBy: 'Meaning and words' | 'Words only',
  to: string,
): Promise<void> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('radio', { name: 'Web page' }).check();
  await dialog.getByText(searchesBy, { exact: true }).click();
  await expect(dialog.getByText(/records?, about \d+ (MB|kB)$/)).toBeVisible();
  const downloading = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  await (await downloading).saveAs(to);
}

async function expected(page: Page, balance: number): Promise<SeenHit[][]> {
  const { id } = await collectionOf(page);
  const answers = await page.evaluate(
    async ([id, queries, balance]) => {
      // Without it an answer may come of what is indexed so far.
      await vecdrop.prepareSearch(id);
      return Promise.all(
        queries.map(text =>
          vecdrop.search(
            id,
            { text, balance, limit: 60, byFile: false, fold: true, trim: true },
            new AbortController().signal,
          ),
        ),
      );
    },
    [id, QUERIES, balance] as const,
  );
  return answers.map(({ hits, weak = false }) =>
    hits.map(hit => [
      [hit.path, ...hit.headings].join(' › '),
      shownScore(hit, weak)?.value ?? '',
      hit.excerpt,
    ]),
  );
}

/** Asks a shared page each query, one after the other as a person does, until it shows the hits that are due. */
async function findsThese(page: Page, wanted: readonly SeenHit[][]): Promise<void> {
  const shown = () =>
    hitsOf(page).evaluateAll(options =>
      options.map((option): SeenHit => {
        const at = (selector: string) => option.querySelector(selector);
        const score = at('.score')?.lastChild?.textContent ?? '';
        return [at('.where')?.getAttribute('title') ?? null, score, at('.excerpt')?.textContent ?? ''];
      }),
    );
  for (const [i, query] of QUERIES.entries()) {
    await fieldOf(page).fill(query);
    await expect.poll(shown, { intervals: [50] }).toEqual(wanted[i]);
  }
}

/** Addresses that a page asks for, but for its own worker's. */
function follow(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', request => {
    if (!request.url().startsWith('blob:')) asked.push(request.url());
  });
  return asked;
}

test('a collection as one web page finds what Vecdrop finds, from disk and from a server, and asks nobody', async ({
  page,
  context,
  folder,
}) => {
  await openPage(page);
  await drop(page, [join(ROOT, 'public', 'sample')]);
  await allDone(page, 5);
  const both = await expected(page, 0.5);
  const byWords = await expected(page, 0);
  await mkdir(join(folder, 'site'));
  const full = join(folder, 'site', 'full.html');
  const small = join(folder, 'site', 'small.html');
  await exportPage(page, 'Meaning and words', full);
  await exportPage(page, 'Words only', small);

  const fromDisk = await context.newPage();
  const asked = follow(fromDisk);
  const address = pathToFileURL(full).href;
  await fromDisk.goto(address);
  await expect(fromDisk.getByText(/^(Reading|Starting)/)).toBeHidden();
  await findsThese(fromDisk, both);
  expect(asked).toEqual([address]);
  expect(await axe(fromDisk)).toEqual([]);

  // By keyboard alone: to the field, to a hit, into its file, and back.
  await fromDisk.getByRole('listbox', { name: 'Hits' }).focus();
  await fromDisk.keyboard.press('/');
  await expect(fieldOf(fromDisk)).toBeFocused();
  await fieldOf(fromDisk).fill('salt');
  await expect(hitsOf(fromDisk).first().locator('mark').first()).toHaveText(/salt/i);
  await fromDisk.keyboard.press('ArrowDown');
  await fromDisk.keyboard.press('Enter');
  const text = fromDisk.getByRole('region', { name: /^Chunks of / });
  await expect(text).toBeFocused();
  await expect(text.locator('[aria-current] mark').first()).toBeInViewport();
  await fromDisk.emulateMedia({ colorScheme: 'dark' });
  await fromDisk.setViewportSize({ width: 390, height: 780 });
  await expect(fromDisk.getByRole('listbox')).toBeHidden();
  expect(await axe(fromDisk)).toEqual([]);
  await fromDisk.keyboard.press('Escape');
  await expect(fromDisk.getByRole('listbox', { name: 'Hits' })).toBeFocused();
  expect(await axe(fromDisk)).toEqual([]);
  await fromDisk.close();

  const host = await startStaticHost(join(folder, 'site'));
  const served = await context.newPage();
  await served.goto(`${host.url}full.html#q=tide&balance=0.5`);
  await expect(fieldOf(served)).toHaveValue('tide');
  await expect(served.getByText(/^(Reading|Starting)/)).toBeHidden();
  await findsThese(served, both);
  // Typed into as soon as there is a field, before the search has started.
  await served.goto(`${host.url}small.html`, { waitUntil: 'commit' });
  await findsThese(served, byWords);
  await expect(served.getByRole('slider')).toBeHidden();
  expect(host.requests).toEqual(['GET full.html', 'GET small.html']);

  // As a download leaves it that was broken off.
  const whole = await readFile(small);
  await writeFile(join(folder, 'site', 'cut.html'), whole.subarray(0, whole.length - 2000));
  await served.goto(`${host.url}cut.html`);
  await expect(served.getByRole('alert')).toContainText('This file is cut short');
  await host.close();
});
