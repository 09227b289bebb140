import { nearDuplicates, outliers } from '../search/duplicates.ts';
import type { LikenessFacts, NamedPlace } from './facts-api.ts';
import type { SearchIndex } from './search-index.ts';

/** Groups and outliers that are told. */
const GROUPS = 20;
const IN_GROUP = 20;
const OUTLIERS = 10;

/** What an index's chunks are like, by their vectors as they are held. `rest` lets questions through meanwhile. */
export async function likeness(index: SearchIndex, rest: () => Promise<void>): Promise<LikenessFacts> {
  const { matrix } = index;
  const rows: number[] = [];
  for (const { range } of index.files()) {
    for (let row = range.first; row < range.end; row++) if (matrix?.has(row)) rows.push(row);
  }
  const vector = (row: number) => matrix?.direction(row);
  const between = (a: number, b: number) => matrix?.between(a, b) ?? 0;
  const found = await nearDuplicates(rows, { vector, between }, { rest });
  const far = await outliers(rows, vector, OUTLIERS, rest);
  const named = (row: number): NamedPlace[] => {
    const part = index.partAt(row);
    return part ? [{ fileId: part.file.id, path: part.file.path, ordinal: row - part.range.first }] : [];
  };
  return {
    chunks: rows.length,
    duplicates: found.reduce((sum, group) => sum + group.length - 1, 0),
    groups: found.slice(0, GROUPS).map(group => group.slice(0, IN_GROUP).flatMap(named)),
    outliers: far.flatMap(({ row, cosine }) => named(row).map(place => ({ ...place, cosine }))),
  };
}
