import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright';
import type { WorkspaceClient } from '../src/workspace/client.ts';
import { buildIfStale, DIST, ROOT } from './build.ts';
import { CHROMIUM_FLAGS } from './chromium-flags.ts';
import { ensureBrowser } from './ensure-browser.ts';
import { startServer } from './serve.ts';

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };
const THEMES = ['light', 'dark'] as const;
const MANY = 1_000;
const WAIT_MS = 300_000;

type View = (name: string) => Promise<void>;

/** Pictures of the page in its states, each in light and dark, wide and narrow, from real runs. */
async function takeAll(out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  await buildIfStale();
  const server = await startServer({ dir: DIST, port: 0 });
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: CHROMIUM_FLAGS });
  try {
    for (const run of [sample, broken, many]) {
      const context = await browser.newContext({ baseURL: server.origin, reducedMotion: 'reduce' });
      const page = await openPage(context);
      await run(page, viewOf(page, out));
      await context.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.setViewportSize(SIZES.wide);
  await page.goto('/');
  await page.getByRole('heading', { name: 'Drop files or a folder' }).waitFor();
  return page;
}

/** Takes one state of a page in both themes and both sizes. */
const viewOf =
  (page: Page, out: string): View =>
  async name => {
    // Notices would hide what is below them.
    for (const notice of await page.getByRole('button', { name: 'Dismiss' }).all()) await notice.click();
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await page.screenshot({ path: join(out, `${name}-${theme}-${size}.png`) });
      }
    }
    await page.setViewportSize(SIZES.wide);
  };

async function sample(page: Page, view: View): Promise<void> {
  await view('empty');
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await add(page, await projectTexts());
  await page.locator('[role=option][data-state=done]').nth(1).waitFor({ timeout: WAIT_MS });
  await view('busy');
  await finished(page);
  await view('finished');
  await page.getByRole('option', { name: /harbour-handbook\.md/ }).click();
  await page.getByRole('listbox', { name: 'Chunks' }).getByRole('option').nth(1).click();
  await page.mouse.move(0, 0);
  await view('document');
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  await page.getByText(/chunks? in view/).waitFor({ timeout: WAIT_MS });
  await view('map');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByText(/records, about/).waitFor();
  await view('export');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.getByText(/used of/).waitFor();
  await view('settings');
  await page.keyboard.press('Escape');
  await models(page, view);
}

async function models(page: Page, view: View): Promise<void> {
  await page.getByRole('button', { name: /^all-MiniLM/ }).click();
  await page.getByRole('button', { name: /^Test (now|again)$/ }).click();
  await page.getByRole('radio', { name: /^Automatic/ }).waitFor({ timeout: WAIT_MS });
  await page.getByRole('button', { name: /^Test again$/ }).waitFor({ timeout: WAIT_MS });
  await view('models');
  await page.getByRole('dialog').press('Escape');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Models' }).click();
  await page.getByRole('button', { name: 'Add a model' }).click();
  await page.getByRole('radio', { name: 'Hugging Face' }).check();
  await page.getByLabel('Repository').fill('ggml-org/embeddinggemma-300M-GGUF');
  await page.getByRole('button', { name: 'List files' }).click();
  await page.getByRole('button', { name: 'Allow huggingface.co' }).waitFor();
  await view('add-model');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Log' }).click();
  await page.getByRole('button', { name: 'Clear the log' }).waitFor();
  await view('log');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Change the recipe' }).click();
  await page.getByLabel('Before queries').fill('query: ');
  await page.getByText('Nothing to embed again.').waitFor();
  await view('recipe');
}

async function broken(page: Page, view: View): Promise<void> {
  await add(page, {
    'letters/scan.txt': '\0'.repeat(4_000),
    'letters/empty.md': '',
    'letters/note.md': '# Note\n\nA short one.',
  });
  await finished(page);
  await view('errors');
  await page.getByRole('option', { name: /scan\.txt/ }).click();
  await view('error');
}

async function many(page: Page, view: View): Promise<void> {
  const texts = Array.from({ length: MANY }, (_, i) => [
    `notes/note-${i + 1}.md`,
    `# Note ${i + 1}\n\nA line.`,
  ]);
  await add(page, Object.fromEntries(texts));
  await page.locator('[role=option][data-state=done]').nth(4).waitFor({ timeout: WAIT_MS });
  await view('thousand');
}

/** The project's own documents and the words of its domain, by path. */
async function projectTexts(): Promise<Record<string, string>> {
  const texts: Record<string, string> = {
    'vecdrop/README.md': await readFile(join(ROOT, 'README.md'), 'utf8'),
  };
  for (const folder of ['docs', 'src/domain']) {
    for (const entry of await readdir(join(ROOT, folder), { withFileTypes: true })) {
      if (!entry.isFile() || !/\.(md|ts)$/.test(entry.name)) continue;
      const path = join(ROOT, folder, entry.name);
      texts[`vecdrop/${relative(ROOT, path)}`] = await readFile(path, 'utf8');
    }
  }
  return texts;
}

type WithWorkspace = typeof globalThis & { vecdrop: WorkspaceClient };

async function add(page: Page, texts: Record<string, string>): Promise<void> {
  await page.evaluate(async texts => {
    const { vecdrop } = globalThis as WithWorkspace;
    const [collection] = await vecdrop.collections();
    const additions = Object.entries(texts).map(([path, text]) => ({
      file: new File([text], path.split('/').at(-1) ?? path),
      path,
      fromFolder: true,
    }));
    await vecdrop.addFiles(collection?.id ?? '', additions, new AbortController().signal, () => {});
  }, texts);
}

async function finished(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Progress' }).waitFor({ state: 'hidden', timeout: WAIT_MS });
}

const [out] = process.argv.slice(2);
if (out === undefined) {
  process.stderr.write('Usage: npx tsx scripts/screenshots.ts <folder>\n');
  process.exitCode = 2;
} else await takeAll(out);
