import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { openTiny } from './tiny.ts';

test.use({ serviceWorkers: 'allow' });

/** A page of the same folder that is not Vecdrop: it can ask, and cannot answer. */
const NEIGHBOUR = 'sample/tides.py';

const controlled = (page: Page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);

async function openNeighbour(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`/${NEIGHBOUR}`);
  await controlled(page);
  return page;
}

interface Answer {
  status: number;
  retryAfter: string | null;
  json: {
    data?: { embedding: number[] }[];
    error?: { message: string; type: string; code: string };
  };
}

/** fetch('/v1/…') as a script of the page does it. */
function ask(page: Page, path: string, body?: unknown): Promise<Answer> {
  return page.evaluate(
    async ({ path, body }) => {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const response = await fetch(`/v1/${path}`, init);
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        json: await response.json(),
      };
    },
    { path, body },
  );
}

const two = { model: 'tiny-bert', input: ['one', 'two'] };

test('a page is answered by itself, by the tab that has the engine, and by any tab', async ({
  context,
  page,
  watch,
}) => {
  watch.expectErrors(/favicon/);
  await openTiny(page);
  await controlled(page);
  const own = await ask(page, 'embeddings', two);
  expect(own.status).toBe(200);
  expect(own.json.data).toHaveLength(2);

  const second = await context.newPage();
  await second.goto('/');
  await controlled(second);
  expect(await ask(second, 'embeddings', two)).toEqual(own);
  const neighbour = await openNeighbour(context);
  expect(await ask(neighbour, 'embeddings', two)).toEqual(own);
  await page.close();
  expect(await ask(neighbour, 'embeddings', two)).toEqual(own);
});

test('503 with Retry-After while no tab is open, and answers as soon as one is', async ({
  context,
  page,
  watch,
}) => {
  watch.expectErrors(/status of 503/, /favicon/);
  await openTiny(page);
  await controlled(page);
  const neighbour = await openNeighbour(context);
  await page.close();
  const refused = await ask(neighbour, 'embeddings', two);
  expect(refused).toMatchObject({ status: 503, retryAfter: '5' });
  expect(refused.json.error).toMatchObject({ type: 'server_error', code: 'no_tab' });
  const next = await context.newPage();
  await next.goto('/');
  await next.waitForFunction(() => 'vecdrop' in globalThis);
  expect((await ask(neighbour, 'embeddings', two)).status).toBe(200);
});

/** Makes a page take requests and never answer; what it takes is counted there. */
const hang = (page: Page) =>
  page.evaluate(() => {
    const told = { taken: 0 };
    vecdrop.fetchWire = () => {
      told.taken += 1;
      return new Promise(() => {});
    };
    Object.assign(globalThis, { told });
  });
const takenBy = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { told: { taken: number } }).told.taken);

test('a tab that dies with requests: those that may be repeated go to the next, an upload is a 503', {
  tag: '@slow',
}, async ({ context, page, watch }) => {
  watch.expectErrors(/status of 503/, /favicon/);
  await openTiny(page);
  await controlled(page);
  const neighbour = await openNeighbour(context);
  await hang(page);
  const embedding = ask(neighbour, 'embeddings', two);
  const upload = neighbour.evaluate(async () => {
    const form = new FormData();
    form.append('file', new File(['text'], 'once.txt'));
    const response = await fetch('/v1/files', { method: 'POST', body: form });
    return { status: response.status, retryAfter: response.headers.get('retry-after') };
  });
  await expect.poll(() => takenBy(page)).toBe(2);
  const next = await context.newPage();
  await next.goto('/');
  await next.waitForFunction(() => 'vecdrop' in globalThis);
  await page.close();
  expect(await upload).toEqual({ status: 503, retryAfter: '5' });
  expect((await embedding).status).toBe(200);
  expect((await ask(neighbour, 'files')).json.data).toEqual([]);
});

test('bursts of requests with aborted ones between: each gets its own answer', async ({
  context,
  page,
  watch,
}) => {
  watch.expectErrors(/status of 404/);
  await openTiny(page);
  await controlled(page);
  const neighbour = await openNeighbour(context);
  const outcome = await neighbour.evaluate(async () => {
    const post = (text: string, signal?: AbortSignal) =>
      fetch('/v1/embeddings', {
        method: 'POST',
        body: JSON.stringify({ model: 'tiny-bert', input: text }),
        ...(signal && { signal }),
      });
    const vectorOf = async (response: Response) => String((await response.json()).data[0].embedding);
    const texts = Array.from({ length: 10 }, (_, i) => `river stone ${'paper '.repeat(i)}`);
    const vectors: string[] = [];
    for (const text of texts) vectors.push(await vectorOf(await post(text)));
    const counts = { right: 0, aborted: 0, wrong: [] as string[], different: new Set(vectors).size };

    async function one(i: number): Promise<void> {
      const controller = new AbortController();
      if (i % 5 === 0) setTimeout(() => controller.abort(), i % 20);
      try {
        if (i % 2 === 0) {
          const vector = await vectorOf(await post(texts[i % 10] as string, controller.signal));
          if (vector !== vectors[i % 10]) counts.wrong.push(`vector ${i}`);
        } else {
          const response = await fetch(`/v1/models/none-${i}-`, { signal: controller.signal });
          const { error } = await response.json();
          if (!error.message.includes(`none-${i}-`)) counts.wrong.push(error.message);
        }
        counts.right += 1;
      } catch (error) {
        if ((error as Error).name === 'AbortError' && i % 5 === 0) counts.aborted += 1;
        else counts.wrong.push(String(error));
      }
    }
    for (let burst = 0; burst < 4; burst++) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => one(burst * 50 + i)));
    }
    return counts;
  });
  expect(outcome.wrong).toEqual([]);
  expect(outcome.different).toBe(10);
  expect(outcome.right + outcome.aborted).toBe(200);
  expect(outcome.aborted).toBeGreaterThan(0);
});
