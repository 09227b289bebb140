import type { Page } from 'playwright';
import type { EngineComparison, EngineRounds } from './app/api.ts';
import { type Measure, median } from './report.ts';

const ROUNDS = 5;

/** How many times as fast as wllama with its weights as F32, on one thread. */
const REACH: Record<number, number> = { 64: 4.5, 256: 3.5 };

/** Our kernel beside wllama, in one page and one run. */
export async function engines(page: Page, text: string): Promise<Measure[]> {
  const found: EngineComparison = await page.evaluate(
    ([text, rounds]) => bench.compareEngines(text, rounds),
    [text, ROUNDS] as const,
  );
  const speeds = found.engines.map((engine): Measure => {
    const { name, threads, inputTokens, rounds } = engine;
    return {
      name: `embed: ${name}, ${inputTokens} tokens, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      value: median(rounds),
      unit: 'tokens/s',
      note: `${Math.min(...rounds).toFixed(0)} to ${Math.max(...rounds).toFixed(0)}`,
      engine: { name, threads, inputTokens, tokensPerSecond: median(rounds) },
    };
  });
  const [least, mean] = [found.leastCosine, found.meanCosine];
  return [
    ...speeds,
    ...found.engines.filter(({ name }) => name === 'kernel').map(engine => toWllama(engine, found.engines)),
    ...twoToOne(found.engines),
    {
      name: 'embed: kernel to wllama, least cosine',
      value: least,
      unit: '',
      atLeast: 0.999,
      note: least.toFixed(6),
    },
    {
      name: 'embed: kernel to wllama, mean cosine',
      value: mean,
      unit: '',
      atLeast: 0.9995,
      note: mean.toFixed(6),
    },
  ];
}

function toWllama(ours: EngineRounds, all: readonly EngineRounds[]): Measure {
  const { inputTokens, threads } = ours;
  const theirs = all.find(
    each => each.name === 'wllama' && each.inputTokens === inputTokens && each.threads === threads,
  );
  const atLeast = threads === 1 ? REACH[inputTokens] : undefined;
  return {
    name: `embed: kernel to wllama, ${inputTokens} tokens, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    ...ratioOf(ours, theirs),
    ...(atLeast === undefined ? {} : { atLeast }),
  };
}

/** All instances to one, by length. */
function twoToOne(all: readonly EngineRounds[]): Measure[] {
  const ours = all.filter(({ name }) => name === 'kernel');
  return ours
    .filter(({ threads }) => threads > 1)
    .map(many => ({
      name: `embed: kernel, ${many.threads} threads to one, ${many.inputTokens} tokens`,
      ...ratioOf(
        many,
        ours.find(each => each.threads === 1 && each.inputTokens === many.inputTokens),
      ),
      ...(many.threads === 2 ? { atLeast: 1.9 } : {}),
    }));
}

/** The median of the rounds' ratios: what else the machine did in a round slowed both. */
function ratioOf(
  first: EngineRounds,
  second: EngineRounds | undefined,
): Pick<Measure, 'value' | 'unit' | 'note'> {
  const ratios = first.rounds.map((value, round) => value / (second?.rounds[round] ?? Number.NaN));
  const best = Math.max(...first.rounds) / Math.max(...(second?.rounds ?? []));
  return { value: median(ratios), unit: '×', note: `of the best rounds ${best.toFixed(2)} ×` };
}
