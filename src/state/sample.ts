import { type Gathered, gatherPicked } from './drop.ts';

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
  const files = await Promise.all(
    SAMPLE.map(async name => {
      const answer = await fetch(new URL(`sample/${name}`, document.baseURI));
      if (!answer.ok) throw new Error(`The sample could not be read (${answer.status}). Reload the page.`);
      return new File([await answer.blob()], name);
    }),
  );
  const { additions } = await gatherPicked(files);
  return {
    additions: additions.map(one => ({ ...one, path: `sample/${one.path}`, fromFolder: true })),
    unreadable: [],
  };
}
