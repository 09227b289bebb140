import { join } from 'node:path';
import type { Page } from 'playwright';
import { ROOT } from '../scripts/build.ts';
import { accuracy } from './accuracy.ts';
import { withPage } from './browser.ts';
import { buildBenchPage } from './build.ts';
import type { Engine } from './contest.ts';
import { speeds } from './engines.ts';
import { englishText } from './english.ts';
import { kernelFacts } from './kernel-facts.ts';
import { openNative } from './native.ts';
import type { Options } from './options.ts';
import { addTransformers, installPeers, skip } from './peers.ts';
import type { Measure } from './report.ts';
import { sampleText } from './sample.ts';

const MODEL = join(ROOT, 'public', 'models', 'all-MiniLM-L6-v2-Q8_0.gguf');

/** Our kernel beside wllama, transformers.js and native llama.cpp, taking turns; then what else is due of it. */
export async function embed({ rounds, transformers }: Options): Promise<Measure[]> {
  const text = englishText(await sampleText(), 200_000);
  const dir = await buildBenchPage('embed');
  const installed = installPeers();
  if (!installed) skip('transformers.js and llama.cpp', 'They could not be installed.');
  const hasTransformers = installed && (await addTransformers(dir, transformers));
  return withPage(dir, async ({ page }) => {
    await page.waitForFunction(() => 'bench' in globalThis);
    const facts = await kernelFacts(page, text);
    const engines = await inPage(page, hasTransformers);
    const native = installed ? await openNative(MODEL) : undefined;
    if (native) engines.push({ name: 'llama.cpp', threads: 1, embed: timed(native.embed) });
    const encode = (texts: string[]) => page.evaluate(texts => bench.encode(texts), texts);
    const near = await accuracy(engines, encode);
    const measured = await speeds(engines, await page.evaluate(text => bench.ids(text), text), rounds);
    await native?.close();
    await page.evaluate(() => bench.closeEngines());
    return [...measured, ...near, ...facts];
  });
}

async function inPage(page: Page, transformers: boolean): Promise<Engine[]> {
  const names = await page.evaluate(transformers => bench.openEngines(transformers), transformers);
  return names.map(({ name, threads }, index) => ({
    name,
    threads,
    embed: (texts, withVectors) =>
      page.evaluate(([index, texts, withVectors]) => bench.embed(index, texts, withVectors), [
        index,
        texts,
        withVectors,
      ] as const),
  }));
}

function timed(embed: (texts: readonly number[][]) => Promise<number[][]>): Engine['embed'] {
  return async texts => {
    const began = performance.now();
    const vectors = await embed(texts);
    return { ms: performance.now() - began, vectors };
  };
}
