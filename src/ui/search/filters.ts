import type { FileRow } from '../../domain/collection.ts';

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
