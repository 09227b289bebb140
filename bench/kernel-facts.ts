import type { Page } from 'playwright';
import { type Measure, median, progress } from './report.ts';

const TRIES = 5;
const MB = 1e6;

/** What is due of the kernel beside its speed. */
export async function kernelFacts(page: Page, text: string): Promise<Measure[]> {
  progress('loading the kernel, and asking it');
  const facts = await page.evaluate(([text, tries]) => bench.kernelFacts(text, tries), [
    text,
    TRIES,
  ] as const);
  const times = (name: string, values: number[], atMost?: number): Measure => ({
    name: `embed: ${name}`,
    value: median(values),
    unit: 'ms',
    ...(atMost === undefined ? {} : { atMost }),
    note: `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`,
  });
  return [
    times('kernel, from OPFS to an instance that has passed its test', facts.loadMs, 500),
    {
      name: 'embed: kernel, bytes an instance beyond shared weights, its worker included',
      value: (facts.instanceBytes - facts.sharedBytes) / MB,
      unit: 'MB',
      atMost: 80,
      note: `and ${(facts.sharedBytes / MB).toFixed(1)} MB of weights for all together`,
    },
    { name: 'embed: kernel, wasm', value: facts.wasmBytes / 1000, unit: 'kB', atMost: 40 },
    times('a query, nothing else under way', facts.idleQueryMs, 10),
    times('a query while indexing', facts.busyQueryMs),
    {
      name: 'embed: calls of indexing answered before a query’s',
      value: Math.max(...facts.overtaking),
      unit: 'calls',
      // Those that were under way when it came.
      atMost: facts.instances,
      note: `${facts.instances} instances; most of ${facts.overtaking.length} queries`,
    },
  ];
}
