import { join } from 'node:path';
import type { Page } from 'playwright';
import { drop, writeFiles } from '../e2e/fixtures.ts';
import { madeWord, type TypedWord, typeWord, watchTyping } from '../e2e/typing.ts';
import { buildIfStale, DIST } from '../scripts/build.ts';
import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import type { FileRow } from '../src/domain/collection.ts';
import { pause, progressOf, showCollection, withPage } from './browser.ts';
import { englishText } from './english.ts';
import { type Measure, median } from './report.ts';
import { sampleText } from './sample.ts';
import { eventsOf, longestTasks } from './trace.ts';

const FILES = 200;
const CHUNKS = 20_000;
/** Of the tiny model's tokens, some 105 chunks a file. */
const CHARACTERS_A_FILE = 24_000;
/** Between key presses: a quick typist's. */
const PACE_MS = 150;

/** The page while 20,000 chunks are embedded, and words of the newest file are typed one after the other. */
export async function busy(): Promise<Measure[]> {
  await buildIfStale();
  const english = englishText(await sampleText(), FILES * CHARACTERS_A_FILE);
  const words: TypedWord[] = [];
  const { trace, chunks } = await withPage(DIST, async ({ context, page, folder }) => {
    const id = await showCollection(page, makeTinyGguf());
    const texts = join(folder, 'texts');
    await writeFiles(texts, makeBooks(english));
    const browser = context.browser();
    if (!browser) throw new Error('This context has no browser to trace.');
    await browser.startTracing(page, {
      categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'],
    });
    await drop(page, [texts]);
    await watchTyping(page);
    for (let before = ''; (await progressOf(page, id)).files < FILES; ) {
      const newest = await newestFile(page, id);
      if (!newest || newest.id === before) {
        await pause(50);
        continue;
      }
      before = newest.id;
      const last = { fileId: newest.id, ordinal: newest.chunks - 1 };
      words.push(await typeWord(page, wordOf(newest), last, PACE_MS));
    }
    return { trace: await browser.stopTracing(), chunks: (await progressOf(page, id)).chunks };
  });
  if (chunks < CHUNKS) throw new Error(`Only ${chunks} chunks were made.`);
  const [longest, ...rest] = longestTasks(eventsOf(trace), 3);
  if (!longest) throw new Error('The trace holds no task of a page.');
  const presses = words.reduce((sum, { presses }) => sum + presses, 0);
  const alone = words.reduce((sum, { answeredAlone }) => sum + answeredAlone, 0);
  const answered = words.flatMap(({ answeredMs }) => answeredMs);
  const found = words.flatMap(({ foundMs }) => foundMs ?? []);
  const others = rest.map(({ cpuMs }) => cpuMs.toFixed(0)).join(', ');
  const beside = `while ${chunks} chunks were embedded`;
  return [
    {
      name: 'busy: longest task of the page',
      value: longest.cpuMs,
      unit: 'ms CPU',
      atMost: 50,
      note: `${beside}; in it ${longest.inside}; next ${others} ms`,
    },
    {
      name: 'busy: key presses answered',
      value: (100 * answered.length) / presses,
      unit: '%',
      atLeast: 100,
      note: `${answered.length} of ${presses}, a key every ${PACE_MS} ms; ${alone} before the next key`,
    },
    {
      name: 'busy: from a key press to its answer on screen, median',
      value: median(answered),
      unit: 'ms',
      note: `95 of 100 within ${percentile(answered, 0.95).toFixed(0)} ms, all within ${Math.max(...answered).toFixed(0)} ms; 80 ms of it wait for the next key`,
    },
    {
      name: 'busy: newest files found by their last words',
      value: (100 * found.length) / words.length,
      unit: '%',
      atLeast: 100,
      note: `${found.length} of ${words.length}, in the median ${median(found).toFixed(0)} ms after the last key`,
    },
  ];
}

/** Each ends in a word of its own: in the last chunk. */
function makeBooks(english: string): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: FILES }, (_, n) => {
      const text = english.slice(n * CHARACTERS_A_FILE, (n + 1) * CHARACTERS_A_FILE);
      return [`book-${String(n).padStart(3, '0')}.txt`, `${text}\n\nThis was written at ${madeWord(n)}.\n`];
    }),
  );
}

function wordOf({ path }: FileRow): string {
  return madeWord(Number(/book-(\d+)/.exec(path)?.[1]));
}

/** The file that was finished last. */
function newestFile(page: Page, id: string): Promise<FileRow | undefined> {
  return page.evaluate(async id => {
    const rows = await window.vecdrop.files(id, 0, 1000);
    return rows.findLast(({ state }) => state === 'done');
  }, id);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
