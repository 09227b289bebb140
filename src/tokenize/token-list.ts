/** Where a reader of text puts what it finds. */
export interface TokenSink {
  /** Runs of text that no token of the vocabulary fits. */
  unknown: number;
  /** A token and its UTF-16 offsets in what is read; end exclusive. */
  add(id: number, start: number, end: number): void;
}

/** Only counts. */
export class TokenCount implements TokenSink {
  tokens = 0;
  unknown = 0;

  add(): void {
    this.tokens++;
  }
}

/** Keeps what it is given. */
export class TokenList implements TokenSink {
  unknown = 0;
  /** Added to the offsets of every token. */
  offset = 0;
  private size = 0;
  private ids = new Int32Array(256);
  private starts = new Int32Array(256);
  private ends = new Int32Array(256);

  add(id: number, start: number, end: number): void {
    const at = this.size++;
    if (at === this.ids.length) {
      this.ids = doubled(this.ids);
      this.starts = doubled(this.starts);
      this.ends = doubled(this.ends);
    }
    this.ids[at] = id;
    this.starts[at] = this.offset + start;
    this.ends[at] = this.offset + end;
  }

  /** Adds tokens that stand for no text. */
  addSpecial(ids: readonly number[]): void {
    this.offset = 0;
    for (const id of ids) this.add(id, 0, 0);
  }

  encoding() {
    const { size, unknown } = this;
    return {
      ids: this.ids.slice(0, size),
      starts: this.starts.slice(0, size),
      ends: this.ends.slice(0, size),
      unknown,
    };
  }
}

export function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
