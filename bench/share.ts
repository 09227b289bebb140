import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { buildIfStale, DIST } from '../scripts/build.ts';
import { CHROMIUM_FLAGS } from '../scripts/chromium-flags.ts';
import { ensureBrowser } from '../scripts/ensure-browser.ts';
import { EXPORT_COLUMNS } from '../src/domain/export.ts';
import { type Recipe, VERSIONS } from '../src/domain/recipe.ts';
import type { ExportHeader, ExportParts, ExportRecord } from '../src/export/format.ts';
import { share } from '../src/export/formats/share.ts';
import { BUILT_IN_FILE, builtIn } from '../src/workspace/built-in.ts';
import { englishText } from './english.ts';
import type { Measure } from './report.ts';
import { sampleText } from './sample.ts';
import { eventsOf, longestTasks } from './trace.ts';

/** Of the usual size, a tenth of it in common with the one before; two hundred to a file. */
const CHUNK = 800;
const STEP = 720;
const PER_FILE = 200;

const RECIPE: Recipe = {
  modelId: builtIn.id,
  strategy: 'recursive',
  chunkSize: 200,
  overlap: 20,
  embedHeadings: true,
  documentPrefix: '',
  queryPrefix: '',
  pooling: builtIn.pooling,
  normalize: true,
  dimensions: builtIn.dimensions,
  versions: VERSIONS,
};

/** Shared pages: how large, how soon they find by word and by meaning, and what their own thread is held up by. */
export async function sharedPage(): Promise<Measure[]> {
  await buildIfStale();
  const folder = await mkdtemp(join(tmpdir(), 'vecdrop-bench-'));
  try {
    const measures: Measure[] = [];
    for (const chunks of [10_000, 100_000]) {
      const text = englishText(await sampleText(), chunks * STEP + CHUNK);
      for (const meaning of [false, true]) {
        const path = join(folder, 'page.html');
        const bytes = await write(path, text, chunks, meaning);
        measures.push(...(await open(path, `${chunks} chunks${meaning ? '' : ', words only'}`, bytes)));
      }
    }
    return measures;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

async function write(path: string, text: string, count: number, meaning: boolean): Promise<number> {
  const { dimensions } = RECIPE;
  async function* records(): AsyncGenerator<ExportRecord> {
    let seed = 1;
    for (let index = 0; index < count; index++) {
      const start = index * STEP;
      const embedding = new Float32Array(dimensions);
      for (let i = 0; i < dimensions; i++) {
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
        embedding[i] = seed / 2 ** 34;
      }
      yield {
        id: '',
        index,
        embedding,
        text: text.slice(start, start + CHUNK),
        file: `papers/${String(Math.floor(index / PER_FILE)).padStart(5, '0')}.md`,
        ordinal: index % PER_FILE,
        start,
        end: start + CHUNK,
        tokens: RECIPE.chunkSize,
        headings: [`Part ${Math.floor(index / 10)}`],
        lines: { first: index + 1, last: index + 9 },
      };
    }
  }
  const app: ExportParts = {
    archive: () => Promise.reject(new Error('A shared page is no archive.')),
    file: file => createReadStream(join(DIST, file)),
    model: { bytes: builtIn.bytes, read: () => createReadStream(join(DIST, 'models', BUILT_IN_FILE)) },
  };
  const header: ExportHeader = {
    collection: 'Benchmark',
    model: builtIn.name,
    dimensions,
    recipe: RECIPE,
    records: count,
    precision: 'float32',
    columns: new Set(EXPORT_COLUMNS.filter(column => meaning || column !== 'embedding')),
  };
  const out = createWriteStream(path);
  let bytes = 0;
  for await (const piece of share.files[0].encode(header, records, app)) {
    bytes += piece.length;
    if (!out.write(piece)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return bytes;
}

async function open(path: string, name: string, bytes: number): Promise<Measure[]> {
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    await browser.startTracing(page, {
      categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'],
    });
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    // The link asks at once; the page is there long before the browser has read all of the file.
    await page.goto(`${pathToFileURL(path).href}#q=harbour`, { waitUntil: 'commit' });
    // Looked for in the plainest way: what looks through roles would be the longest task itself.
    await page.waitForFunction(() => document.querySelector('.option'), undefined, { timeout: 0 });
    const first = seconds();
    const isRead = () => document.querySelector<HTMLElement>('.reading')?.hidden;
    await page.waitForFunction(isRead, undefined, { timeout: 0 });
    const all = seconds();
    const events = eventsOf(await browser.stopTracing());
    // The browser has a page of its own, which is made of modules; the shared one has none.
    const others = new Set(events.filter(({ name }) => name === 'v8.evaluateModule').map(({ pid }) => pid));
    const [longest] = longestTasks(
      events.filter(({ pid }) => !others.has(pid)),
      1,
    );
    return [
      { name: `shared page: size, ${name}`, value: bytes / 1e6, unit: 'MB' },
      { name: `shared page: first hits, ${name}`, value: first, unit: 's' },
      { name: `shared page: all is read, ${name}`, value: all, unit: 's' },
      {
        name: `shared page: longest task of its own thread, ${name}`,
        value: longest?.cpuMs ?? Number.NaN,
        unit: 'ms CPU',
        atMost: 50,
        note: `in it ${longest?.inside}`,
      },
    ];
  } finally {
    await browser.close();
  }
}
