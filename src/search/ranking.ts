import { type RowRange, rangesWithin } from './ranges.ts';

/** Rows with their scores, the best first, of equal ones the lowest row first. */
export interface Ranking {
  rows: Int32Array;
  scores: Float64Array;
}

/** The best `most` of what it is offered: a heap with the worst of them at its root. */
export class Best {
  /** What a score must be above to be taken in, where rows are offered in order; -Infinity until there are enough. */
  least = Number.NEGATIVE_INFINITY;
  private readonly most: number;
  private readonly rows: number[] = [];
  private readonly scores: number[] = [];

  constructor(most: number) {
    this.most = most;
    if (most <= 0) this.least = Number.POSITIVE_INFINITY;
  }

  offer(row: number, score: number): void {
    const { rows, scores, most } = this;
    if (rows.length < most) {
      let at = rows.length;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!this.isWorse(row, score, parent)) break;
        rows[at] = rows[parent] as number;
        scores[at] = scores[parent] as number;
        at = parent;
      }
      rows[at] = row;
      scores[at] = score;
    } else if (most > 0 && !this.isWorse(row, score, 0)) {
      this.replaceWorst(row, score);
    }
    if (rows.length === most && most > 0) this.least = scores[0] as number;
  }

  /** What was taken in, the best first. */
  ranking(): Ranking {
    return ranked(this.rows, this.scores);
  }

  private isWorse(row: number, score: number, than: number): boolean {
    const other = this.scores[than] as number;
    return score < other || (score === other && row > (this.rows[than] as number));
  }

  private replaceWorst(row: number, score: number): void {
    const { rows, scores, most } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= most) break;
      if (child + 1 < most && this.isWorse(rows[child + 1] as number, scores[child + 1] as number, child))
        child++;
      if (this.isWorse(row, score, child)) break;
      rows[at] = rows[child] as number;
      scores[at] = scores[child] as number;
      at = child;
    }
    rows[at] = row;
    scores[at] = score;
  }
}

/** The `k` rows with the highest scores above 0, within some ranges or all; a score for each row. */
export function bestOf(scores: Float64Array, k: number, within?: readonly RowRange[]): Ranking {
  const best = new Best(k);
  for (const { first, end } of rangesWithin(within, scores.length)) {
    for (let row = first; row < end; row++) {
      const score = scores[row] as number;
      if (score > 0 && score > best.least) best.offer(row, score);
    }
  }
  return best.ranking();
}

/** Rows in the order of their scores, at most `limit`. */
export function ranked(rows: ArrayLike<number>, scores: ArrayLike<number>, limit = rows.length): Ranking {
  const order = Array.from({ length: rows.length }, (_, i) => i)
    .sort(
      (a, b) => (scores[b] as number) - (scores[a] as number) || (rows[a] as number) - (rows[b] as number),
    )
    .slice(0, limit);
  return {
    rows: Int32Array.from(order, i => rows[i] as number),
    scores: Float64Array.from(order, i => scores[i] as number),
  };
}
