import type { ShareAbout } from '../domain/share.ts';
import { number, percent, plural } from '../ui/parts/format.ts';
import type { ReadSoFar } from './finder.ts';

/** What is done of reading the file, for a person: words and a share of 1; undefined when all is there. */
export interface Reading {
  words: string;
  done: number;
}

/** What of a file was read: first the texts, then the model, then the vectors. */
export function readingWords({ records, meaning }: ShareAbout, read: ReadSoFar): Reading | undefined {
  const step = (what: string, done: number, of: number): Reading => ({
    words: `Reading ${what}: ${percent(done / of)}`,
    done: done / of,
  });
  if (read.texts < records) return step('texts', read.texts, records);
  if (!meaning) return undefined;
  if (read.modelBytes < meaning.modelBytes) return step('the model', read.modelBytes, meaning.modelBytes);
  if (read.vectors < records) return step('vectors', read.vectors, records);
  return read.model === 'coming' ? { words: 'Starting the model', done: 1 } : undefined;
}

/** '1,204 chunks of 12 files'; the number of files is not known before all texts are read. */
export function sizeWords(chunks: number, files?: number): string {
  return files === undefined
    ? plural(chunks, 'chunk')
    : `${plural(chunks, 'chunk')} of ${plural(files, 'file')}`;
}

const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** How the page was made, in a line. */
export function madeWords({ made, model, recipe, meaning }: ShareAbout): string {
  const cut =
    recipe.strategy === 'whole' ? 'One chunk a file' : `Chunks of up to ${number(recipe.chunkSize)} tokens`;
  const found = meaning ? `found by their words, and by meaning with ${model}` : 'found by their words';
  return `Made with Vecdrop on ${day.format(new Date(made))}. ${cut}, ${found}. All of it is in this file: nothing is sent anywhere.`;
}
