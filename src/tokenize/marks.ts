/** Tokens and unknown runs counted so far. */
export interface Tally {
  tokens: number;
  unknown: number;
}

/** Places of a text in order, with what was counted before each: three numbers a place. */
export class Marks {
  private numbers = new Uint32Array(3 * 64);
  private count = 0;

  add(at: number, { tokens, unknown }: Tally): void {
    const from = this.count++ * 3;
    if (from === this.numbers.length) {
      const grown = new Uint32Array(from * 2);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    this.numbers[from] = at;
    this.numbers[from + 1] = tokens;
    this.numbers[from + 2] = unknown;
  }

  /** Index of the first mark at or behind an offset. */
  firstFrom(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.numbers[middle * 3] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where a mark stands. */
  at(index: number): number {
    return this.numbers[index * 3] as number;
  }

  /** Adds to a tally what was counted between two marks. */
  between(first: number, last: number, sum: Tally): void {
    const { numbers } = this;
    sum.tokens += (numbers[last * 3 + 1] as number) - (numbers[first * 3 + 1] as number);
    sum.unknown += (numbers[last * 3 + 2] as number) - (numbers[first * 3 + 2] as number);
  }
}
