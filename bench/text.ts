import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/build.ts';
import { workThrough } from './app/text.ts';
import { withPage } from './browser.ts';
import { buildBenchPage } from './build.ts';
import { englishText } from './english.ts';
import { type Measure, median } from './report.ts';
import { sampleText } from './sample.ts';
import { eventsOf } from './trace.ts';

const CHARACTERS = 2_000_000;
const ROUNDS = 3;
const WORKS = ['tokenize', 'chunk'];

/** A moment of the work, and the CPU time spent so far. */
interface Mark {
  name: string;
  cpuMs: number;
}

/** Tokenizing and chunking English on one thread, in a worker of Chromium and in Node; by CPU time, not the clock. */
export async function text(): Promise<Measure[]> {
  const english = englishText(await sampleText(), CHARACTERS);
  return [...speeds('Chromium', await inChromium(english), 5), ...speeds('Node', await inNode(english))];
}

/** The worker's marks as they are in the trace: with the CPU time of its thread. */
async function inChromium(english: string): Promise<Mark[]> {
  const dir = await buildBenchPage();
  const trace = await withPage(dir, async ({ context, page }) => {
    await page.waitForFunction(() => 'bench' in globalThis);
    const browser = context.browser();
    if (!browser) throw new Error('This context has no browser to trace.');
    await browser.startTracing(page, { categories: ['blink.user_timing'] });
    await page.evaluate(([text, rounds]) => bench.workThrough(text, rounds), [english, ROUNDS] as const);
    return browser.stopTracing();
  });
  return eventsOf(trace)
    .filter(({ name, tts }) => tts !== undefined && WORKS.includes(name.split(':')[0] ?? ''))
    .map(({ name, tts = 0 }) => ({ name, cpuMs: tts / 1000 }));
}

/** CPU time is of the whole process here, the collecting of garbage on other threads included. */
async function inNode(english: string): Promise<Mark[]> {
  const model = await openAsBlob(join(ROOT, 'public', 'models', 'all-MiniLM-L6-v2-Q8_0.gguf'));
  const marks: Mark[] = [];
  await workThrough(model, english, ROUNDS, name => {
    const { user, system } = process.cpuUsage();
    marks.push({ name, cpuMs: (user + system) / 1000 });
  });
  return marks;
}

function speeds(runtime: string, marks: readonly Mark[], atLeast?: number): Measure[] {
  return WORKS.map(work => {
    const starts = marks.filter(({ name }) => name === `${work}:start`);
    const ends = marks.filter(({ name }) => name === `${work}:end`);
    const values = ends.map(({ cpuMs }, round) => CHARACTERS / 1000 / (cpuMs - (starts[round]?.cpuMs ?? 0)));
    return {
      name: `${work}: English, ${runtime}`,
      value: median(values),
      unit: 'MB/s of CPU time',
      ...(atLeast === undefined ? {} : { atLeast }),
      note: `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`,
    };
  });
}
