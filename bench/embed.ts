import { withPage } from './browser.ts';
import { buildBenchPage } from './build.ts';
import { engines } from './engines.ts';
import { englishText } from './english.ts';
import { type Measure, median } from './report.ts';
import { sampleText } from './sample.ts';

const ROUNDS = 5;

/** Our engine against wllama by itself, and two instances against one, in one page, taking turns. */
export async function embed(): Promise<Measure[]> {
  const text = englishText(await sampleText(), 200_000);
  const dir = await buildBenchPage();
  return withPage(dir, async ({ page }) => {
    await page.waitForFunction(() => 'bench' in globalThis);
    const plain = await page.evaluate(([text, rounds]) => bench.compareWithPlain(text, rounds), [
      text,
      ROUNDS,
    ] as const);
    const pair = await page.evaluate(([text, rounds]) => bench.compareInstances(text, rounds), [
      text,
      ROUNDS,
    ] as const);
    const speed = (name: string, values: number[]): Measure => ({
      name,
      value: median(values),
      unit: 'tokens/s',
      note: `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`,
    });
    return [
      speed('embed: one instance, weights as F32', plain.first),
      speed('embed: wllama by itself, Q8_0 as it is', plain.second),
      ratio('embed: F32 to Q8_0', plain.first, plain.second, 2.7),
      {
        name: 'embed: least cosine between the two',
        value: plain.leastCosine,
        unit: '',
        atLeast: 0.999,
        note: plain.leastCosine.toFixed(6),
      },
      speed('embed: two instances', pair.first),
      speed('embed: one instance', pair.second),
      ratio('embed: two instances to one', pair.first, pair.second, 1.8),
      ...(await engines(page, text)),
    ];
  });
}

/** The median of the rounds' ratios: what else the machine did in a round slowed both. */
function ratio(name: string, first: number[], second: number[], atLeast: number): Measure {
  const ratios = first.map((value, round) => value / (second[round] ?? Number.NaN));
  const best = Math.max(...first) / Math.max(...second);
  return { name, value: median(ratios), unit: '×', atLeast, note: `of the best rounds ${best.toFixed(2)} ×` };
}
