/** For each of many points the nearest ones found so far. */
export interface NearestLists {
  count: number;
  /** Neighbours a point. */
  k: number;
  /** count × k, nearest first; −1 where fewer were found. */
  indexes: Int32Array;
  /** Squared distances, alike. */
  squares: Float32Array;
}

export function emptyLists(count: number, k: number): NearestLists {
  return {
    count,
    k,
    indexes: new Int32Array(count * k).fill(-1),
    squares: new Float32Array(count * k).fill(Number.POSITIVE_INFINITY),
  };
}

/** Puts `other` among the nearest of `point` if it belongs there; whether it was new there. */
export function offer(
  { k, indexes, squares }: NearestLists,
  point: number,
  other: number,
  square: number,
): boolean {
  const start = point * k;
  let at = start + k - 1;
  if (square >= (squares[at] as number)) return false;
  for (let i = start; i <= at; i++) if (indexes[i] === other) return false;
  for (; at > start && square < (squares[at - 1] as number); at--) {
    squares[at] = squares[at - 1] as number;
    indexes[at] = indexes[at - 1] as number;
  }
  squares[at] = square;
  indexes[at] = other;
  return true;
}

/** Squared distance of two rows. */
export function squareOf(rows: Float32Array, width: number, a: number, b: number): number {
  let sum = 0;
  for (let i = a * width, j = b * width, end = i + width; i < end; i++, j++) {
    const difference = (rows[i] as number) - (rows[j] as number);
    sum += difference * difference;
  }
  return sum;
}
