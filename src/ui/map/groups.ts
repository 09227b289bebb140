import type { FileRow } from '../../domain/collection.ts';
import type { ColourBy } from '../../state/chunk-map.ts';
import { splitPath } from '../parts/format.ts';

/** Points of one colour. */
export interface Group {
  label: string;
  chunks: number;
  /** Its colour: 1 to 8 of --map-1 to --map-8; 0 for --map-other. */
  colour: number;
}

export interface Groups {
  groups: Group[];
  /** The group of each file, in the map's order. */
  groupOfFile: Uint8Array;
}

/** Colours that can be told apart. */
export const COLOURS = 8;

type Named = Pick<FileRow, 'path' | 'format'>;
type GroupBy = Exclude<ColourBy, 'score'>;

/** Points with a colour of their own from which on a grouping tells enough, of all. */
const ENOUGH = 0.5;

/** What to colour by where nobody says: files where they are few, else what leaves fewer points to the others. */
export function usualGrouping(
  files: readonly { fileId: string; count: number }[],
  rows: ReadonlyMap<string, Named>,
): GroupBy {
  const total = files.reduce((sum, { count }) => sum + count, 0);
  const tells = (by: GroupBy) => {
    const { groups } = groupFiles(files, rows, by, id => id);
    const others = groups.find(({ colour }) => colour === 0)?.chunks ?? 0;
    return groups.length > 1 && total - others >= ENOUGH * total;
  };
  return (['file', 'folder', 'type'] as const).find(tells) ?? 'file';
}

/**
 * Files in groups by what they are coloured by: the groups with most chunks have colours of their own, the rest shares
 * one. `nameOf` tells a format's name.
 */
export function groupFiles(
  files: readonly { fileId: string; count: number }[],
  rows: ReadonlyMap<string, Named>,
  by: GroupBy,
  nameOf: (format: string) => string,
): Groups {
  const keys = files.map(({ fileId }) => {
    const row = rows.get(fileId);
    if (!row) return undefined;
    if (by === 'file') return row.path;
    if (by === 'folder') return splitPath(row.path)[0];
    return row.format ?? '';
  });
  const chunks = new Map<string, number>();
  keys.forEach((key, i) => {
    if (key !== undefined) chunks.set(key, (chunks.get(key) ?? 0) + (files[i]?.count ?? 0));
  });
  const ranked = [...chunks].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  // A ninth alone needs no group of others, but has no colour either.
  const own = ranked.slice(0, COLOURS);
  const rest = ranked.slice(COLOURS);
  const indexes = new Map(own.map(([key], index) => [key, index]));
  const groups: Group[] = own.map(([key, count], index) => ({
    label: labelOf(key, by, nameOf),
    chunks: count,
    colour: index + 1,
  }));
  if (rest.length > 0) {
    groups.push({
      label: `${rest.length} other ${others(by, rest.length)}`,
      chunks: rest.reduce((sum, [, count]) => sum + count, 0),
      colour: 0,
    });
  }
  return { groups, groupOfFile: Uint8Array.from(keys, key => indexes.get(key ?? '') ?? own.length) };
}

function labelOf(key: string, by: ColourBy, nameOf: (format: string) => string): string {
  if (by === 'file') return splitPath(key)[1];
  if (by === 'folder') return key === '' ? 'No folder' : key.slice(0, -1);
  return nameOf(key);
}

function others(by: ColourBy, count: number): string {
  return by === 'type' ? (count === 1 ? 'type' : 'types') : count === 1 ? by : `${by}s`;
}
