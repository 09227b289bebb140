import type { Format } from '../format.ts';

/** Books: chapters in their order. */
export const epub: Format = {
  id: 'epub',
  name: 'EPUB',
  extensions: ['epub'],
  owns: ({ entries, mimetype }) =>
    mimetype === 'application/epub+zip' ||
    (entries?.has('META-INF/container.xml') === true && [...entries].some(name => name.endsWith('.opf'))),
  async parse(source) {
    const { readEpub } = await import('./epub/read-epub.ts');
    return readEpub(source.bytes);
  },
};
