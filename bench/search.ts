import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ROOT } from '../scripts/build.ts';
import { shared } from '../vite.config.ts';
import type { MiniSearch, SearchBench, SearchFigures } from './app/search-api.ts';
import { englishText } from './english.ts';
import type { Options } from './options.ts';
import { installPeers, skip } from './peers.ts';
import { type Measure, median } from './report.ts';
import { sampleText } from './sample.ts';

const TEXTS = 20_000;
const CHARACTERS = 1000;
const QUERIES = 20;
/** What an index of a million chunks may hold, in MB. */
const MOST_MEGABYTES = 400;

/** Search by meaning and by words, in Node, by CPU time: what else runs on the machine must not count. */
export async function search({ rounds }: Options): Promise<Measure[]> {
  const english = englishText(await sampleText(), TEXTS * CHARACTERS);
  const texts = Array.from({ length: TEXTS }, (_, i) => english.slice(i * CHARACTERS, (i + 1) * CHARACTERS));
  const { measureSearch } = await built();
  return measures(await measureSearch(texts, rounds, cpuMs, await miniSearch()));
}

/** Of the whole process: the collecting of garbage counts too. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The stage as the page has it, compiled for Node. */
async function built(): Promise<SearchBench> {
  const outDir = join(ROOT, 'test-results', 'bench-search');
  await build({
    ...shared,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      target: 'es2022',
      ssr: join(ROOT, 'bench', 'app', 'search.ts'),
      outDir,
      emptyOutDir: true,
      rolldownOptions: { output: { entryFileNames: 'search.mjs' } },
    },
  });
  return import(pathToFileURL(join(outDir, 'search.mjs')).href);
}

async function miniSearch(): Promise<MiniSearch | undefined> {
  const file = join(ROOT, 'bench', 'node_modules', 'minisearch', 'dist', 'es', 'index.js');
  if (!existsSync(file) && (!installPeers() || !existsSync(file))) {
    skip('MiniSearch', 'It is not installed: npm ci --prefix bench --ignore-scripts');
    return undefined;
  }
  const { default: MiniSearch } = await import(pathToFileURL(file).href);
  return new MiniSearch({ fields: ['text'] });
}

function measures(figures: SearchFigures): Measure[] {
  const { cosine, plain, sweep, cosine8, sweep8, bytes8, recall8, load8, openedBytes8 } = figures;
  const { build, query, peerBuild, peerQuery, rebuild, load } = figures;
  return [
    milliseconds('search: ten nearest of 100,000 × 384', cosine),
    ratio('search: plain JavaScript to ours', plain, cosine, { atLeast: 2.5 }),
    ratio('search: ours to reading the same bytes once', cosine, sweep, { atMost: 1.2 }),
    milliseconds('search: ten nearest of 1,000,000 × 384 as int8', cosine8),
    ratio('search: int8 to reading the same bytes once', cosine8, sweep8, {}),
    {
      name: 'search: memory of a million chunks, made or opened',
      value: Math.max(bytes8, openedBytes8) / 1e6,
      unit: 'MB',
      atMost: MOST_MEGABYTES,
    },
    milliseconds('search: 1,000,000 × 384 as int8 opened', load8),
    { name: 'search: of the exact ten best found', value: recall8, unit: 'of 10', atLeast: 10 },
    milliseconds('search: words of 20,000 chunks, the index made', build),
    milliseconds(
      'search: one query for words',
      query.map(ms => ms / QUERIES),
    ),
    ...(peerQuery.length > 0
      ? [
          ratio('search: MiniSearch to ours, making the index', peerBuild, build, {}),
          ratio('search: MiniSearch to ours, a query', peerQuery, query, { atLeast: 10 }),
        ]
      : []),
    milliseconds('search: 100,000 chunks loaded', load),
    ratio('search: making them anew to loading', rebuild, load, { atLeast: 5 }),
  ];
}

function milliseconds(name: string, values: readonly number[]): Measure {
  return { name, value: median(values), unit: 'ms of CPU time', note: spread(values) };
}

/** Of the medians; beside it that of the least times, which others disturbed the least. */
function ratio(
  name: string,
  dividends: readonly number[],
  divisors: readonly number[],
  target: Pick<Measure, 'atLeast' | 'atMost'>,
): Measure {
  const least = Math.min(...dividends) / Math.min(...divisors);
  return {
    name,
    value: median(dividends) / median(divisors),
    unit: '×',
    ...target,
    note: `of the least times ${least.toFixed(2)} ×`,
  };
}

function spread(values: readonly number[]): string {
  return values.length > 1 ? `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}` : '';
}
