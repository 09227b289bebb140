import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { tinyModels } from '../scripts/make-tiny-models.ts';
import { drop, expect, makeTexts, test, writeFiles } from './fixtures.ts';
import { startModelHost } from './model-host.ts';
import { allDone, collectionOf, openPage } from './person.ts';

async function openModels(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Models' }).click();
  return page.getByRole('dialog', { name: 'Models' });
}

/** The button of a model in the panel's list. */
const entry = (panel: Locator, name: string) =>
  panel.getByRole('navigation', { name: 'Models' }).getByRole('button', { name });

/** The value of a fact, by its name. */
const fact = (place: Locator, name: string) =>
  place.getByRole('term').filter({ hasText: name }).locator('+ dd');

/** The vector of the first chunk of the collection on screen. */
async function firstVector(page: Page): Promise<number[]> {
  const { id } = await collectionOf(page);
  return page.evaluate(async id => {
    const [file] = await vecdrop.files(id, 0, 10);
    return [...((await vecdrop.vector(file?.id ?? '', 0)) ?? [])];
  }, id);
}

test('dropped models: details, a collection of one, another pooling, and removal of what nobody needs', async ({
  page,
  folder,
}) => {
  await writeFiles(folder, {
    ...makeTexts(2, 200),
    'one.gguf': tinyModels['bert-mean'](),
    'two.gguf': tinyModels['bert-cls'](),
  });
  await openPage(page);
  await drop(page, [join(folder, 'one.gguf'), join(folder, 'two.gguf')]);
  await expect(page.getByText('Models added: tiny-bert, tiny-bert-cls.')).toBeVisible();
  await page.getByRole('button', { name: 'Show models' }).click();

  const panel = page.getByRole('dialog', { name: 'Models' });
  await expect(panel.getByRole('heading', { name: 'tiny-bert', exact: true })).toBeVisible();
  await expect(fact(panel, 'Dimensions')).toHaveText('32');
  await expect(fact(panel, 'Quantization')).toHaveText('Q8_0');
  await expect(fact(panel, 'Vocabulary')).toHaveText(/^WordPiece, \d+$/);
  await expect(fact(panel, 'Pooling')).toHaveText('Mean of all tokens');
  await expect(fact(panel, 'Used by')).toHaveText('no collection');
  await entry(panel, 'tiny-bert-cls').click();
  await expect(fact(panel, 'Pooling')).toHaveText('First token (CLS)');
  await entry(panel, 'all-MiniLM-L6-v2').click();
  await expect(panel.getByRole('button', { name: 'Remove' })).toBeHidden();

  await entry(panel, 'tiny-bert-cls').click();
  await panel.getByRole('button', { name: 'Use for a new collection' }).click();
  const asked = page.getByRole('dialog', { name: 'New collection' });
  await expect(asked.getByText('Pooling: first token (CLS). No prefixes.')).toBeVisible();
  await asked.getByLabel('Name').fill('Letters');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Collection: Letters' })).toBeVisible();
  await drop(page, [join(folder, 'text-0001.txt'), join(folder, 'text-0002.txt')]);
  await allDone(page, 2);
  expect((await collectionOf(page)).recipe.pooling).toBe('cls');

  // The query prefix costs nothing, another pooling everything; Cancel leaves all as it is.
  const recipe = page.getByRole('region', { name: 'Recipe' });
  await recipe.getByRole('button', { name: 'Change the recipe' }).click();
  await expect(recipe.getByRole('combobox', { name: /^Model/ })).toBeFocused();
  await recipe.getByLabel('Before queries').fill('query: ');
  await expect(recipe.getByText('query:␣')).toBeVisible();
  await expect(recipe.getByRole('status')).toHaveText('Nothing to embed again.');
  await recipe.getByLabel('Pooling').selectOption('mean');
  await expect(recipe.getByRole('status')).toHaveText(/^(\d+) chunks in 2 files, \1 to embed again/);
  await recipe.getByRole('button', { name: 'Cancel' }).click();
  await expect(recipe.getByRole('button', { name: 'Change the recipe' })).toBeFocused();
  expect((await collectionOf(page)).recipe).toMatchObject({ pooling: 'cls', queryPrefix: '' });

  const before = await firstVector(page);
  await recipe.getByRole('button', { name: 'Change the recipe' }).click();
  await recipe.getByLabel('Pooling').selectOption('mean');
  await expect(recipe.getByRole('status')).toHaveText(/to embed again/);
  await recipe.getByRole('button', { name: 'Apply the recipe' }).click();
  await expect.poll(async () => (await collectionOf(page)).recipe.pooling).toBe('mean');
  await allDone(page, 2);
  expect(await firstVector(page)).not.toEqual(before);
  await expect(fact(recipe, 'Pooling')).toHaveText('Mean of all tokens');

  await page.getByRole('button', { name: /^tiny-bert-cls/ }).click();
  await expect(panel.getByText('It cannot be removed: Letters needs it.')).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Remove' })).toBeDisabled();
  await entry(panel, 'tiny-bert').first().click();
  await panel.getByRole('button', { name: 'Remove' }).click();
  await expect(panel.getByText(/^Remove tiny-bert\? That frees \d+ kB\./)).toBeVisible();
  await panel.getByRole('button', { name: 'Remove tiny-bert' }).click();
  await expect(page.getByText('Removed tiny-bert.')).toBeVisible();
  await expect(
    panel.getByRole('navigation').getByRole('button', { name: /^tiny-bert(?!-cls)/ }),
  ).toBeHidden();
  expect((await page.evaluate(() => vecdrop.models())).map(({ name }) => name)).toEqual([
    'all-MiniLM-L6-v2',
    'tiny-bert-cls',
  ]);
});

test.describe('with a service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a host is asked about first, allowed with a reload that keeps the form, and then downloaded from', async ({
    page,
  }) => {
    const host = await startModelHost({ '/tiny.gguf': tinyModels['bert-cls']() });
    const name = new URL(host.origin).host;
    try {
      await openPage(page);
      await expect(page.getByRole('button', { name: /^Offline ready/ })).toBeVisible();
      let panel = await openModels(page);
      await panel.getByRole('button', { name: 'Add a model' }).click();
      await panel.getByRole('radio', { name: 'URL' }).check();
      await panel.getByRole('button', { name: 'Download' }).click();
      await expect(panel.getByRole('alert')).toHaveText('Type or paste a URL first.');
      await panel.getByLabel('URL of a GGUF file').fill(`http://${name}/tiny.gguf`);
      await panel.getByRole('button', { name: 'Download' }).click();
      await expect(panel.getByText(`Vecdrop will ask ${name} for this file.`)).toBeVisible();
      expect(host.requests).toEqual([]);
      await page.keyboard.press('Enter');
      await panel.getByRole('button', { name: 'Reload to continue' }).click();

      panel = page.getByRole('dialog', { name: 'Models' });
      await expect(panel.getByLabel('URL of a GGUF file')).toHaveValue(`http://${name}/tiny.gguf`);
      await panel.getByRole('button', { name: 'Download' }).click();
      await expect(page.getByText('Model added: tiny-bert-cls.')).toBeVisible();
      await expect(entry(panel, 'tiny-bert-cls')).toBeVisible();
      expect(host.requests).not.toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('button', { name: new RegExp(`sent to ${name}`) })).toBeVisible();
    } finally {
      await host.close();
    }
  });
});
