import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { FileRow } from '../src/domain/collection.ts';
import { axe, drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { addTinyModel, allDone, filesOf, openPage } from './person.ts';
import { madeWord, typeWord, watchTyping } from './typing.ts';

const FILES = {
  'notes/lock.md': [
    '# The lock',
    'The keeper opens the gates two hours before high water. '.repeat(12),
    '## Slack water',
    'The stream stands still for ten minutes, then the ebb begins. '.repeat(12),
  ].join('\n\n'),
  'notes/bread.md': `# Bread\n\n${'Rye dough rests overnight before it goes into a hot oven. '.repeat(12)}`,
  'notes/birds.txt': 'A curlew probes the mud for worms with its long curved bill.',
};

const fieldOf = (page: Page) => page.getByRole('combobox', { name: /^Search / });
const hitsOf = (page: Page) => page.getByRole('listbox', { name: 'Hits' }).getByRole('option');

test('a search by meaning and by word, opened at its place, restored by its link, without what another tab removes', async ({
  page,
  context,
  folder,
}) => {
  await openPage(page);
  await writeFiles(folder, FILES);
  await drop(page, [join(folder, 'notes')]);
  await allDone(page, Object.keys(FILES).length);

  // By meaning: none of these words is in the text.
  await page.keyboard.press('/');
  await expect(fieldOf(page)).toBeFocused();
  await page.keyboard.type('baking a loaf');
  await expect(hitsOf(page).first()).toContainText('bread.md');

  // By word, whose place is marked.
  await fieldOf(page).fill('ebb');
  await page.getByRole('slider', { name: 'Meaning or words' }).press('End');
  await expect(hitsOf(page).first()).toContainText('lock.md');
  await expect(hitsOf(page).locator('mark').first()).toHaveText('ebb');
  await expect(page.getByRole('option', { name: /bread\.md/ })).toHaveCount(0);
  expect(await axe(page)).toEqual([]);

  await fieldOf(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const chunks = page.getByRole('listbox', { name: 'Chunks' });
  await expect(chunks).toBeFocused();
  const chosen = chunks.locator('[aria-selected=true]');
  await expect(chosen).toContainText('the ebb begins');
  await expect(chosen).toBeInViewport();
  await expect(chosen.locator('mark').first()).toHaveText('ebb');
  await expect(page.getByRole('region', { name: 'Nearest' }).getByRole('listitem').first()).toBeVisible();

  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox', { name: 'Hits' })).toBeFocused();

  // In one file alone: said above the hits, and part of the link.
  await page
    .getByRole('button', { name: /^What to do with this place/ })
    .first()
    .click();
  await page.getByRole('menuitemcheckbox', { name: 'Only in this file' }).click();
  const filter = page.getByRole('button', { name: /^Only in lock\.md/ });
  await expect(filter).toBeVisible();
  expect(await axe(page)).toEqual([]);

  await page.reload();
  await expect(fieldOf(page)).toHaveValue('ebb');
  await filter.click();
  await expect(filter).toBeHidden();
  await expect(page.getByRole('slider', { name: 'Meaning or words' })).toHaveAttribute(
    'aria-valuetext',
    'Words only',
  );
  await expect(hitsOf(page).first()).toContainText('lock.md');

  const other = await context.newPage();
  await openPage(other);
  await other.getByRole('option', { name: /lock\.md/ }).click();
  await other.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('Nothing found for ebb.')).toBeVisible();
  await other.getByRole('button', { name: 'Undo' }).click();
  await expect(hitsOf(page).first()).toContainText('lock.md');

  await fieldOf(page).focus();
  await page.keyboard.press('Escape');
  await expect(fieldOf(page)).toHaveValue('');
  await expect(page.getByRole('listbox', { name: 'Files' })).toBeVisible();
  expect(new URL(page.url()).hash).toBe('');
});

test('while files are embedded every key press is answered, and the newest files are found by their last words', async ({
  page,
  folder,
}) => {
  const count = 24;
  await openPage(page);
  await addTinyModel(page, folder);
  const texts = Object.entries(makeTexts(count, 1_500)).map(([name, text], n) => [
    `texts/${name}`,
    `${text}\n\nThis was written at ${madeWord(n)}.\n`,
  ]);
  await writeFiles(folder, Object.fromEntries(texts));
  await drop(page, [join(folder, 'texts')]);
  await watchTyping(page);
  const seen = new Set<string>();
  while (seen.size < 3) {
    const newest = (await filesOf(page))
      .filter(({ state, path }) => state === 'done' && !seen.has(path))
      .reduce<FileRow | undefined>((a, b) => (a && a.revision > b.revision ? a : b), undefined);
    if (!newest) {
      await page.waitForTimeout(50);
      continue;
    }
    seen.add(newest.path);
    const word = madeWord(Number(/\d+/.exec(newest.path)?.[0]) - 1);
    const last = { fileId: newest.id, ordinal: newest.chunks - 1 };
    const typed = await typeWord(page, word, last, 150);
    expect(typed.presses).toBe(word.length);
    expect(typed.answeredMs).toHaveLength(word.length);
    expect(typed.foundMs, `${newest.path} by ${word}`).toBeDefined();
  }
});
