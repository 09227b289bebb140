import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { buildIfStale, DIST } from '../../scripts/build.ts';
import { startServer } from '../../scripts/serve.ts';
import { makeTexts, writeFiles } from '../fixtures.ts';
import { type BidiBrowser, startFirefox } from './bidi.ts';

const FILES = 3;
const LIMIT_MS = 180_000;

const executable = [process.env.FIREFOX_PATH ?? '', ...inPath('firefox-esr'), ...inPath('firefox')].find(
  existsSync,
);
if (!executable) {
  process.stderr.write('There is no Firefox: apt-get install firefox-esr, or set FIREFOX_PATH to one.\n');
  process.exit(1);
}

await buildIfStale();
const server = await startServer({ dir: DIST, port: 0 });
const folder = await mkdtemp(join(tmpdir(), 'vecdrop-smoke-'));
const firefox = await startFirefox(executable);
let failure = '';
try {
  await embedThreeFiles(firefox);
} catch (error) {
  failure = (error as Error).message;
} finally {
  await firefox.close();
  await server.close();
  await rm(folder, { recursive: true });
}
process.stdout.write(failure ? `Firefox: ${failure}\n0 passed, 1 failed\n` : '1 passed, 0 failed\n');
process.exitCode = failure ? 1 : 0;

/** Files through the page's own input, embedded with the built-in model, read back as JSON, still there after a reload. */
async function embedThreeFiles(browser: BidiBrowser): Promise<void> {
  await browser.open(server.origin);
  expect(await browser.evaluate('crossOriginIsolated'), 'the page is not cross-origin isolated');
  await browser.setFiles('#choose-files', await writeFiles(folder, makeTexts(FILES)));
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const rows = await browser.evaluate<{ state: string; error?: { message: string } }[]>(
      `vecdrop.collections().then(([{ id }]) => vecdrop.files(id, 0, 100))`,
    );
    const failed = rows.find(({ state }) => state === 'failed');
    expect(!failed, `a file failed: ${failed?.error?.message}`);
    if (rows.length === FILES && rows.every(({ state }) => state === 'done')) break;
    expect(Date.now() < deadline, `not done in time: ${JSON.stringify(rows)}`);
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  const before = await download(browser);
  expect(JSON.parse(before).data.length >= FILES, 'the download lacks vectors');
  await browser.open(server.origin);
  expect((await download(browser)) === before, 'the download differs after a reload');
  expect(browser.errors.length === 0, `errors on the console: ${browser.errors.join('; ')}`);
}

function download(browser: BidiBrowser): Promise<string> {
  return browser.evaluate(`vecdrop.collections().then(async ([{ id }]) =>
    (await vecdrop.exportCollection(id, 'json', new AbortController().signal, () => {})).text())`);
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function inPath(command: string): string[] {
  return (process.env.PATH ?? '').split(delimiter).map(entry => join(entry, command));
}
