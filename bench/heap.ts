import type { CDPSession } from 'playwright';
import { buildIfStale, DIST } from '../scripts/build.ts';
import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import { pause, progressOf, showCollection, withPage } from './browser.ts';
import { englishText } from './english.ts';
import type { Measure } from './report.ts';
import { sampleText } from './sample.ts';

const CHUNKS = 10_000;
const FILES = 24;
/** Characters a file: some 500 chunks of the tiny model's tokens. */
const CHARACTERS = 100_000;

interface Sample {
  chunks: number;
  page: number;
}

/** The page's own heap, garbage collected, while ten thousand chunks are embedded with a tiny model. */
export async function heap(): Promise<Measure[]> {
  await buildIfStale();
  const english = englishText(await sampleText(), FILES * CHARACTERS);
  const samples = await withPage(DIST, async ({ context, page }) => {
    const id = await showCollection(page, makeTinyGguf());
    const session = await context.newCDPSession(page);
    const samples: Sample[] = [];
    for (let file = 0; file < FILES; file++) {
      await page.evaluate(
        async ({ id, file, text }) => {
          const made = new File([text], `book-${file}.txt`);
          const additions = [{ file: made, path: made.name, fromFolder: false }];
          await window.vecdrop.addFiles(id, additions, new AbortController().signal, () => {});
        },
        { id, file, text: english.slice(file * CHARACTERS, (file + 1) * CHARACTERS) },
      );
      let progress = await progressOf(page, id);
      while (progress.files <= file) {
        await pause(100);
        progress = await progressOf(page, id);
      }
      samples.push({ chunks: progress.chunks, page: await usedHeap(session) });
      if (progress.chunks > CHUNKS * 1.2) break;
    }
    return samples;
  });
  const last = samples.at(-1) as Sample;
  // What is made once (the list, the first rows) is over by then.
  const settled = samples.filter(({ chunks }) => chunks > last.chunks / 6);
  const slope = slopeOf(settled.map(({ chunks, page }) => [chunks, page]));
  return [
    {
      name: 'heap: growth of the page over 10,000 chunks',
      value: (slope * CHUNKS) / 1e6,
      unit: 'MB',
      atMost: 0.5,
      note: `${megabytes(settled[0]?.page ?? 0)} to ${megabytes(last.page)} MB while ${last.chunks} chunks were made`,
    },
  ];
}

async function usedHeap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);

/** Of the line of least squares through points x, y. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
