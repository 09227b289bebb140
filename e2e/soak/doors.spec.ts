import type { Page } from '@playwright/test';
import { type BurstOptions, type BurstReport, runBursts } from '../bursts.ts';
import { burstsOnPage, burstsThroughServiceWorker, prepareBursts } from '../door.ts';
import { expect, test } from '../fixtures.ts';

const MB = 1024 * 1024;

/** Bytes of the page with its workers, rubbish collected. */
const memoryOf = (page: Page) =>
  page.evaluate(async () => {
    const measured = performance as unknown as {
      measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
    };
    return (await measured.measureUserAgentSpecificMemory()).bytes;
  });

const doors: [string, (page: Page, options: BurstOptions) => Promise<BurstReport>][] = [
  ['the server', (_, options) => runBursts(fetch, options)],
  ['the page’s own fetch', burstsOnPage],
  ['the service worker', burstsThroughServiceWorker],
];

test.use({ serviceWorkers: 'allow' });

for (const [name, run] of doors) {
  test(`1,000 requests in bursts of 50 through ${name}: none mixed up, memory flat`, async ({
    page,
    serve,
    watch,
  }) => {
    watch.expectErrors(/status of 404/);
    const options = await prepareBursts(page, await serve({ door: {} }), 1_000);
    await run(page, { ...options, requests: 200 });
    const before = await memoryOf(page);
    const report = await run(page, options);
    expect(report.wrong).toEqual([]);
    expect(report.answered + report.aborted).toBe(1_000);
    expect((await memoryOf(page)) - before).toBeLessThan(20 * MB);
  });
}
