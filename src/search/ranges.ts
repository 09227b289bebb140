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
  give({ first, end }: RowRange): void {
    if (end <= first) return;
    const { free } = this;
    const at = this.placeOf(first);
    const before = free[at - 1];
    const after = free[at];
    const joinsBefore = before?.end === first;
    const joinsAfter = after?.first === end;
    const range = {
      first: joinsBefore ? before.first : first,
      end: joinsAfter ? after.end : end,
    };
    free.splice(at - (joinsBefore ? 1 : 0), (joinsBefore ? 1 : 0) + (joinsAfter ? 1 : 0), range);
    if (range.end === this.top) {
      this.top = range.first;
      free.pop();
    }
  }

  /** Where in the list of free ranges one that begins with `row` belongs: there may be tens of thousands. */
  private placeOf(row: number): number {
    let low = 0;
    let high = this.free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.free[middle] as RowRange).first < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
