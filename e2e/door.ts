import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { Page } from '@playwright/test';
import type { Server } from '../scripts/serve.ts';
import { type BurstOptions, type BurstReport, runBursts } from './bursts.ts';
import { expect } from './fixtures.ts';
import { openTiny } from './tiny.ts';

/** A real curl, in a folder. Returns what it printed. */
export function curl(folder: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('curl', ['--silent', '--show-error', ...args], { cwd: folder });
    let printed = '';
    let complaints = '';
    child.stdout.on('data', part => {
      printed += part;
    });
    child.stderr.on('data', part => {
      complaints += part;
    });
    child.on('error', reject);
    child.on('close', status => (status === 0 ? resolve(printed) : reject(new Error(complaints))));
  });
}

/** A free port below those that the system gives to whoever asks for any. */
export async function ownPort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    const server = createServer();
    const free = await new Promise<boolean>(resolve => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** Opens the page of a server with a door, and waits until it answers. */
export async function openTab(page: Page, server: Server): Promise<void> {
  const before = server.tabs;
  await page.goto(server.origin);
  await expect.poll(() => server.tabs).toBe(before + 1);
}

/** The bursts' options, with the small model's vectors of the first token ids. */
export async function prepareBursts(page: Page, server: Server, requests: number): Promise<BurstOptions> {
  await openTiny(page, server.origin);
  await expect.poll(() => server.tabs).toBe(1);
  const model = 'tiny-bert';
  const base = `${server.origin}/v1`;
  const answer = await fetch(`${base}/embeddings`, {
    method: 'POST',
    body: JSON.stringify({ model, input: Array.from({ length: 60 }, (_, id) => [id]) }),
  });
  const { data } = (await answer.json()) as { data: { embedding: number[] }[] };
  const expected = data.map(({ embedding }) => embedding);
  expect(new Set(expected.map(String)).size).toBe(60);
  return { base, requests, burst: 50, abortEvery: 7, model, expected };
}

/** The same bursts on the page, through `vecdrop.fetch`. */
export function burstsOnPage(page: Page, options: BurstOptions): Promise<BurstReport> {
  return page.evaluate(`(${runBursts})(vecdrop.fetch, ${JSON.stringify(options)})`);
}

/** The same bursts on the page, through its service worker. */
export async function burstsThroughServiceWorker(page: Page, options: BurstOptions): Promise<BurstReport> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return page.evaluate(`(${runBursts})(fetch.bind(globalThis), ${JSON.stringify(options)})`);
}
