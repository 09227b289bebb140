import type { FileRow } from '../../domain/collection.ts';
import type { Narrowing } from '../../state/search-link.ts';
import { number, splitPath } from '../parts/format.ts';

/** Folders that files lie in, parents included, in order; each ends in '/'. At most so many as a list can show. */
export function foldersOf(rows: readonly Pick<FileRow, 'path'>[], most = 200): string[] {
  const folders = new Set<string>();
  for (const { path } of rows) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      folders.add(path.slice(0, at + 1));
  }
  const byDepth = [...folders].sort((a, b) => depth(a) - depth(b)).slice(0, most);
  return byDepth.sort((a, b) => (a < b ? -1 : 1));
}

const depth = (path: string): number => path.split('/').length;

/** Ids of the formats that files have. */
export function formatsOf(rows: readonly Pick<FileRow, 'format'>[]): Set<string> {
  return new Set(rows.flatMap(({ format }) => format ?? []));
}

/** One filter in words, and the options without it. */
interface Filter {
  words: string;
  without: Partial<Narrowing>;
}

/** 'Only in bees.txt', 'Only in notes/', 'Only PDF, Word': what is set, in words. */
export function narrowingWords(
  { files, folder, formats }: Pick<Narrowing, 'files' | 'folder' | 'formats'>,
  rows: ReadonlyMap<string, Pick<FileRow, 'path'>>,
  offered: readonly { id: string; name: string }[],
): Filter[] {
  const [first] = files;
  const filters: Filter[] = [];
  if (first !== undefined) {
    const row = rows.get(first);
    const name = row ? splitPath(row.path)[1] : 'a file that is gone';
    const which = files.length === 1 ? name : `${number(files.length)} files`;
    filters.push({ words: `Only in ${which}`, without: { files: [] } });
  }
  if (folder !== undefined) filters.push({ words: `Only in ${folder}`, without: { folder: undefined } });
  if (formats.length > 0) {
    const names = formats.map(format => offered.find(({ id }) => id === format)?.name ?? format);
    filters.push({ words: `Only ${names.join(', ')}`, without: { formats: [] } });
  }
  return filters;
}
