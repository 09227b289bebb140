import { errorCode } from '../domain/errors.ts';
import type { Part } from './search-part.ts';

/**
 * An index's memory is one budget for places, words and vectors alike: whichever comes first takes it, in the order of
 * files. Only floats are held to a half of it, for they can be made a quarter as long, and what is given to them is
 * never given back.
 */
export const FLOAT_SHARE = 0.5;

/** Of a chunk's place: six columns of 32 bits, and a hash. */
const CHUNK_BYTES = 40;
/** Of what else is known of a file: its record, its path, some headings. */
const FILE_BYTES = 500;

/** Bytes that the places of a file's chunks take. */
export function bytesOfPlaces({ range }: Pick<Part, 'range'>): number {
  return FILE_BYTES + CHUNK_BYTES * (range.end - range.first);
}

/** Whether there was memory for what was to be added. */
export function fits(add: () => void): boolean {
  try {
    add();
    return true;
  } catch (error) {
    // A device may have less than the budget: an array that it has no memory for is a RangeError.
    if (errorCode(error) === 'search/full' || error instanceof RangeError) return false;
    throw error;
  }
}

/** What is left out for want of memory, in a sentence; undefined where nothing is. */
export function fullNotice(budget: number, left: { words: number; meaning: number }): string | undefined {
  const parts = [
    ...(left.words > 0 ? [`${count(left.words)} not found by words`] : []),
    ...(left.meaning > 0 ? [`${count(left.meaning)} not by meaning`] : []),
  ];
  if (parts.length === 0) return undefined;
  const memory = `The memory for search (${count(budget / 2 ** 20)} MB) is full`;
  return `${memory}: of this collection’s newest chunks ${parts.join(', ')}. Allow more memory in Settings, or split the collection in two.`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}
