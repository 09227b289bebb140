import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium, type ElementHandle, type JSHandle, type Page } from 'playwright';
import type { EngineChoice } from '../../src/domain/engine.ts';
import type { SearchAnswer, SearchQuery } from '../../src/domain/search.ts';
import type { AddReport } from '../../src/workspace/api.ts';
import type { WorkspaceClient } from '../../src/workspace/client.ts';
import type { ExportOptions } from '../../src/workspace/exports-api.ts';
import type { RemoteEndpoint } from '../../src/workspace/models-api.ts';
import { DIST } from '../build.ts';
import { CHROMIUM_FLAGS } from '../chromium-flags.ts';
import { ensureBrowser } from '../ensure-browser.ts';
import { startServer } from '../serve.ts';
import type { InputFile } from './inputs.ts';

/** Methods of the workspace whose arguments and answer are plain data. */
type Plain =
  | 'createCollection'
  | 'collections'
  | 'applyRecipe'
  | 'files'
  | 'status'
  | 'startDownload'
  | 'downloads'
  | 'models'
  | 'chooseEngine'
  | 'allowHost'
  | 'prepareSearch';

/** The page in a headless browser, as a program uses it. What the page refuses, rejects: see sentenceOf. */
export interface EmbedPage {
  ask<M extends Plain>(
    method: M,
    ...args: Parameters<WorkspaceClient[M]>
  ): Promise<Awaited<ReturnType<WorkspaceClient[M]>>>;
  /** One model of one or more files; the answer is its id. */
  addModel(paths: readonly string[]): Promise<string>;
  /** The id of a model behind an endpoint. */
  addRemoteModel(endpoint: RemoteEndpoint, name: string, contextLength: number): Promise<string>;
  testEngines(modelId: string): Promise<EngineChoice>;
  addFiles(collectionId: string, files: readonly InputFile[]): Promise<AddReport>;
  search(collectionId: string, query: SearchQuery): Promise<SearchAnswer>;
  /** Writes the collection to a file. */
  download(collectionId: string, options: ExportOptions, to: string): Promise<void>;
  /** Stops browser and server, and removes the profile. */
  close(): Promise<void>;
}

/** How long a slow machine may take to open the page, or to take files over: past it, something is wrong. */
const PATIENCE_MS = 300_000;

/** Opens the built page on a free port, in a profile of its own. It may connect to `hosts` (origins), and to no others. */
export async function openPage(hosts: readonly string[]): Promise<EmbedPage> {
  const executablePath = ensureBrowser();
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const profile = await mkdtemp(join(tmpdir(), 'vecdrop-embed-'));
    closing.push(() => rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
    const server = await startServer({ dir: DIST, port: 0, connect: hosts });
    closing.push(() => server.close());
    const options = {
      executablePath,
      args: CHROMIUM_FLAGS,
      handleSIGINT: false,
      handleSIGTERM: false,
      // The profile is gone after this run: a cache in it is of no use.
      serviceWorkers: 'block' as const,
    };
    const browser = await chromium.launchPersistentContext(profile, options);
    closing.push(() => browser.close());
    browser.setDefaultTimeout(PATIENCE_MS);
    const page = browser.pages()[0] ?? (await browser.newPage());
    await page.goto(server.origin);
    let driven = await drive(page);
    if (hosts.length > 0) {
      for (const host of hosts) await driven.ask('allowHost', host);
      // A page may connect to what was allowed before it was opened.
      await page.reload();
      driven = await drive(page);
    }
    return { ...driven, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function drive(page: Page): Promise<Omit<EmbedPage, 'close'>> {
  // The page offers its workspace to programs under this name.
  const vecdrop = (await page.waitForFunction(
    () => (globalThis as unknown as { vecdrop?: WorkspaceClient }).vecdrop,
  )) as JSHandle<WorkspaceClient>;
  // An input of our own: the paths that files get are decided here, not by how the page would name them.
  const input = (await page.evaluateHandle(() => {
    const made = document.createElement('input');
    made.type = 'file';
    made.multiple = true;
    made.hidden = true;
    return document.body.appendChild(made);
  })) as ElementHandle<HTMLInputElement>;

  return {
    ask: ((method: Plain, ...args: unknown[]) =>
      vecdrop.evaluate(
        (client, call) => (client[call.method] as (...args: unknown[]) => Promise<unknown>)(...call.args),
        { method, args },
      )) as EmbedPage['ask'],

    async addModel(paths) {
      await input.setInputFiles([...paths]);
      return input.evaluate(async ({ files }, client) => {
        const { id } = await client.addModelFiles([...(files ?? [])]);
        return id;
      }, vecdrop);
    },

    addRemoteModel: (endpoint, name, contextLength) =>
      vecdrop.evaluate(
        async (client, { endpoint, name, contextLength }) => {
          const never = new AbortController().signal;
          return (await client.addRemoteModel(endpoint, name, contextLength, never)).id;
        },
        { endpoint, name, contextLength },
      ),

    testEngines: modelId =>
      vecdrop.evaluate((client, id) => client.testEngines(id, new AbortController().signal), modelId),

    async addFiles(collectionId, files) {
      await input.setInputFiles(files.map(({ disk }) => disk));
      const rows = files.map(({ disk, path, fromFolder }) => ({ name: basename(disk), path, fromFolder }));
      return input.evaluate(
        ({ files }, { client, collectionId, rows }) => {
          const additions = [...(files ?? [])].map((file, i) => {
            const row = rows[i];
            if (row?.name !== file.name) throw new Error('The browser gave the files in another order.');
            // A command tells of every file that it could not read: none is left out.
            return { file, path: row.path, fromFolder: row.fromFolder, asked: true as const };
          });
          return client.addFiles(collectionId, additions, new AbortController().signal, () => {});
        },
        { client: vecdrop, collectionId, rows },
      );
    },

    search: (collectionId, query) =>
      vecdrop.evaluate(
        (client, call) => client.search(call.collectionId, call.query, new AbortController().signal),
        { collectionId, query },
      ),

    async download(collectionId, options, to) {
      const downloading = page.waitForEvent('download', { timeout: 0 });
      // Where the export itself fails, there is nothing to wait for.
      downloading.catch(() => {});
      await vecdrop.evaluate(
        async (client, { collectionId, options }) => {
          const never = new AbortController().signal;
          const blob = await client.exportCollection(collectionId, options, never, () => {});
          const link = document.createElement('a');
          link.href = URL.createObjectURL(blob);
          link.download = 'vectors';
          link.click();
        },
        { collectionId, options },
      );
      await (await downloading).saveAs(to);
    },
  };
}

/** The sentence of an error, without what Playwright puts around the page's own: 'jsHandle.evaluate: Error: …'. */
export function sentenceOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/^\w+\.\w+: /, '').replace(/^(Error|[a-z]+\/[a-z-]+): /, '');
}
