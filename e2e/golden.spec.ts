import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../scripts/build.ts';
import { drop, expect, test, writeFiles } from './fixtures.ts';
import { allDone, collectionOf, download, openPage } from './person.ts';

interface Golden {
  text: string;
  tokens: number[];
  embedding: number[];
}

function cosine(a: number[], b: number[]): number {
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test('whole files get the vectors of the original model', async ({ page, folder }) => {
  const fixture = join(ROOT, 'e2e/fixtures/golden-all-MiniLM-L6-v2.json');
  const golden: Golden[] = JSON.parse(await readFile(fixture, 'utf8'));
  const name = (i: number) => `golden-${String(i).padStart(2, '0')}.txt`;
  await writeFiles(join(folder, 'golden'), Object.fromEntries(golden.map(({ text }, i) => [name(i), text])));

  await openPage(page);
  const { id, recipe } = await collectionOf(page);
  const whole = { ...recipe, strategy: 'whole' as const, chunkSize: 512, overlap: 0 };
  await page.evaluate(([id, recipe]) => vecdrop.applyRecipe(id, recipe), [id, whole] as const);
  await drop(page, [join(folder, 'golden')]);
  await allDone(page, golden.length);

  const { data } = JSON.parse(await download(page, 'JSON')) as {
    data: { file: string; embedding: number[]; tokens: number }[];
  };
  expect(data.map(({ file, tokens }) => [file, tokens])).toEqual(
    golden.map(({ tokens }, i) => [`golden/${name(i)}`, tokens.length]),
  );
  const cosines = data.map(({ embedding }, i) => cosine(embedding, golden[i]?.embedding ?? []));
  expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.9995);
});
