import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright';
import { buildIfStale, DIST } from '../scripts/build.ts';
import { pause, withPage } from './browser.ts';
import type { Measure } from './report.ts';
import { seedCollection } from './seed.ts';

const CHUNKS = 200_000;
const MOST_MB = 100;

/**
 * What exporting 200,000 chunks adds to the peak of the renderer's resident memory, which the page and all its workers
 * share: the peak since the page was opened, before and after. And how fast it is. Linux tells the peak.
 */
export async function exporting(): Promise<Measure[]> {
  await buildIfStale();
  return withPage(DIST, async ({ context, page: first, origin }) => {
    const browser = context.browser();
    if (!browser) throw new Error('This context has no browser to ask.');
    const session = await browser.newBrowserCDPSession();
    await seedCollection(first, { chunks: CHUNKS, files: 800, topics: 40 });
    const formats = await first.evaluate(() => window.vecdrop.exportFormats());
    await first.close();
    const measures: Measure[] = [];
    for (const { id, name } of formats) {
      // A process of its own for each: none profits from memory that the one before was given.
      const page = await context.newPage();
      await page.goto(origin);
      await page.getByRole('listbox', { name: 'Files' }).waitFor();
      const pid = await rendererOf(session, page);
      const resting = await settled(pid);
      const before = megabytes(pid, 'VmHWM');
      const { bytes, seconds } = await exportAll(page, id);
      const peak = megabytes(pid, 'VmHWM');
      measures.push({
        name: `export: ${name}, 200,000 chunks, added to the peak`,
        value: peak - before,
        unit: 'MB',
        atMost: MOST_MB,
        note: `${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s; peak ${before.toFixed(0)}, then ${peak.toFixed(0)} MB, at rest ${resting.toFixed(0)}`,
      });
      await page.close();
    }
    return measures;
  });
}

/** The renderer that takes time when its page works, and far more of it than any other that happens to. */
async function rendererOf(session: CDPSession, page: Page): Promise<number> {
  const times = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    return new Map(renderers.map(({ id, cpuTime }) => [id, cpuTime]));
  };
  for (let tries = 0; tries < 20; tries++) {
    const before = await times();
    await page.evaluate(() => {
      for (const end = performance.now() + 1000; performance.now() < end; );
    });
    const after = [...(await times())].map(([id, time]) => ({ id, took: time - (before.get(id) ?? 0) }));
    const [busiest, next] = after.sort((a, b) => b.took - a.took);
    if (busiest && busiest.took > 0.1 && busiest.took > 4 * (next?.took ?? 0)) return busiest.id;
  }
  throw new Error('Which renderer is the page’s cannot be told while others are as busy.');
}

/** Resident megabytes, once they stay within 1 MB for two seconds; as they are after half a minute. */
async function settled(pid: number): Promise<number> {
  let last = Number.NaN;
  let steady = 0;
  for (let i = 0; i < 60 && steady < 4; i++) {
    await pause(500);
    const now = megabytes(pid, 'VmRSS');
    steady = Math.abs(now - last) < 1 ? steady + 1 : 0;
    last = now;
  }
  return last;
}

function megabytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

function exportAll(page: Page, format: string): Promise<{ bytes: number; seconds: number }> {
  return page.evaluate(async format => {
    const [collection] = await window.vecdrop.collections();
    if (!collection) throw new Error('The page has no collection.');
    const began = performance.now();
    const never = new AbortController().signal;
    const blob = await window.vecdrop.exportCollection(collection.id, { format }, never, () => {});
    return { bytes: blob.size, seconds: (performance.now() - began) / 1000 };
  }, format);
}
