/** Rows from `first` up to `end`, which is not one of them. */
export interface RowRange {
  first: number;
  end: number;
}

/** Ranges in order, those that touch or overlap as one, empty ones left out. */
function merged(ranges: readonly RowRange[]): RowRange[] {
  const result: RowRange[] = [];
  for (const { first, end } of [...ranges].sort((a, b) => a.first - b.first)) {
    if (end <= first) continue;
    const last = result.at(-1);
    if (last && first <= last.end) last.end = Math.max(last.end, end);
    else result.push({ first, end });
  }
  return result;
}

/** `within`, in order and merged, cut to rows below `rows`; all of those where absent. */
export function rangesWithin(within: readonly RowRange[] | undefined, rows: number): RowRange[] {
  if (!within) return rows > 0 ? [{ first: 0, end: rows }] : [];
  return merged(within.map(({ first, end }) => ({ first: Math.max(0, first), end: Math.min(end, rows) })));
}

/**
 * Which rows are taken. A file takes as many rows together as it has chunks and gives them back together; rows given
 * back are taken again, the lowest run that is long enough first, so that no other row ever has to move.
 */
export class Rows {
  private free: RowRange[];
  private top: number;

  /** `taken`: ranges that are in use already. */
  constructor(taken: readonly RowRange[] = []) {
    const used = merged(taken);
    this.top = used.at(-1)?.end ?? 0;
    this.free = used
      .map(({ first }, i) => ({ first: used[i - 1]?.end ?? 0, end: first }))
      .filter(({ first, end }) => first < end);
  }

  /** One more than the highest row that is in use. */
  get end(): number {
    return this.top;
  }

  /** Takes `count` rows that lie together. */
  take(count: number): RowRange {
    const gap = this.free.find(({ first, end }) => end - first >= count);
    if (!gap) {
      const range = { first: this.top, end: this.top + count };
      this.top += count;
      return range;
    }
    const range = { first: gap.first, end: gap.first + count };
    gap.first += count;
    if (gap.first === gap.end) this.free.splice(this.free.indexOf(gap), 1);
    return range;
  }

  /** Gives rows back that were taken. */
  give(range: RowRange): void {
    this.free = merged([...this.free, range]);
    const last = this.free.at(-1);
    if (last && last.end >= this.top) {
      this.top = last.first;
      this.free.pop();
    }
  }
}
