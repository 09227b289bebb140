import type { CDPSession, Page } from 'playwright';
import { watchTyping } from '../e2e/typing.ts';
import { DIST } from '../scripts/build.ts';
import { memoryBudget } from '../src/embed/pool-size.ts';
import { withPage } from './browser.ts';
import { englishWriter } from './english.ts';
import { megabytes, rendererOf, settled } from './memory.ts';
import { prepared, savedIndex } from './prepared.ts';
import { type Measure, median, progress } from './report.ts';
import { sampleText } from './sample.ts';
import { seedTexts } from './seed.ts';
import { eventsOf, longestTasks } from './trace.ts';

const LIMIT_MS = 300_000;
const CHARACTERS = 800;
const CHUNKS_A_FILE = 400;
/** One word in so many is a new one: a million chunks have a million and a half different words. */
const RARE = 0.01;
/** See SEARCH_SHARE in src/workspace/workspace.ts. */
const SEARCH_SHARE = 0.75;
/** Asked one after the other; none has been asked before it is measured. */
const QUERIES = [
  'harbour lighthouse',
  'flour and butter',
  'the birds of the shore',
  'a letter from the lock',
  'tide',
  'nest of the',
  'salt water',
];

/** What a large collection of long texts takes in the page: memory, disk, and time to open and to answer. */
export async function openLarge(chunks: number): Promise<Measure[]> {
  return withPage(DIST, async ({ context, page: first, origin }) => {
    const browser = context.browser();
    if (!browser) throw new Error('This context has no browser to ask.');
    const session = await browser.newBrowserCDPSession();
    progress(`writing ${chunks} chunks`);
    const write = englishWriter(await sampleText(), RARE);
    const files = Math.ceil(chunks / CHUNKS_A_FILE);
    await seedTexts(first, { chunks, files, topics: 40 }, CHARACTERS, write);
    await first.close();
    const of = `${chunks} chunks`;

    progress('making the index');
    let page = await opened();
    const made = await watched(session, page, () => prepared(page));
    const disk = { index: await savedIndex(page), all: await usage(page) };
    await page.close();

    progress('opening the saved index');
    page = await opened();
    const saved = await watched(session, page, () => prepared(page));
    const budget = (SEARCH_SHARE * memoryBudget(await page.evaluate(deviceMemory))) / 1e6;

    progress('asking');
    const asked = {
      words: await times(page, 0),
      meaning: await times(page, 1),
      both: await times(page, 0.5),
    };
    const afterwards = await settled(saved.pid);
    await browser.startTracing(page, {
      categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'],
    });
    progress('typing');
    await watchTyping(page);
    const field = page.getByRole('combobox', { name: /^Search / });
    for (const query of ['harbour lighthouse keeper', 'the tide']) {
      await field.fill('');
      await field.pressSequentially(query, { delay: 150 });
      await page.waitForFunction(
        query => globalThis.typed.answers.some(({ text }) => text === query),
        query,
        { timeout: LIMIT_MS },
      );
    }
    const [longest] = longestTasks(eventsOf(await browser.stopTracing()), 1);

    return [
      {
        name: `open: ${of}, the index made from what is stored`,
        value: made.ms / 1000,
        unit: 's',
        note: `peak of the renderer ${made.peak.toFixed(0)} MB, ${made.after.toFixed(0)} MB at rest afterwards`,
      },
      { name: `open: ${of} opened from the saved index`, value: saved.ms / 1000, unit: 's' },
      {
        name: `open: ${of}, what the renderer holds more when the index is open`,
        value: saved.after - saved.before,
        unit: 'MB',
        atMost: budget,
        note: `${saved.before.toFixed(0)} MB before, ${saved.after.toFixed(0)} MB then, peak ${saved.peak.toFixed(0)} MB; ${afterwards.toFixed(0)} MB after ${3 * QUERIES.length} questions`,
      },
      {
        name: `open: ${of}, size of the saved index`,
        value: disk.index / 1e6,
        unit: 'MB',
        note: `all on disk ${(disk.all / 1e6).toFixed(0)} MB`,
      },
      ...Object.entries(asked).map(([name, values]) => {
        const first = values.map(each => each.first);
        const exact = values.map(each => each.exact);
        return {
          name: `open: ${of}, a question by ${name}, first hits`,
          value: median(first),
          unit: 'ms',
          note: `${Math.min(...first).toFixed(0)} to ${Math.max(...first).toFixed(0)}; exact ${median(exact).toFixed(0)}`,
        };
      }),
      ...(longest
        ? [
            {
              name: `open: ${of}, longest task of the page while words are typed`,
              value: longest.cpuMs,
              unit: 'ms CPU',
              atMost: 50,
              note: `in it ${longest.inside}`,
            },
          ]
        : []),
    ];

    /** A page in a process of its own. */
    async function opened(): Promise<Page> {
      const page = await context.newPage();
      await page.goto(origin);
      await page.getByRole('listbox', { name: 'Files' }).waitFor();
      return page;
    }
  });
}

interface Watched {
  pid: number;
  ms: number;
  /** Resident megabytes of the renderer: at rest before and after, and at their highest. */
  before: number;
  after: number;
  peak: number;
}

async function watched(session: CDPSession, page: Page, work: () => Promise<number>): Promise<Watched> {
  const pid = await rendererOf(session, page);
  const before = await settled(pid);
  const ms = await work();
  const after = await settled(pid);
  return { pid, ms, before, after, peak: megabytes(pid, 'VmHWM') };
}

function usage(page: Page): Promise<number> {
  return page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
}

function deviceMemory(): { memoryGB?: number } {
  const { deviceMemory: memoryGB } = navigator as Navigator & { deviceMemory?: number };
  return memoryGB === undefined ? {} : { memoryGB };
}

/** Milliseconds of questions as the search field asks them: until there are hits, and until these are the exact ones. */
function times(page: Page, balance: number): Promise<{ first: number; exact: number }[]> {
  return page.evaluate(
    async ({ queries, balance }) => {
      const [collection] = await window.vecdrop.collections();
      if (!collection) throw new Error('The page has no collection.');
      const times: { first: number; exact: number }[] = [];
      for (const text of queries) {
        const began = performance.now();
        const query = { text, balance, limit: 60, byFile: false, fold: true, trim: true };
        let first: number | undefined;
        const { signal } = new AbortController();
        const { hits } = await window.vecdrop.search(collection.id, query, signal, () => {
          first ??= performance.now() - began;
        });
        if (hits.length === 0) throw new Error(`Nothing was found for “${text}”.`);
        const exact = performance.now() - began;
        times.push({ first: first ?? exact, exact });
      }
      return times;
    },
    { queries: QUERIES, balance },
  );
}
