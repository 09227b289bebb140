import type { Page } from '@playwright/test';
import { axe, expect, test } from './fixtures.ts';
import { allDone, openPage } from './person.ts';

/** Pixels of the map that are not its ground, of its picture on screen. */
async function drawnPixels(page: Page): Promise<number> {
  const picture = await page.getByRole('application').locator('canvas').screenshot();
  return page.evaluate(async base64 => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('No picture can be read here.');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let drawn = 0;
    // What lies in the middle of a point is far from white.
    for (let i = 0; i < data.length; i += 4)
      if (Math.min(data[i] ?? 255, data[i + 1] ?? 255, data[i + 2] ?? 255) < 200) drawn += 1;
    return drawn;
  }, picture.toString('base64'));
}

test('the map: points are drawn, the keyboard opens a chunk, a box chooses', async ({ page }) => {
  await openPage(page);
  await page.getByRole('button', { name: 'Try the sample' }).click();
  const files = page.getByRole('listbox', { name: 'Files' }).getByRole('option');
  await expect(files.first()).toBeVisible();
  await allDone(page, await files.count());

  await page.getByRole('button', { name: 'Map', exact: true }).click();
  const map = page.getByRole('application', { name: /^Map of \d+ chunks/ });
  await expect(map).toBeVisible();
  const chunks = page.getByRole('listbox', { name: 'Chunks in view' });
  await expect(chunks.getByRole('option').first()).toContainText(/\w{3}/);
  await expect.poll(() => drawnPixels(page)).toBeGreaterThan(200);

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    expect.soft(await axe(page), colorScheme).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });

  // The whole map in a box: all of it is chosen, and what is chosen can be let go.
  const all = await map.getAttribute('aria-label');
  const { x, y, width, height } = (await map.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.keyboard.down('Shift');
  await page.mouse.move(x + 4, y + 4);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 3 });
  await page.mouse.move(x + width - 4, y + height - 4, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  const count = /\d+/.exec(all ?? '')?.[0] ?? '';
  await expect(page.getByRole('heading', { name: `${count} chosen` })).toBeVisible();
  await page.getByRole('button', { name: 'Export these' }).click();
  await expect(page.getByRole('dialog', { name: `Export ${count} chunks` })).toBeVisible();
  await page.keyboard.press('Escape');
  await map.press('Escape');
  await expect(page.getByRole('heading', { name: `${count} chunks in view` })).toBeVisible();

  // The same by the list's keys; their files go, and Undo brings them back.
  const listed = await files.count();
  await chunks.press('Control+a');
  await page.getByRole('button', { name: `Remove ${listed} files` }).click();
  await expect(files).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(files).toHaveCount(listed);
  await expect(page.getByRole('heading', { name: `${count} chunks in view` })).toBeVisible();

  // Near enough, fewer are in view; the list follows.
  await map.focus();
  for (let times = 0; times < 6; times++) await page.keyboard.press('+');
  await expect(page.getByRole('heading', { name: `${count} chunks in view` })).toBeHidden();
  await page.keyboard.press('0');
  await expect(page.getByRole('heading', { name: `${count} chunks in view` })).toBeVisible();

  await chunks.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const chosen = chunks.getByRole('option', { selected: true });
  const words = (await chosen.locator('p').last().textContent()) ?? '';
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: /^Chunk \d/ })).toBeVisible();
  await expect(
    page.getByRole('listbox', { name: 'Chunks' }).getByRole('option', { selected: true }),
  ).toContainText(words.slice(0, 20));
  // And back: the map is as it was left.
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  await expect(map).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(map).toBeVisible();
  expect(await axe(page), 'narrow').toEqual([]);
});
