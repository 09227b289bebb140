import type { Page } from '@playwright/test';
import { type QdrantServer, startQdrantServer } from '../scripts/qdrant-server.ts';
import { axe, drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { exported, openTiny, settled } from './tiny.ts';

const FILES = 12;

let server: QdrantServer;
test.use({ serviceWorkers: 'allow' });
test.beforeEach(async () => {
  server = await startQdrantServer();
});
test.afterEach(() => server.close());

/** Export → Into Qdrant. */
async function openForm(page: Page) {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('radio', { name: 'Into Qdrant' }).check();
  return dialog;
}

test('a collection goes into a database that was allowed by name; closed in the middle and sent again, every point is there once', async ({
  page,
  context,
  folder,
}) => {
  const id = await openTiny(page);
  await drop(page, await writeFiles(folder, makeTexts(FILES, 400)));
  await settled(page, id, FILES);
  await expect(page.getByText(/Offline ready/)).toBeVisible();
  const ids = (await exported(page, id, 'jsonl')).trim().split('\n').length;

  await page.getByRole('listbox', { name: 'Files' }).getByRole('option').first().click();
  const dialog = await openForm(page);
  await dialog.getByLabel('Address').fill(server.address);
  // A key that was typed now would be lost in the reload.
  await expect(dialog.getByLabel(/^Key,/)).toHaveCount(0);
  await dialog.getByText('The selected file').click();
  await dialog.getByRole('button', { name: 'Connect' }).click();
  const host = new URL(server.address).host;
  await expect(dialog.getByText(`go to ${host}`)).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole('button', { name: `Allow ${host}` }).click();
  await dialog.getByRole('button', { name: 'Reload to continue' }).click();

  // The form is back with what was typed and chosen; so far nothing has gone out.
  await expect(dialog.getByLabel('Address')).toHaveValue(server.address);
  await expect(dialog.getByLabel(/^Key,/)).toBeVisible();
  await expect(dialog.getByRole('radio', { name: 'The selected file' })).toBeChecked();
  await dialog.getByText('All files').click();
  expect(server.seen).toEqual([]);
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(dialog.getByText('“tests” will be made.')).toBeVisible();

  // It takes short requests alone, so that there are many, and after some answers no more.
  server.limit = 12_000;
  const points = () => server.collections.get('tests')?.points.size ?? 0;
  server.intervene = ({ path }) => path.includes('/points') && points() > ids / 3 && new Promise(() => {});
  await dialog.getByRole('button', { name: `Send ${ids} records` }).click();
  await expect.poll(points).toBeGreaterThan(ids / 3);
  await page.close();
  expect(points()).toBeLessThan(ids);
  server.intervene = undefined;

  const again = await context.newPage();
  await again.goto('/');
  const second = await openForm(again);
  await second.getByRole('button', { name: 'Connect' }).click();
  await expect(second.getByText(/is there: 32 dimensions, [\d,]+ points. It fits/)).toBeVisible();
  server.seen.length = 0;
  await second.getByRole('button', { name: `Send ${ids} records` }).click();
  await expect(second.getByText(/^Done: \d+ new, \d+ there already\.$/)).toBeVisible();
  expect(await axe(again)).toEqual([]);
  expect(points()).toBe(ids);

  // Of a file that is gone the points stay, until the person says otherwise.
  await again.evaluate(async id => {
    const [first] = await vecdrop.files(id, 0, 1);
    await vecdrop.removeFiles([first?.id ?? '']);
  }, id);
  await second.getByRole('button', { name: 'Send again' }).click();
  await second.getByRole('button', { name: /^Remove \d+ points?$/ }).click();
  await expect(second.getByRole('button', { name: /^Remove/ })).toBeHidden();
  const left = (await exported(again, id, 'jsonl')).trim().split('\n').length;
  expect(left).toBeLessThan(ids);
  expect(points()).toBe(left);
});
