import { contest, type Engine, ratioMeasure, type Speeds, speedMeasure, threadsOf } from './contest.ts';
import type { Measure } from './report.ts';

const LENGTHS = [16, 64, 256, 512];

/** What is due against whom, on one thread each, by tokens a text. */
const DUE: { peer: string; as: string; atLeast: Record<number, number> }[] = [
  { peer: 'wllama', as: 'wllama, weights as F32', atLeast: { 64: 4.5, 256: 3.5 } },
  { peer: 'llama.cpp', as: 'native llama.cpp, Q8_0', atLeast: { 64: 1.1, 256: 1.1 } },
  { peer: 'transformers.js', as: 'transformers.js, 8 bits', atLeast: { 64: 1.5, 256: 1.5 } },
];

/** Our kernel beside the others, with texts of several lengths. */
export async function speeds(
  engines: readonly Engine[],
  ids: readonly number[],
  rounds: number,
): Promise<Measure[]> {
  const all: Speeds[] = [];
  for (const length of LENGTHS) all.push(...(await contest(engines, ids, length, rounds)));
  return [...all.map(speedMeasure), ...LENGTHS.flatMap(length => ratios(all, length))];
}

function ratios(all: readonly Speeds[], inputTokens: number): Measure[] {
  const of = (name: string, threads = 1) =>
    all.find(each => each.name === name && each.threads === threads && each.inputTokens === inputTokens);
  const most = Math.max(...all.map(({ threads }) => threads));
  const texts = `${inputTokens} tokens`;
  return [
    ...DUE.flatMap(({ peer, as, atLeast }) =>
      ratioMeasure(`kernel to ${as}, ${texts}`, of('kernel'), of(peer), atLeast[inputTokens]),
    ),
    ...ratioMeasure(
      `wllama, weights as F32 to the file as it is, ${texts}`,
      of('wllama'),
      of('wllama, the file as it is'),
      inputTokens === 256 ? 2.7 : undefined,
    ),
    ...(most > 1 ? ['kernel', 'wllama'] : []).flatMap(name =>
      ratioMeasure(
        `${name}, ${threadsOf(most)} to one, ${texts}`,
        of(name, most),
        of(name),
        // One text of 16 tokens is less work than handing it over.
        name === 'kernel' && most === 2 && inputTokens >= 64 ? 1.9 : undefined,
      ),
    ),
  ];
}
