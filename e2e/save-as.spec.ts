import type { Page } from '@playwright/test';
import { drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { allDone } from './person.ts';
import { openTiny } from './tiny.ts';

/** No picker opens without a screen: it is answered with files of the browser's own, which take the same way. */
async function answerPicker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const asked: string[] = [];
    Object.assign(globalThis, {
      asked,
      async showSaveFilePicker({ suggestedName }: { suggestedName: string }) {
        asked.push(suggestedName);
        if (asked.length === 1) throw new DOMException('The person closed it.', 'AbortError');
        const root = await navigator.storage.getDirectory();
        return root.getFileHandle(suggestedName, { create: true });
      },
    });
  });
}

test('an export goes into the file that was chosen; without a choice nothing happens', async ({
  page,
  folder,
}) => {
  await answerPicker(page);
  await openTiny(page);
  await drop(page, await writeFiles(folder, makeTexts(3, 300)));
  await allDone(page, 3);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('radio', { name: 'JSON Lines', exact: true }).check();
  const save = dialog.getByRole('button', { name: 'Save as…' });

  await save.click();
  await expect.poll(() => page.evaluate(() => (globalThis as { asked?: string[] }).asked?.length)).toBe(1);
  await expect(save).toBeEnabled();
  await expect(dialog).toBeVisible();

  await save.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/^Tests\.jsonl: /)).toBeVisible();
  const written = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    return (await (await root.getFileHandle('Tests.jsonl')).getFile()).text();
  });
  const records = written
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  const { chunks } = await page.evaluate(async () => {
    const made = (await vecdrop.collections()).find(({ name }) => name === 'Tests');
    return { chunks: made?.chunks };
  });
  expect(records.length).toBe(chunks);
  expect(records.every(({ embedding, text }) => embedding.length > 0 && text !== '')).toBe(true);
});
