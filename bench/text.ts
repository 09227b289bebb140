import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../scripts/build.ts';
import { workThrough } from './app/text.ts';
import { type Opened, withPage } from './browser.ts';
import { buildBenchPage } from './build.ts';
import { englishText } from './english.ts';
import { printedPdf, textFiles } from './formats.ts';
import type { Options } from './options.ts';
import { type Measure, median, progress } from './report.ts';
import { sampleText } from './sample.ts';
import { eventsOf } from './trace.ts';

const CHARACTERS = 2_000_000;
const ENGLISH = [
  { work: 'tokenize', name: 'tokenize: English' },
  { work: 'chunk', name: 'chunk: English' },
];
/** The app's default, and the one that suits each format. */
const STRATEGIES = ['recursive', 'auto'];
const PDF = 'printed.pdf';

/** A moment of the work, and the CPU time spent so far. */
interface Mark {
  name: string;
  cpuMs: number;
}

/** Tokenizing, chunking and reading on one thread, in a worker of Chromium and in Node; by CPU time, not the clock. */
export async function text({ rounds }: Options): Promise<Measure[]> {
  const english = englishText(await sampleText(), CHARACTERS);
  const dir = await buildBenchPage('text');
  return withPage(dir, async opened => {
    await opened.page.waitForFunction(() => 'bench' in globalThis);
    progress('tokenizing and chunking English');
    const inWorker = await traced(opened, () =>
      opened.page.evaluate(([text, rounds]) => bench.workThrough(text, rounds), [english, rounds] as const),
    );
    const inNode = await nodeMarks(english, rounds);
    const speed = (marks: readonly Mark[], runtime: string, atLeast?: number) =>
      ENGLISH.map(({ work, name }) =>
        measure(`${name}, ${runtime}`, secondsOf(marks, work), CHARACTERS / 1e6, 'MB/s of CPU time', atLeast),
      );
    return [
      ...speed(inWorker, 'Chromium', 5),
      ...speed(inNode, 'Node'),
      ...(await formats(opened, dir, english, rounds)),
    ];
  });
}

/** Every text format through reading and chunking, and a PDF of plain text. */
async function formats(opened: Opened, dir: string, english: string, rounds: number): Promise<Measure[]> {
  progress('reading and chunking files of every text format');
  const { page, context } = opened;
  const printer = await context.newPage();
  const { pdf, pages } = await printedPdf(printer, english);
  await printer.close();
  await writeFile(join(dir, PDF), pdf);
  const texts = await textFiles(english);
  const files = [
    ...texts.flatMap(({ format, path, text }) =>
      STRATEGIES.map(strategy => ({ work: `${format} ${strategy}`, path, text, strategy })),
    ),
    { work: 'pdf recursive', path: PDF, url: PDF, strategy: 'recursive' },
  ];
  const marks = await traced(opened, () =>
    page.evaluate(([files, rounds]) => bench.readThrough(files, rounds), [files, rounds] as const),
  );
  const kinds = [...new Set(texts.map(({ format }) => format))];
  return [
    ...kinds.flatMap(format => {
      const own = texts.filter(file => file.format === format);
      const megabytes = own.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6;
      return STRATEGIES.map(strategy =>
        measure(
          `read and chunk: ${format}, ${strategy}`,
          secondsOf(marks, `${format} ${strategy}`),
          megabytes,
          'MB/s of CPU time',
          5,
        ),
      );
    }),
    measure(
      'read and chunk: PDF of plain text',
      secondsOf(marks, 'pdf recursive'),
      pages,
      'pages/s of CPU time',
      30,
    ),
  ];
}

/** The marks of the page's workers as they are in the trace: with the CPU time of their thread. */
async function traced({ context, page }: Opened, work: () => Promise<void>): Promise<Mark[]> {
  const browser = context.browser();
  if (!browser) throw new Error('This context has no browser to trace.');
  await browser.startTracing(page, { categories: ['blink.user_timing'] });
  await work();
  return eventsOf(await browser.stopTracing())
    .filter(({ name, tts }) => tts !== undefined && /:(start|end)$/.test(name))
    .map(({ name, tts = 0 }) => ({ name, cpuMs: tts / 1000 }));
}

/** CPU time is of the whole process here, the collecting of garbage on other threads included. */
async function nodeMarks(english: string, rounds: number): Promise<Mark[]> {
  const model = await openAsBlob(join(ROOT, 'public', 'models', 'all-MiniLM-L6-v2-Q8_0.gguf'));
  const marks: Mark[] = [];
  await workThrough(model, english, rounds, name => {
    const { user, system } = process.cpuUsage();
    marks.push({ name, cpuMs: (user + system) / 1000 });
  });
  return marks;
}

/** CPU time of each round. */
function secondsOf(marks: readonly Mark[], work: string): number[] {
  const starts = marks.filter(({ name }) => name === `${work}:start`);
  const ends = marks.filter(({ name }) => name === `${work}:end`);
  return ends.map(({ cpuMs }, round) => (cpuMs - (starts[round]?.cpuMs ?? Number.NaN)) / 1000);
}

function measure(name: string, seconds: number[], amount: number, unit: string, atLeast?: number): Measure {
  const values = seconds.map(each => amount / each);
  return {
    name,
    value: median(values),
    unit,
    ...(atLeast === undefined ? {} : { atLeast }),
    note: `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`,
  };
}
