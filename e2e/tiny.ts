import type { JSHandle, Page } from '@playwright/test';
import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import type { FileRow } from '../src/domain/collection.ts';
import type { WorkspaceClient } from '../src/workspace/client.ts';
import type { ExportFormatId } from '../src/workspace/exports-api.ts';

/** The workspace of an open page, as programs get it. */
export async function workspace(page: Page): Promise<JSHandle<WorkspaceClient>> {
  const handle = await page.waitForFunction(
    () => (globalThis as unknown as { vecdrop?: WorkspaceClient }).vecdrop,
  );
  return handle as JSHandle<WorkspaceClient>;
}

/** Opens the page in a new collection of the tiny test model, which loads in no time. Returns the collection's id. */
export async function openTiny(page: Page, origin = ''): Promise<string> {
  await page.goto(`${origin}/`);
  const bytes = Buffer.from(makeTinyGguf()).toString('base64');
  const id = await (await workspace(page)).evaluate(async (client, base64) => {
    const content = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
    const model = await client.addModel(new File([content], 'tiny.gguf'));
    const made = await client.createCollection('Tests', model.id);
    localStorage.setItem('vecdrop:collection', made);
    return made;
  }, bytes);
  await page.reload();
  await workspace(page);
  return id;
}

/** Bits are compared between runs: the same engine serves in all, however the machine's load makes their test end. */
export async function serveByKernel(page: Page, collectionId: string): Promise<void> {
  await (await workspace(page)).evaluate(async (client, id) => {
    const made = (await client.collections()).find(collection => collection.id === id);
    if (made) await client.chooseEngine(made.recipe.modelId, 'kernel');
  }, collectionId);
}

/** All files of a collection as they are now, removed ones left out. */
export async function filesOf(page: Page, collectionId: string): Promise<FileRow[]> {
  return (await workspace(page)).evaluate(async (client, id) => {
    const rows = new Map<string, FileRow>();
    for (let revision = 0; ; ) {
      const fresh = await client.files(id, revision, 1000);
      for (const row of fresh) rows.set(row.id, row);
      const last = fresh.at(-1);
      if (!last) return [...rows.values()].filter(({ deletedAt }) => deletedAt === undefined);
      revision = last.revision;
    }
  }, collectionId);
}

/** Waits until a collection has so many files and none of them has work left. */
export async function settled(page: Page, collectionId: string, count: number): Promise<FileRow[]> {
  for (;;) {
    const rows = await filesOf(page, collectionId);
    const ended = rows.filter(({ state }) => state === 'done' || state === 'failed' || state === 'cancelled');
    if (rows.length === count && ended.length === count) return rows;
    await page.waitForTimeout(200);
  }
}

/** The collection as its download would be. */
export async function exported(page: Page, collectionId: string, format: ExportFormatId): Promise<string> {
  return (await workspace(page)).evaluate(
    async (client, { collectionId, format }) => {
      const never = new AbortController().signal;
      return (
        await client.exportCollection(collectionId, { format, idSpace: 'test' }, never, () => {})
      ).text();
    },
    { collectionId, format },
  );
}
