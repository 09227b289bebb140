/** What two neighbouring symbols become. */
export interface Pairs {
  /** Of the pair that was last found: smaller merges first. Below 2^21. */
  rank: number;
  /** The symbol that it becomes. */
  merged: number;
  /** Looks at the symbols `left` and `right`, which span [start, end) of the word; false where they do not merge. */
  find(left: number, right: number, start: number, end: number): boolean;
}

const PLACES = 2 ** 32;

/**
 * Byte-pair encoding of one word: the best pair merges first, of equals the leftmost, until none is left.
 * A heap over a linked list: n log n for any word.
 */
export class Merger {
  /** The symbols of the word: filled by the caller before `run`, the result behind it. */
  symbols = new Int32Array(64);
  /** Where each ends in the word, exclusive; in any unit. */
  ends = new Int32Array(64);
  private previous = new Int32Array(64);
  private next = new Int32Array(64);
  /** rank × 2^32 + place of the left symbol. */
  private keys = new Float64Array(64);
  /** Where the pair ended when it was put in the heap: another end shows that it is no longer there. */
  private keyEnds = new Int32Array(64);
  private size = 0;

  /** Makes room for a word of so many symbols. */
  reserve(count: number): void {
    if (count <= this.symbols.length) return;
    const length = 1 << Math.ceil(Math.log2(count));
    this.symbols = new Int32Array(length);
    this.ends = new Int32Array(length);
    this.previous = new Int32Array(length);
    this.next = new Int32Array(length);
  }

  /** Merges the first `count` symbols; returns how many are left. */
  run(count: number, pairs: Pairs): number {
    const { symbols, ends, previous, next } = this;
    this.size = 0;
    for (let i = 0; i < count; i++) {
      previous[i] = i - 1;
      next[i] = i + 1;
      if (i > 0) this.offer(i - 1, i, pairs);
    }
    while (this.size > 0) {
      const left = (this.keys[0] as number) % PLACES;
      const end = this.keyEnds[0] as number;
      this.pop();
      if (symbols[left] === -1) continue;
      const right = next[left] as number;
      if (right >= count || ends[right] !== end) continue;
      const before = previous[left] as number;
      const start = before < 0 ? 0 : (ends[before] as number);
      if (!pairs.find(symbols[left] as number, symbols[right] as number, start, end)) continue;
      symbols[left] = pairs.merged;
      ends[left] = end;
      symbols[right] = -1;
      const after = next[right] as number;
      next[left] = after;
      if (after < count) previous[after] = left;
      if (before >= 0) this.offer(before, left, pairs);
      if (after < count) this.offer(left, after, pairs);
    }
    let left = 0;
    for (let i = 0; i < count; i = next[i] as number) {
      symbols[left] = symbols[i] as number;
      ends[left++] = ends[i] as number;
    }
    return left;
  }

  private offer(left: number, right: number, pairs: Pairs): void {
    const { symbols, ends, previous } = this;
    const before = previous[left] as number;
    const start = before < 0 ? 0 : (ends[before] as number);
    const end = ends[right] as number;
    if (pairs.find(symbols[left] as number, symbols[right] as number, start, end)) {
      this.push(pairs.rank * PLACES + left, end);
    }
  }

  private push(key: number, end: number): void {
    if (this.size === this.keys.length) this.grow();
    const { keys, keyEnds } = this;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((keys[parent] as number) <= key) break;
      keys[at] = keys[parent] as number;
      keyEnds[at] = keyEnds[parent] as number;
      at = parent;
    }
    keys[at] = key;
    keyEnds[at] = end;
  }

  private pop(): void {
    const { keys, keyEnds } = this;
    const size = --this.size;
    const key = keys[size] as number;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= size) break;
      if (child + 1 < size && (keys[child + 1] as number) < (keys[child] as number)) child++;
      if ((keys[child] as number) >= key) break;
      keys[at] = keys[child] as number;
      keyEnds[at] = keyEnds[child] as number;
      at = child;
    }
    keys[at] = key;
    keyEnds[at] = keyEnds[size] as number;
  }

  private grow(): void {
    const keys = new Float64Array(this.keys.length * 2);
    keys.set(this.keys);
    this.keys = keys;
    const keyEnds = new Int32Array(keys.length);
    keyEnds.set(this.keyEnds);
    this.keyEnds = keyEnds;
  }
}
