/**
 * Addresses of the maps from codes to characters that old Chinese, Japanese and Korean PDFs name and do not carry
 * (those that ISO 32000-1, 9.7.5.2 names).
 */
const addresses = import.meta.glob<string>(
  ['/node_modules/pdfjs-dist/cmaps/*.bcmap', '!**/*-UTF8-*', '!**/*-UTF32-*'],
  {
    query: '?url',
    eager: true,
    import: 'default',
  },
);

/** One map, 'UniJIS-UCS2-H.bcmap', from this page's own files. Rejects for a name that is none. */
export async function fetchCharacterMap(filename: string): Promise<Uint8Array> {
  const address = addresses[`/node_modules/pdfjs-dist/cmaps/${filename}`];
  if (!address) throw new Error(`There is no map ${filename}.`);
  const response = await fetch(new URL(address, import.meta.url));
  if (!response.ok) throw new Error(`${filename}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
