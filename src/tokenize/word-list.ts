import { doubled } from './token-list.ts';
import type { WordTokens } from './words.ts';

/** Collects the tokens of one word. */
export class WordList implements WordTokens {
  count = 0;
  unknown = 0;
  ids = new Int32Array(64);
  starts = new Int32Array(64);
  ends = new Int32Array(64);

  clear(): void {
    this.count = 0;
    this.unknown = 0;
  }

  add(id: number, start: number, end: number): void {
    const at = this.count++;
    if (at === this.ids.length) {
      this.ids = doubled(this.ids);
      this.starts = doubled(this.starts);
      this.ends = doubled(this.ends);
    }
    this.ids[at] = id;
    this.starts[at] = start;
    this.ends[at] = end;
  }

  /** Turns the order round: for those who find tokens from the end. */
  reverse(): void {
    const { count } = this;
    this.ids.subarray(0, count).reverse();
    this.starts.subarray(0, count).reverse();
    this.ends.subarray(0, count).reverse();
  }
}
