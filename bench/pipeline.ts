import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../scripts/build.ts';
import type { FolderFile } from './app/api.ts';
import { withPage } from './browser.ts';
import { buildBenchPage } from './build.ts';
import { englishText } from './english.ts';
import type { Options } from './options.ts';
import { type Measure, median, progress } from './report.ts';
import { sampleText } from './sample.ts';

const FIXTURES = join(ROOT, 'e2e', 'fixtures', 'formats', 'files');
const BESIDE = 'fixtures';

/** Whether the engine has always something to embed while files wait. */
export async function pipeline({ rounds }: Options): Promise<Measure[]> {
  const english = englishText(await sampleText(), 900_000);
  const dir = await buildBenchPage('pipeline');
  await symlink(FIXTURES, join(dir, BESIDE), 'junction');
  const folder = await mixedFolder(english);
  const runs = await withPage(dir, async ({ page }) => {
    await page.waitForFunction(() => 'bench' in globalThis);
    const runs = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`a folder of ${folder.length} files, round ${round} of ${rounds}`);
      runs.push(await page.evaluate(folder => bench.indexFolder(folder), folder));
    }
    return runs;
  });
  const [first] = runs;
  if (!first || first.failed.length > 0) throw new Error(`Not indexed: ${first?.failed.join(', ')}.`);
  const idle = runs.map(run => run.idle * 100);
  return [
    {
      name: 'pipeline: the engine waits while files are queued',
      value: median(idle),
      unit: '% of the time',
      atMost: 5,
      note: `${idle.map(share => share.toFixed(1)).join(', ')}; ${first.files} files, ${first.tokens} tokens, ${first.instances} instances`,
    },
    {
      name: 'pipeline: from files to vectors in the database',
      value: median(runs.map(({ tokens, seconds }) => tokens / seconds)),
      unit: 'tokens/s',
    },
  ];
}

/** Every format, and between them notes of some sentences, letters and a few long texts. */
async function mixedFolder(english: string): Promise<FolderFile[]> {
  let at = 0;
  const next = (characters: number) => {
    const text = english.slice(at, at + characters);
    at += characters;
    return text;
  };
  const made = (await readdir(FIXTURES)).toSorted();
  return made.flatMap((name, i) => [
    { path: `mixed/${name}`, url: `${BESIDE}/${name}` },
    { path: `mixed/note-${i}.md`, text: next(300 + 10 * (i % 40)) },
    ...(i % 4 === 0 ? [{ path: `mixed/letter-${i}.txt`, text: next(4_000) }] : []),
    ...(i % 20 === 0 ? [{ path: `mixed/book-${i}.txt`, text: next(80_000) }] : []),
  ]);
}
