import type { PreTokens } from './pre-tokens.ts';
import type { SpanCounter } from './tokenizer.ts';
import type { WordPieces } from './word-pieces.ts';

/** Pre-tokens between two checkpoints: a span is counted by reading at most two such stretches. */
const STRIDE = 16;

/** Counts of one text. The checkpoints keep it small: a few bytes for each KB of text. */
export class WordPieceSpanCounter implements SpanCounter {
  private readonly text: string;
  private readonly words: PreTokens;
  private readonly pieces: WordPieces;
  private readonly specialTokens: number;
  /**
   * Three numbers a checkpoint: where a pre-token starts, tokens before it, unknown words before it. There is one
   * behind every word that is too long, so that such a word is always the last before a checkpoint.
   */
  private marks = new Uint32Array(3 * 256);
  private markCount = 0;
  /** The last span asked for, and what it holds. */
  private start = -1;
  private end = -1;
  private tokens = 0;
  private unknowns = 0;

  /** Reads the whole text once. */
  constructor(text: string, words: PreTokens, pieces: WordPieces, specialTokens: number) {
    this.text = text;
    this.words = words;
    this.pieces = pieces;
    this.specialTokens = specialTokens;
    words.read(text, 0, text.length);
    let since = STRIDE;
    while (words.next()) {
      if (since >= STRIDE) {
        this.mark(words.start);
        since = 0;
      }
      since = words.tooLong ? STRIDE : since + 1;
      this.add();
    }
  }

  count(start: number, end: number): number {
    this.look(start, end);
    return this.tokens + this.specialTokens;
  }

  unknown(start: number, end: number): number {
    this.look(start, end);
    return this.unknowns;
  }

  private look(from: number, to: number): void {
    const start = Math.max(0, Math.min(from, this.text.length));
    const end = Math.max(start, Math.min(to, this.text.length));
    if (start === this.start && end === this.end) return;
    this.start = start;
    this.end = end;
    this.tokens = 0;
    this.unknowns = 0;
    const { marks } = this;
    const first = this.firstMarkFrom(start) * 3;
    const last = (this.firstMarkFrom(end + 1) - 1) * 3;
    if (first > last) {
      this.scan(start, end);
      return;
    }
    this.scan(start, marks[first] as number);
    this.tokens += (marks[last + 1] as number) - (marks[first + 1] as number);
    this.unknowns += (marks[last + 2] as number) - (marks[first + 2] as number);
    this.scan(marks[last] as number, end);
  }

  private scan(start: number, end: number): void {
    this.words.read(this.text, start, end, true);
    while (this.words.next()) this.add();
  }

  /** Counts the pre-token that was just read. */
  private add(): void {
    const { words } = this;
    if (words.literal >= 0) {
      this.tokens++;
      return;
    }
    const count = words.tooLong ? 0 : this.pieces.split(words.units, words.length);
    this.tokens += count || 1;
    if (count === 0) this.unknowns++;
  }

  private mark(at: number): void {
    const from = this.markCount++ * 3;
    if (from === this.marks.length) {
      const grown = new Uint32Array(from * 2);
      grown.set(this.marks);
      this.marks = grown;
    }
    this.marks[from] = at;
    this.marks[from + 1] = this.tokens;
    this.marks[from + 2] = this.unknowns;
  }

  /** Index of the first checkpoint at or behind an offset. */
  private firstMarkFrom(offset: number): number {
    let low = 0;
    let high = this.markCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.marks[middle * 3] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
