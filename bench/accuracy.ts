import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../scripts/build.ts';
import { cosine } from '../src/embed/compare.ts';
import type { Engine } from './contest.ts';
import { type Measure, median, progress } from './report.ts';

const FIXTURES = join(ROOT, 'e2e', 'fixtures');
const TEXTS = 200;
/** Shorter lines are page numbers and the like. */
const LEAST_CHARACTERS = 20;

/** A text with the vector that the original model, in Python, gives it. */
interface Golden {
  text: string;
  embedding: number[];
}

/** How near the kernel's vectors are to the original's, and to wllama's with the same weights in floats. */
export async function accuracy(
  engines: readonly Engine[],
  encode: (texts: string[]) => Promise<number[][]>,
): Promise<Measure[]> {
  const alone = engines.filter(({ threads }) => threads === 1);
  const kernel = alone.find(({ name }) => name === 'kernel');
  const wllama = alone.find(({ name }) => name === 'wllama');
  if (!kernel || !wllama) throw new Error('There is nothing to compare.');
  progress('comparing vectors');
  const golden = await goldenTexts();
  const goldenIds = await encode(golden.map(({ text }) => text));
  const ours = await vectorsOf(kernel, goldenIds);
  const ids = await encode(await fixtureTexts());
  const exact = await vectorsOf(wllama, ids);
  const found = [
    ...measures(
      `${golden.length} texts, kernel to the original model`,
      ours,
      golden.map(({ embedding }) => embedding),
      true,
    ),
  ];
  for (const engine of alone.filter(({ name }) => !name.startsWith('wllama'))) {
    const name = `${ids.length} fixture texts, ${engine.name} to wllama, weights as F32`;
    // Of the others nothing is due.
    found.push(...measures(name, await vectorsOf(engine, ids), exact, engine === kernel));
  }
  return found;
}

/** One text a batch: for some engines texts of one batch must be of one length. */
async function vectorsOf(engine: Engine, texts: readonly number[][]): Promise<number[][]> {
  const rows: number[][] = [];
  for (const ids of texts) rows.push(...(await engine.embed([ids], true)).vectors);
  return rows;
}

function measures(name: string, first: number[][], second: number[][], due: boolean): Measure[] {
  const cosines = first.map((row, i) => cosine(row, second[i] ?? []));
  const [least, mean] = [Math.min(...cosines), cosines.reduce((a, b) => a + b, 0) / cosines.length];
  const measure = (which: string, value: number, atLeast: number): Measure => ({
    name: `embed: ${which} cosine, ${name}`,
    value,
    unit: '',
    ...(due ? { atLeast } : {}),
    note: `${value.toFixed(6)}; median ${median(cosines).toFixed(6)}`,
  });
  return [measure('least', least, 0.999), measure('mean', mean, 0.9995)];
}

async function goldenTexts(): Promise<Golden[]> {
  return JSON.parse(await readFile(join(FIXTURES, 'golden-all-MiniLM-L6-v2.json'), 'utf8'));
}

/** Lines of the fixtures, in several languages, evenly from all of them. */
async function fixtureTexts(): Promise<string[]> {
  const lines = new Set<string>();
  for (const folder of ['formats/expected', 'topics']) {
    for (const name of (await readdir(join(FIXTURES, folder))).toSorted()) {
      const text = await readFile(join(FIXTURES, folder, name), 'utf8');
      for (const line of text.split('\n')) if (line.length >= LEAST_CHARACTERS) lines.add(line);
    }
  }
  const all = [...lines];
  return Array.from(
    { length: Math.min(TEXTS, all.length) },
    (_, i) => all[Math.floor((i * all.length) / TEXTS)] as string,
  );
}
