import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale, DIST, ROOT } from '../../scripts/build.ts';
import { startServer } from '../../scripts/serve.ts';
import { makeTexts, writeFiles } from '../fixtures.ts';
import { findFirefox, findWebKit } from './find.ts';
import { startFirefox } from './firefox.ts';
import type { SmokeBrowser } from './smoke-browser.ts';
import { startWebKit } from './webkit.ts';

const TEXTS = 3;
const LIMIT_MS = 300_000;
const GOLDEN = join(ROOT, 'e2e', 'fixtures', 'golden-all-MiniLM-L6-v2.json');
const LEAST_COSINE = 0.9995;

/** How each browser is started; undefined where there is none and none could be installed. */
const browsers: Record<string, () => Promise<SmokeBrowser> | undefined> = {
  Firefox: () => {
    const path = findFirefox();
    return path === undefined ? undefined : startFirefox(path);
  },
  WebKit: () => {
    const programs = findWebKit();
    return programs && startWebKit(programs);
  },
};

const wanted = process.argv.slice(2).map(name => name.toLowerCase());
const unknown = wanted.filter(name => !Object.keys(browsers).some(known => known.toLowerCase() === name));
if (unknown.length > 0) {
  process.stderr.write(
    `No browser ${unknown.join(', ')} here. There are: ${Object.keys(browsers).join(', ')}.\n`,
  );
  process.exit(2);
}

await buildIfStale();
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const [name, start] of Object.entries(browsers)) {
  if (wanted.length > 0 && !wanted.includes(name.toLowerCase())) continue;
  const starting = start();
  if (!starting) {
    counts.skipped += 1;
    process.stdout.write(`${name}: skipped. It is not on this machine, and apt-get could not install it.\n`);
    continue;
  }
  try {
    const about = await smoke(await starting);
    counts.passed += 1;
    process.stdout.write(`${name}: passed. ${about}\n`);
  } catch (error) {
    counts.failed += 1;
    process.stdout.write(`${name}: failed. ${(error as Error).message}\n`);
  }
}
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exitCode = counts.failed > 0 ? 1 : 0;

interface Exported {
  file: string;
  text: string;
  embedding: number[];
}

/** The main job in one browser, on a server and in a folder of its own; says what was found. */
async function smoke(browser: SmokeBrowser): Promise<string> {
  const server = await startServer({ dir: DIST, port: 0 });
  const folder = await mkdtemp(join(tmpdir(), 'vecdrop-smoke-'));
  try {
    return await embedFiles(browser, server.origin, folder);
  } finally {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true });
  }
}

/** Files through the page's own input, embedded with the built-in model, read back as JSON, still there after a reload. */
async function embedFiles(browser: SmokeBrowser, origin: string, folder: string): Promise<string> {
  const golden = JSON.parse(await readFile(GOLDEN, 'utf8')) as { text: string; embedding: number[] }[];
  const known = golden[0];
  if (!known) throw new Error('There is no golden text.');
  const files = { ...makeTexts(TEXTS), 'golden.txt': known.text };
  const count = Object.keys(files).length;

  await browser.open(origin);
  expect(await browser.evaluate('crossOriginIsolated'), 'The page is not cross-origin isolated.');
  await waitFor(browser, '!!document.querySelector("#choose-files")');
  await browser.setFiles('#choose-files', await writeFiles(folder, files));
  await waitFor(browser, `vecdrop.collections().then(([made]) => made?.files === ${count})`);
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const rows = await browser.evaluate<{ state: string; error?: { message: string } }[]>(
      'vecdrop.collections().then(([{ id }]) => vecdrop.files(id, 0, 100))',
    );
    const failed = rows.find(({ state }) => state === 'failed');
    expect(!failed, `A file failed: ${failed?.error?.message}`);
    if (rows.every(({ state }) => state === 'done')) break;
    const { engine, paused } = await browser.evaluate<{ engine: object; paused?: { message: string } }>(
      'vecdrop.status()',
    );
    expect(!paused, `The queue stopped: ${paused?.message}`);
    expect(Date.now() < deadline, `Not done in time: ${JSON.stringify({ engine, rows })}`);
    await pause();
  }
  const engine = await browser.evaluate<string>('vecdrop.status().then(({ engine }) => engine.name)');
  const before = await download(browser);
  const records = (JSON.parse(before) as { data: Exported[] }).data;
  expect(records.length >= count, 'The download lacks vectors.');
  for (const { file, embedding } of records) {
    expect(Math.abs(Math.hypot(...embedding) - 1) < 1e-5, `A vector of ${file} is not of length 1.`);
  }
  const own = records.find(({ file }) => file === 'golden.txt')?.embedding ?? [];
  const cosine = own.reduce((sum, value, i) => sum + value * (known.embedding[i] ?? 0), 0);
  expect(cosine >= LEAST_COSINE, `The known text’s vector is ${cosine} from the original model’s.`);

  await browser.open(origin);
  expect((await download(browser)) === before, 'The download differs after a reload.');
  expect(browser.errors.length === 0, `Errors on the console: ${browser.errors.join('; ')}`);
  const agent = await browser.evaluate<string>('navigator.userAgent');
  return `${records.length} vectors by ${engine}, cosine ${cosine.toFixed(6)}; ${agent}`;
}

function download(browser: SmokeBrowser): Promise<string> {
  return browser.evaluate(`vecdrop.collections().then(async ([{ id }]) =>
    (await vecdrop.exportCollection(id, { format: 'json' }, new AbortController().signal, () => {})).text())`);
}

async function waitFor(browser: SmokeBrowser, expression: string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await browser.evaluate(expression))) {
    expect(Date.now() < deadline, `Waited in vain for ${expression}.`);
    await pause();
  }
}

function pause(): Promise<unknown> {
  return new Promise(resolve => setTimeout(resolve, 500));
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
