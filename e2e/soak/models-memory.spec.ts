import { readFile } from 'node:fs/promises';
import type { JSHandle, Page } from '@playwright/test';
import { CHROMIUM_FLAGS } from '../../scripts/chromium-flags.ts';
import { ensureBrowser } from '../../scripts/ensure-browser.ts';
import { tinyModels } from '../../scripts/make-tiny-models.ts';
import type { WorkspaceClient } from '../../src/workspace/client.ts';
import { expect, test } from '../fixtures.ts';
import { workspace } from '../tiny.ts';

const ROUNDS = 10;
const FAMILIES = ['bert-cls', 'bert-mean', 'nomic-bert', 'xlm-r', 'gemma-embedding', 'qwen3'] as const;

test.use({
  launchOptions: async ({ outside }, use) => {
    const args = [...CHROMIUM_FLAGS, `--proxy-server=${outside.proxy}`, '--js-flags=--expose-gc'];
    await use({ executablePath: ensureBrowser(), args });
  },
});

test('models of every family take turns ten times, and their memory comes back', async ({
  page,
  browser,
}) => {
  await page.goto('/');
  const client = await workspace(page);
  // Room for one engine: each turn ends the one before.
  await client.evaluate(vecdrop => vecdrop.changeSettings({ memoryMB: 150, instances: 1 }));
  const ids: string[] = [];
  for (const family of FAMILIES) ids.push(await add(client, tinyModels[family]()));
  const session = await browser.newBrowserCDPSession();
  const vectors = new Map<string, number[]>();
  const sizes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const id of ids) {
      const vector = await embed(client, id);
      expect(vector).toEqual(vectors.get(id) ?? vector);
      vectors.set(id, vector);
    }
    sizes.push(await residentMB());
  }
  console.log(`Resident after each round: ${sizes.join(', ')} MB.`);
  const calls = await client.evaluate(vecdrop => vecdrop.callLog());
  expect(calls).toHaveLength(ROUNDS * FAMILIES.length);
  // An ended worker's memory goes back to the system when the browser has time for it.
  await expect.poll(residentMB, { timeout: 60_000 }).toBeLessThanOrEqual((sizes[0] ?? 0) * 1.1);

  /** Of the page's process and its workers, once garbage is collected. */
  async function residentMB(): Promise<number> {
    await collect(page);
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    let kilobytes = 0;
    for (const { type, id } of processInfo) {
      if (type !== 'renderer') continue;
      const status = await readFile(`/proc/${id}/status`, 'utf8');
      kilobytes = Math.max(kilobytes, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]));
    }
    return Math.round(kilobytes / 1024);
  }
});

async function collect(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  for (const worker of page.workers()) {
    await worker.evaluate(() => (globalThis as unknown as { gc(): void }).gc()).catch(() => {});
  }
  // Ended workers give their memory back a moment later.
  await page.waitForTimeout(1_000);
}

function add(client: JSHandle<WorkspaceClient>, bytes: Uint8Array): Promise<string> {
  return client.evaluate(async (vecdrop, base64) => {
    const content = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
    return (await vecdrop.addModel(new File([content], 'tiny.gguf'))).id;
  }, Buffer.from(bytes).toString('base64'));
}

function embed(client: JSHandle<WorkspaceClient>, model: string): Promise<number[]> {
  return client.evaluate(async (vecdrop, id) => {
    const response = await vecdrop.fetch('/v1/embeddings', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ model: id, input: 'river stone paper market' }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error.message);
    return answer.data[0].embedding;
  }, model);
}
