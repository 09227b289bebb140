const FOLDER = '../../../../node_modules/pdfjs-dist/cmaps/';

/**
 * The maps from codes to characters that old Chinese, Japanese and Korean PDFs name and do not carry (those that
 * ISO 32000-1, 9.7.5.2 names), as data URLs: all of them are one script, which the app keeps for offline use, and none
 * is in the way of who needs none.
 */
const maps = import.meta.glob<string>(
  // From here, not from the root: builds of other pages have roots of their own.
  ['../../../../node_modules/pdfjs-dist/cmaps/*.bcmap', '!**/*-UTF8-*', '!**/*-UTF32-*'],
  {
    query: '?url&inline',
    eager: true,
    import: 'default',
  },
);

/** One map, 'UniJIS-UCS2-H.bcmap'. Throws for a name that is none. */
export function characterMap(filename: string): Uint8Array {
  const map = maps[FOLDER + filename];
  if (!map) throw new Error(`There is no map ${filename}.`);
  return Uint8Array.from(atob(map.slice(map.indexOf(',') + 1)), unit => unit.charCodeAt(0));
}
