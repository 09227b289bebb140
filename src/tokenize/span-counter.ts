import { Marks, type Tally } from './marks.ts';
import type { PreTokens } from './pre-tokens.ts';
import type { SpanCounter } from './tokenizer.ts';
import type { WordPieces } from './word-pieces.ts';

/** Pre-tokens between two checkpoints: a span is counted by reading at most two such stretches. */
const STRIDE = 16;
/**
 * UTF-16 units up to which every pre-token has a checkpoint, which takes about three times the text: then a span is
 * counted without reading, and a slider moved over a book is answered at once.
 */
const DENSE_UNITS = 4 << 20;

/** Counts of one text. */
export class WordPieceSpanCounter implements SpanCounter {
  private readonly text: string;
  private readonly words: PreTokens;
  private readonly pieces: WordPieces;
  private readonly specialTokens: number;
  /** Where pre-tokens start. There is one behind every word that is too long: it is always the last before a checkpoint. */
  private readonly checkpoints = new Marks();
  private readonly dense: boolean;
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
    this.dense = text.length <= DENSE_UNITS;
    words.read(text, 0, text.length);
    const stride = this.dense ? 1 : STRIDE;
    let since = stride;
    while (words.next()) {
      if (since >= stride) {
        this.checkpoints.add(words.start, this.sum);
        since = 0;
      }
      since = words.tooLong ? stride : since + 1;
      this.add();
    }
    if (this.dense) this.checkpoints.add(text.length, this.sum);
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
    if (this.dense && (end === this.text.length || isPlainBlank(this.text.charCodeAt(end)))) {
      // No pre-token goes on here: the next checkpoint has counted all before it.
      this.scan(start, Math.min(end, checkpoints.at(first)));
      const next = checkpoints.firstFrom(end);
      if (next > first) checkpoints.between(first, next, sum);
      return;
    }
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
    if (start >= end) return;
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

/** Whether it surely ends a pre-token: control tokens that are read as such hold none. */
function isPlainBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a;
}
