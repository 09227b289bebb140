import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { axe, expect, test } from './fixtures.ts';
import { openTiny } from './tiny.ts';

const run = promisify(execFile);

async function openPanel(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'API' }).click();
  return page.getByRole('dialog', { name: 'API' });
}

/** What Copy puts on the clipboard. */
async function copied(page: Page, panel: Locator): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await panel.getByRole('button', { name: 'Copy' }).click();
  await expect(panel.getByRole('button', { name: 'Copied' })).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** A door of the panel, by its name. */
const door = (panel: Locator, name: string) =>
  panel.getByRole('list', { name: 'Ways in' }).getByRole('listitem').filter({ hasText: name });

/** Cells of the log, newest request first, without the time it came and the time it took. */
async function logged(panel: Locator): Promise<string[]> {
  const rows = await panel
    .getByRole('row')
    .filter({ has: panel.page().getByRole('cell') })
    .all();
  return Promise.all(
    rows.map(async row => (await row.getByRole('cell').allInnerTexts()).slice(1, 4).join(' ')),
  );
}

interface Answer {
  status: number;
  body: { model?: string; error?: { code: string } };
}

function embed(page: Page, model: string): Promise<Answer> {
  return page.evaluate(async model => {
    const body = JSON.stringify({ model, input: ['a boat', 'a lock'] });
    const response = await vecdrop.fetch('/v1/embeddings', { method: 'POST', body });
    return { status: response.status, body: await response.json() };
  }, model);
}

test('the copied curl line works in a shell, and what it asked is in the log', async ({ page, serve }) => {
  const server = await serve({ door: {} });
  await openTiny(page, server.origin);
  const panel = await openPanel(page);
  await expect(door(panel, 'This page')).toContainText('Open');
  await expect(door(panel, 'Local server')).toContainText('Open');
  await expect(door(panel, 'Local server')).toContainText(`${server.origin}/v1`);
  await expect(panel).toContainText('None yet.');

  const { stdout } = await run('sh', ['-c', (await copied(page, panel)).replace('curl', 'curl --silent')]);
  expect(JSON.parse(stdout)).toMatchObject({ object: 'list', model: 'tiny-bert', data: [{}, {}] });
  await expect.poll(() => logged(panel)).toEqual([expect.stringMatching(/^POST \/v1\/embeddings 200 \d+$/)]);

  await page.evaluate(() => vecdrop.fetch('/v1/nothing'));
  await expect.poll(async () => (await logged(panel))[0]).toBe('GET /v1/nothing 404 –');
  await panel.getByRole('button', { name: 'Clear the requests' }).click();
  await expect(panel).toContainText('None yet.');

  await server.close();
  await expect(door(panel, 'Local server')).toContainText('Lost');
});

test('a name that a person adds is used by requests, refused twice, kept, and taken away', async ({
  page,
}) => {
  await openTiny(page);
  let panel = await openPanel(page);
  await expect(door(panel, 'Local server')).toContainText('npm start');
  expect((await embed(page, 'Text-Embedding-3')).body.error?.code).toBe('model_not_found');

  const name = panel.getByLabel('Another name');
  const add = panel.getByRole('button', { name: 'Add' });
  await add.click();
  await expect(panel.getByRole('alert')).toHaveText('Type a name first.');
  await name.fill('EMBEDDING');
  await add.click();
  await expect(panel.getByRole('alert')).toContainText('“embedding” already means all-MiniLM-L6-v2.');
  await name.fill('Text-Embedding-3');
  await add.click();
  await expect(panel.getByRole('list', { name: 'Names of tiny-bert' })).toContainText('text-embedding-3');
  await expect(name).toHaveValue('');
  expect(await embed(page, 'Text-Embedding-3')).toMatchObject({
    status: 200,
    body: { model: 'Text-Embedding-3' },
  });
  await expect.poll(async () => (await logged(panel))[0]).toMatch(/^POST \/v1\/embeddings 200 \d+$/);

  for (const { width, height } of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      expect.soft(await axe(page), `${colorScheme}, ${width} px`).toEqual([]);
    }
  }

  await page.reload();
  panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Remove the name text-embedding-3' }).click();
  await expect(panel.getByRole('list', { name: 'Names of tiny-bert' })).not.toContainText('text-embedding-3');
  expect((await embed(page, 'Text-Embedding-3')).status).toBe(404);
});

test.describe('with a service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the page says when it is ready for offline, and its plain fetch works as copied', async ({
    page,
  }) => {
    await openTiny(page);
    await page.getByRole('button', { name: 'Offline ready · 0 bytes sent' }).click();
    await expect(page.getByText('It opens and works without a network.')).toBeVisible();
    await page.keyboard.press('Escape');

    const panel = await openPanel(page);
    await expect(door(panel, 'Service worker')).toContainText('Active');
    const described = await panel.getByRole('link', { name: /OpenAPI/ }).getAttribute('href');
    const version = await page.evaluate(
      async href => (await (await fetch(href)).json()).openapi,
      described ?? '',
    );
    expect(version).toMatch(/^3\./);

    await panel.getByText('JavaScript, fetch').click();
    const code = await copied(page, panel);
    const tokens = await page.evaluate(`(async () => { ${code}; return usage.total_tokens; })()`);
    expect(tokens).toBeGreaterThan(0);
    await expect
      .poll(() => logged(panel))
      .toEqual([`POST /v1/embeddings 200 ${tokens}`, 'GET /v1/openapi.json 200 –']);
  });
});
