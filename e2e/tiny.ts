import type { JSHandle, Page } from '@playwright/test';
import packageJson from '../package.json' with { type: 'json' };
import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import type { FileRow } from '../src/domain/collection.ts';
import type { EngineReport } from '../src/domain/engine.ts';
import type { WorkspaceClient } from '../src/workspace/client.ts';
import type { ExportFormatId } from '../src/workspace/exports-api.ts';

/** The workspace of an open page, as programs get it. */
export async function workspace(page: Page): Promise<JSHandle<WorkspaceClient>> {
  const handle = await page.waitForFunction(
    () => (globalThis as unknown as { vecdrop?: WorkspaceClient }).vecdrop,
  );
  return handle as JSHandle<WorkspaceClient>;
}

/**
 * Opens the page in a new collection of the tiny test model, which loads in no time. Returns the collection's id.
 * `tested`: its engines count as tested.
 */
export async function openTiny(page: Page, origin = '', { tested = true } = {}): Promise<string> {
  await page.goto(`${origin}/`);
  const bytes = Buffer.from(makeTinyGguf()).toString('base64');
  const { id, modelId } = await (await workspace(page)).evaluate(async (client, base64) => {
    const content = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
    const model = await client.addModel(new File([content], 'tiny.gguf'));
    const made = await client.createCollection('Tests', model.id);
    localStorage.setItem('vecdrop:collection', made);
    return { id: made, modelId: model.id };
  }, bytes);
  if (tested) await skipSelfTest(page, modelId);
  await page.reload();
  await workspace(page);
  return id;
}

const REPORTS: EngineReport[] = [
  { engine: 'kernel', name: 'own kernel, CPU', outcome: 'right', cosine: 1, tokensPerSecond: 50_000 },
  { engine: 'wllama-webgpu', name: 'wllama, WebGPU', outcome: 'absent' },
  { engine: 'wllama-cpu', name: 'wllama, CPU, F32', outcome: 'right', tokensPerSecond: 10_000 },
];

/**
 * Leaves in the database what a model's self-test would find, with our kernel as the engine that serves. In a fresh
 * profile the test costs more than all else in most specs, for it loads llama.cpp; and where vectors are compared
 * between runs, the load of the machine must not decide which engine makes them.
 */
export async function skipSelfTest(page: Page, modelId: string): Promise<void> {
  const { version } = packageJson;
  const taken = await (await workspace(page)).evaluate(
    async (client, { modelId, version, reports }) => {
      const opening = indexedDB.open('vecdrop');
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      const tx = db.transaction('meta', 'readwrite');
      const machine = [version, navigator.userAgent, 'no GPU'].join(' | ');
      tx.objectStore('meta').put({ key: `engine:${modelId}`, machine, wanted: 'auto', reports });
      await new Promise((resolve, reject) => {
        tx.oncomplete = resolve;
        tx.onabort = () => reject(tx.error);
      });
      db.close();
      return (await client.engineChoice(modelId))?.taken;
    },
    { modelId, version, reports: REPORTS },
  );
  if (taken !== 'kernel') throw new Error('The page does not take what was kept for its own self-test.');
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
