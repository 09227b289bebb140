import type { Literals } from './literals.ts';
import { PartCounter } from './part-counter.ts';
import { TokenCount, TokenList, type TokenSink } from './token-list.ts';
import type { Encoding, SpanCounter, Tokenizer } from './tokenizer.ts';

/** How one kind of vocabulary reads text. */
export interface TextReader {
  /**
   * Reads well-formed text without literal tokens. `fresh` unless it goes on from other text that was read before.
   * Offsets are those in `text`.
   */
  read(text: string, fresh: boolean, sink: TokenSink): void;
  /**
   * Whether between two neighbouring code points text can always be cut, each side read apart (the right one not
   * fresh), and give the tokens of the whole: whatever else stands on either side.
   */
  fallsApart(previous: number, next: number): boolean;
}

/** A tokenizer of pieces: literal tokens are taken out first, the text between them is read by the vocabulary's kind. */
export class PieceTokenizer implements Tokenizer {
  readonly specialTokens: number;
  private readonly before: readonly number[];
  private readonly after: readonly number[];
  private readonly literals: Literals;
  private readonly reader: TextReader;

  constructor(
    spec: { before: readonly number[]; after: readonly number[] },
    literals: Literals,
    reader: TextReader,
  ) {
    this.before = spec.before;
    this.after = spec.after;
    this.specialTokens = spec.before.length + spec.after.length;
    this.literals = literals;
    this.reader = reader;
  }

  encode(text: string): Encoding {
    const list = new TokenList();
    list.addSpecial(this.before);
    this.readPart(wellFormed(text), true, list, start => {
      list.offset = start;
    });
    list.addSpecial(this.after);
    return list.encoding();
  }

  count(text: string): number {
    const sink = new TokenCount();
    this.readPart(wellFormed(text), true, sink);
    return sink.tokens + this.specialTokens;
  }

  counter(text: string, prefix = ''): SpanCounter {
    const readPart = (part: string, fresh: boolean, sink: TokenCount): void => {
      this.readPart(wellFormed(part), fresh, sink);
    };
    const fallsApart = (previous: number, next: number): boolean =>
      this.reader.fallsApart(previous, next) && !this.literals.endsWith(previous);
    return new PartCounter(text, prefix, this.specialTokens, readPart, fallsApart);
  }

  private readPart(text: string, fresh: boolean, sink: TokenSink, at?: (start: number) => void): void {
    const { literals } = this;
    let from = 0;
    while (literals.next(text, from)) {
      const { start, end, id } = literals;
      at?.(from);
      if (start > from) this.reader.read(text.slice(from, start), fresh || from > 0, sink);
      at?.(0);
      sink.add(id, start, end);
      from = end;
    }
    at?.(from);
    if (from < text.length) this.reader.read(from === 0 ? text : text.slice(from), fresh || from > 0, sink);
  }
}

/** Half a surrogate pair is no character: an engine would get U+FFFD for it. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
