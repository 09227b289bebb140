import { join } from 'node:path';
import { drop, makeTexts, writeFiles } from '../e2e/fixtures.ts';
import { buildIfStale, DIST } from '../scripts/build.ts';
import { makeTinyGguf } from '../scripts/make-tiny-gguf.ts';
import { pause, progressOf, showCollection, withPage } from './browser.ts';
import type { Measure } from './report.ts';
import { eventsOf, longestTasks } from './trace.ts';

/** The page's main thread while a folder is dropped, indexed and scrolled through. */
export async function longestTask(): Promise<Measure[]> {
  await buildIfStale();
  return [
    await measure('page: longest task, 1,000 files, tiny model', 1000, makeTinyGguf()),
    await measure('page: longest task, 30 files, built-in model', 30),
  ];
}

async function measure(name: string, files: number, gguf?: Uint8Array): Promise<Measure> {
  const trace = await withPage(DIST, async ({ context, page, folder }) => {
    const id = await showCollection(page, gguf);
    const texts = join(folder, 'texts');
    await writeFiles(texts, makeTexts(files));
    const browser = context.browser();
    if (!browser) throw new Error('This context has no browser to trace.');
    await browser.startTracing(page, {
      categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'],
    });
    await drop(page, [texts]);
    await page.mouse.move(300, 500);
    for (let turn = 0; ; turn++) {
      await page.mouse.wheel(0, turn % 20 < 10 ? 400 : -400);
      await pause(100);
      if (turn % 10 === 9 && (await progressOf(page, id)).files >= files) break;
    }
    return browser.stopTracing();
  });
  const [longest, ...rest] = longestTasks(eventsOf(trace), 3);
  if (!longest) throw new Error('The trace holds no task of a page.');
  const others = rest.map(({ cpuMs }) => cpuMs.toFixed(0)).join(', ');
  return {
    name,
    value: longest.cpuMs,
    unit: 'ms CPU',
    atMost: 50,
    note: `in it ${longest.inside}; next ${others} ms`,
  };
}
