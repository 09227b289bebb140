import { VecdropError } from '../../domain/errors.ts';
import type { ExportHeader } from '../format.ts';
import type { CollectionFacts, Distance } from './database.ts';

const DISTANCES: Record<Distance, string> = {
  cosine: 'cosine',
  dot: 'dot product',
  euclid: 'Euclidean distance',
  other: 'a distance of another kind',
};

/**
 * Whether vectors may be put into a collection that is there. Of vectors of length 1 dot product and Euclidean distance
 * give the same order as cosine; then the answer is a sentence that says so. Rejects with 'database/mismatch'.
 */
export function checkFit(
  collection: string,
  { dimensions, distance }: CollectionFacts,
  { dimensions: wanted, recipe: { normalize } }: Pick<ExportHeader, 'dimensions' | 'recipe'>,
): string | undefined {
  const other = 'Choose another name: a collection that fits is made then.';
  if (dimensions !== undefined && dimensions !== wanted) {
    throw new VecdropError(
      'database/mismatch',
      `“${collection}” there holds vectors of ${dimensions} dimensions; these have ${wanted}. ${other}`,
    );
  }
  if (distance === 'cosine') return undefined;
  if (distance === 'other' || !normalize) {
    throw new VecdropError(
      'database/mismatch',
      `“${collection}” there compares by ${DISTANCES[distance]}, which orders these vectors otherwise than cosine. ${other}`,
    );
  }
  return `It compares by ${DISTANCES[distance]}; these vectors have length 1, so the order is that of cosine.`;
}
