import type { CDPSession } from 'playwright';
import { buildIfStale, DIST } from '../scripts/build.ts';
import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import { pause, showCollection, withPage } from './browser.ts';
import { englishText } from './english.ts';
import type { Measure } from './report.ts';
import { sampleText } from './sample.ts';

const CHUNKS = 10_000;
/** Some 10,300 chunks of the tiny model's tokens. */
const CHARACTERS = 2_400_000;

interface Sample {
  chunks: number;
  page: number;
}

/** The page's own heap, garbage collected, while a text of ten thousand chunks is embedded with a tiny model. */
export async function heap(): Promise<Measure[]> {
  await buildIfStale();
  const english = englishText(await sampleText(), CHARACTERS);
  const samples = await withPage(DIST, async ({ context, page }) => {
    const id = await showCollection(page, makeTinyGguf());
    const session = await context.newCDPSession(page);
    const samples: Sample[] = [];
    await page.evaluate(
      async ({ id, text }) => {
        const file = new File([text], 'book.txt');
        const additions = [{ file, path: file.name, fromFolder: false }];
        await window.vecdrop.addFiles(id, additions, new AbortController().signal, () => {});
      },
      { id, text: english },
    );
    for (;;) {
      await pause(1000);
      const row = await page.evaluate(async id => (await window.vecdrop.files(id, 0, 1))[0], id);
      if (!row || row.state === 'waiting') continue;
      samples.push({ chunks: row.done, page: await usedHeap(session) });
      if (row.state === 'done') break;
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
