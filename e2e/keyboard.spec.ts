import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test, writeFiles } from './fixtures.ts';
import { allDone, filesOf, openPage } from './person.ts';

/** Presses Tab until the named thing has the focus, as a person does who looks where they are. */
async function tabTo(page: Page, name: RegExp | string): Promise<void> {
  const wanted = typeof name === 'string' ? new RegExp(`^${name}$`) : name;
  const seen: string[] = [];
  for (let presses = 0; presses < 40; presses++) {
    const focused = await page.evaluate(() => {
      const { activeElement: element } = document;
      const label = element?.closest('label')?.textContent;
      return (element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? '').trim();
    });
    if (wanted.test(focused)) return;
    seen.push(focused.slice(0, 40));
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come by ${name}; it came by ${seen.join(' | ')}.`);
}

async function focusIsVisible(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    if (!element?.matches(':focus-visible')) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  });
}

test('the whole flow without a mouse: add, read, remove, undo, download', async ({ page, folder }) => {
  const [one = '', two = '', three = ''] = await writeFiles(folder, {
    'one.md': `# One\n\n${'The keeper counts the boats. '.repeat(80)}`,
    'two.txt': 'Another short note.',
    'three.txt': 'A third.',
  });
  await openPage(page);

  await tabTo(page, 'Choose files');
  expect(await focusIsVisible(page)).toBe(true);
  let choosing = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await choosing).setFiles([one, two]);
  await allDone(page, 2);

  await tabTo(page, 'Add');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Choose files' })).toBeFocused();
  choosing = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await choosing).setFiles(three);
  await allDone(page, 3);

  // The list: arrows move, Enter opens, and the text has its own arrows.
  await tabTo(page, 'Files');
  await expect(page.getByRole('listbox', { name: 'Files' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  const chosen = page.getByRole('listbox', { name: 'Files' }).getByRole('option', { selected: true });
  await expect(chosen).toContainText('one.md');
  const chunks = page.getByRole('listbox', { name: 'Chunks' });
  await expect(chunks).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(chunks).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('region', { name: 'Chunk 2' })).toBeVisible();
  expect(await focusIsVisible(page)).toBe(true);

  // Removed with a key, brought back with another.
  await page.getByRole('listbox', { name: 'Files' }).focus();
  await page.keyboard.press('ArrowDown');
  const removed = (await chosen.getAttribute('title')) ?? '';
  await page.keyboard.press('Delete');
  await expect(page.getByRole('option', { name: removed })).toBeHidden();
  await tabTo(page, 'Undo');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: removed })).toBeVisible();
  expect((await filesOf(page)).map(({ path }) => path)).toEqual(['one.md', 'three.txt', 'two.txt']);

  // Escape closes a dialog and the focus is where it was.
  await tabTo(page, 'Export');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Export' })).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, 'JSON');
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: 'JSON Lines' })).toBeChecked();
  await tabTo(page, 'Download');
  const downloading = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const lines = (await readFile(await (await downloading).path(), 'utf8')).trimEnd().split('\n');
  expect(new Set(lines.map(line => JSON.parse(line).file))).toEqual(
    new Set(['one.md', 'three.txt', 'two.txt']),
  );
});
