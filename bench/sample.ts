import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../scripts/build.ts';

/** The prose among the page's own sample texts. */
export async function sampleText(): Promise<string> {
  const names = ['galley-recipes.md', 'harbour-handbook.md', 'letter-from-the-lock.txt', 'shore-birds.md'];
  const texts = await Promise.all(names.map(name => readFile(join(ROOT, 'public', 'sample', name), 'utf8')));
  return texts.join('\n');
}
