import { NEAR_DUPLICATE } from '../domain/search.ts';
import { cosine } from './exact.ts';
import type { Found } from './hybrid.ts';

/** What tells rows from each other. */
export interface Rowwise {
  /** A row's vector, of any length; undefined where it has none. */
  vector(row: number): Float32Array | undefined;
  /** Whether two rows have the same text. */
  sameText?(a: number, b: number): boolean;
}

/** Rows that say nearly the same as a better one go with it: equal in text, or with a cosine of NEAR_DUPLICATE. */
export function folded(
  found: readonly Found[],
  { vector, sameText }: Rowwise,
  threshold = NEAR_DUPLICATE,
): (Found & { folded: number[] })[] {
  const kept: (Found & { folded: number[] })[] = [];
  const vectors = new Map<number, Float32Array | undefined>();
  for (const hit of found) {
    const own = vector(hit.row);
    const same = kept.find(({ row }) => {
      if (sameText?.(row, hit.row)) return true;
      const other = vectors.get(row);
      return own !== undefined && other !== undefined && cosine(own, other) >= threshold;
    });
    if (same) {
      same.folded.push(hit.row);
      continue;
    }
    vectors.set(hit.row, own);
    kept.push({ ...hit, folded: [] });
  }
  return kept;
}

/**
 * The `limit` best by maximal marginal relevance (Carbonell and Goldstein, 1998): each next one has the largest
 * (1 − diversity) · score − diversity · (largest cosine with one that was taken). Scores stay what they were.
 */
export function diverse<T extends Found>(
  found: readonly T[],
  limit: number,
  diversity: number,
  { vector }: Pick<Rowwise, 'vector'>,
): T[] {
  const left = found.map(hit => ({ hit, own: vector(hit.row), nearest: 0 }));
  const taken: T[] = [];
  while (taken.length < limit && left.length > 0) {
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (const [i, { hit, nearest }] of left.entries()) {
      const worth = (1 - diversity) * hit.score - diversity * nearest;
      if (worth > most) [best, most] = [i, worth];
    }
    const [next] = left.splice(best, 1);
    if (!next) break;
    taken.push(next.hit);
    for (const other of left) {
      if (next.own && other.own) other.nearest = Math.max(other.nearest, cosine(next.own, other.own));
    }
  }
  return taken;
}

/** Hits of one file together, in the order of each file's best; within a file as they were. */
export function byFile<T>(hits: readonly T[], fileOf: (hit: T) => string): T[] {
  const files = new Map<string, T[]>();
  for (const hit of hits) {
    const file = fileOf(hit);
    const others = files.get(file);
    if (others) others.push(hit);
    else files.set(file, [hit]);
  }
  return [...files.values()].flat();
}
