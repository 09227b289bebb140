import { type Measure, median, progress } from './report.ts';

/** Texts of one batch. */
const BATCH = 32;
/** Tokens of a turn, about: a second or more of the fastest. */
const TURN_TOKENS = 4096;
/**
 * Engines that take texts one by one lose nothing by getting fewer, and are so slow that they would take most of the
 * time.
 */
const SHARES: Record<string, number> = { wllama: 4, 'wllama, the file as it is': 8 };

/** One engine of a contest, in the page or in this process. */
export interface Engine {
  name: string;
  threads: number;
  /** Embeds one batch. */
  embed(texts: readonly number[][], withVectors: boolean): Promise<{ ms: number; vectors: number[][] }>;
}

/** Tokens a second of one engine with texts of one length, round by round. */
export interface Speeds extends Pick<Engine, 'name' | 'threads'> {
  inputTokens: number;
  rounds: number[];
}

/**
 * All engines with texts of one length, in turns: a round has each of them once, one after the other, so that what
 * else the machine does hits all. Every engine's first turn warms it up and does not count. `ids` are of a long text,
 * with a special token at either end.
 */
export async function contest(
  engines: readonly Engine[],
  ids: readonly number[],
  inputTokens: number,
  rounds: number,
): Promise<Speeds[]> {
  const speeds = engines.map(({ name, threads }): Speeds => ({ name, threads, inputTokens, rounds: [] }));
  for (let round = 0; round <= rounds; round++) {
    progress(`${inputTokens} tokens a text, ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}`);
    for (const [i, engine] of engines.entries()) {
      const share = SHARES[engine.name] ?? 1;
      const turn = Math.max(BATCH * inputTokens <= 2 * TURN_TOKENS ? BATCH : 1, TURN_TOKENS / inputTokens);
      const texts = textsOf(ids, inputTokens, Math.max(1, Math.floor((turn * engine.threads) / share)));
      let ms = 0;
      for (let at = 0; at < texts.length; at += BATCH * engine.threads) {
        ms += (await engine.embed(texts.slice(at, at + BATCH * engine.threads), false)).ms;
      }
      if (round > 0) speeds[i]?.rounds.push((texts.length * inputTokens * 1000) / ms);
    }
  }
  return speeds;
}

/** Different texts of exactly so many tokens each, the special ones included. */
function textsOf(ids: readonly number[], inputTokens: number, count: number): number[][] {
  const own = inputTokens - 2;
  return Array.from({ length: count }, (_, i) => {
    const start = 1 + ((i * own) % (ids.length - own - 2));
    return [ids[0] as number, ...ids.slice(start, start + own), ids.at(-1) as number];
  });
}

export function speedMeasure({ name, threads, inputTokens, rounds }: Speeds): Measure {
  const value = median(rounds);
  return {
    name: `embed: ${name}, ${inputTokens} tokens, ${threadsOf(threads)}`,
    value,
    unit: 'tokens/s',
    note: `${Math.min(...rounds).toFixed(0)} to ${Math.max(...rounds).toFixed(0)}`,
    engine: { name, threads, inputTokens, tokensPerSecond: value },
  };
}

/** The median of the rounds' ratios: what else the machine did in a round slowed both. */
export function ratioMeasure(
  name: string,
  first: Speeds | undefined,
  second: Speeds | undefined,
  atLeast?: number,
): Measure[] {
  if (!first || !second) return [];
  const ratios = first.rounds.map((value, round) => value / (second.rounds[round] ?? Number.NaN));
  const best = Math.max(...first.rounds) / Math.max(...second.rounds);
  return [
    {
      name: `embed: ${name}`,
      value: median(ratios),
      unit: '×',
      ...(atLeast === undefined ? {} : { atLeast }),
      note: `of the best rounds ${best.toFixed(2)} ×`,
    },
  ];
}

export function threadsOf(threads: number): string {
  return `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
