import { Marks, type Tally } from './marks.ts';
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
  /** Where pre-tokens start. There is one behind every word that is too long: it is always the last before a checkpoint. */
  private readonly checkpoints = new Marks();
  /** The last span asked for, and what it holds. */
  private start = -1;
  private end = -1;
  private readonly sum: Tally = { tokens: 0, unknown: 0 };

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
        this.checkpoints.add(words.start, this.sum);
        since = 0;
      }
      since = words.tooLong ? STRIDE : since + 1;
      this.add();
    }
  }

  count(start: number, end: number): number {
    this.look(start, end);
    return this.sum.tokens + this.specialTokens;
  }

  unknown(start: number, end: number): number {
    this.look(start, end);
    return this.sum.unknown;
  }

  private look(from: number, to: number): void {
    const start = Math.max(0, Math.min(from, this.text.length));
    const end = Math.max(start, Math.min(to, this.text.length));
    if (start === this.start && end === this.end) return;
    this.start = start;
    this.end = end;
    const { checkpoints, sum } = this;
    sum.tokens = 0;
    sum.unknown = 0;
    const first = checkpoints.firstFrom(start);
    const last = checkpoints.firstFrom(end + 1) - 1;
    if (first > last) {
      this.scan(start, end);
      return;
    }
    this.scan(start, checkpoints.at(first));
    checkpoints.between(first, last, sum);
    this.scan(checkpoints.at(last), end);
  }

  private scan(start: number, end: number): void {
    this.words.read(this.text, start, end, true);
    while (this.words.next()) this.add();
  }

  /** Counts the pre-token that was just read. */
  private add(): void {
    const { words, sum } = this;
    if (words.literal >= 0) {
      sum.tokens++;
      return;
    }
    const count = words.tooLong ? 0 : this.pieces.split(words.units, words.length);
    sum.tokens += count || 1;
    if (count === 0) sum.unknown++;
  }
}
