import type { Addition } from '../workspace/api.ts';
import type { Gathered } from './walk.ts';

/** What the paths of the sample begin with. */
export const SAMPLE_FOLDER = 'sample';

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
      return {
        file: new File([await answer.blob()], name),
        path: `${SAMPLE_FOLDER}/${name}`,
        fromFolder: true,
      };
    }),
  );
  return { additions, unreadable: [], folders: [], handles: [] };
}
