import type { Addition } from '../workspace/api.ts';
import type { Gathered } from './walk.ts';

/** The files of public/sample/. */
const SAMPLE = [
  'harbour-handbook.md',
  'shore-birds.md',
  'letter-from-the-lock.txt',
  'galley-recipes.md',
  'tides.py',
];

/** Fetches the sample texts from this page's own origin, as a folder named 'sample'. */
export async function gatherSample(): Promise<Gathered> {
  const additions = await Promise.all(
    SAMPLE.map(async (name): Promise<Addition> => {
      const answer = await fetch(new URL(`sample/${name}`, document.baseURI));
      if (!answer.ok) throw new Error(`The sample could not be read (${answer.status}). Reload the page.`);
      return { file: new File([await answer.blob()], name), path: `sample/${name}`, fromFolder: true };
    }),
  );
  return { additions, unreadable: [], folders: [], handles: [] };
}
