import { Marks } from './marks.ts';
import { TokenCount } from './token-list.ts';
import type { SpanCounter } from './tokenizer.ts';

/** UTF-16 units between two checkpoints, where the text has a place to cut. */
const STRIDE = 96;

/**
 * Counts of prefix + text.slice(start, end). The text is cut once where it falls apart, and the tokens before each
 * cut are kept: a span costs reading its two ends. Text without such places (a megabyte in one word) is read anew
 * for every span.
 */
export class PartCounter implements SpanCounter {
  private readonly text: string;
  private readonly readPart: (part: string, fresh: boolean, sink: TokenCount) => void;
  /** The end of the prefix, which is read together with the text's beginning, and whether nothing is before that. */
  private readonly lead: string;
  private readonly fresh: boolean;
  private readonly leadTokens: number;
  private readonly leadUnknown: number;
  private readonly cuts = new Marks();
  private readonly sink = new TokenCount();
  private start = -1;
  private end = -1;

  constructor(
    text: string,
    prefix: string,
    specialTokens: number,
    readPart: (part: string, fresh: boolean, sink: TokenCount) => void,
    fallsApart: (previous: number, next: number) => boolean,
  ) {
    this.text = text;
    this.readPart = readPart;
    const head = new TokenCount();
    const cut = lastCut(prefix, fallsApart);
    this.lead = prefix.slice(cut);
    this.fresh = cut === 0;
    if (cut > 0) readPart(prefix.slice(0, cut), true, head);
    this.leadTokens = head.tokens + specialTokens;
    this.leadUnknown = head.unknown;

    const before = new TokenCount();
    let from = 0;
    for (;;) {
      const at = nextCut(text, from + STRIDE, fallsApart);
      if (at < 0) break;
      readPart(text.slice(from, at), from === 0, before);
      this.cuts.add(at, before);
      from = at;
    }
  }

  count(start: number, end: number): number {
    this.look(start, end);
    return this.leadTokens + this.sink.tokens;
  }

  unknown(start: number, end: number): number {
    this.look(start, end);
    return this.leadUnknown + this.sink.unknown;
  }

  private look(from: number, to: number): void {
    const { text, sink, cuts } = this;
    const start = Math.max(0, Math.min(from, text.length));
    const end = Math.max(start, Math.min(to, text.length));
    if (start === this.start && end === this.end) return;
    this.start = start;
    this.end = end;
    sink.tokens = 0;
    sink.unknown = 0;
    // A cut says something of whole characters on both its sides: one at the span's edge has none, or half a pair.
    const first = cuts.firstFrom(start + (isWithinPair(text, start) ? 2 : 1));
    const last = cuts.firstFrom(end - (isWithinPair(text, end) ? 1 : 0)) - 1;
    if (first > last) {
      this.readPart(this.lead + text.slice(start, end), this.fresh, sink);
      return;
    }
    this.readPart(this.lead + text.slice(start, cuts.at(first)), this.fresh, sink);
    cuts.between(first, last, sink);
    this.readPart(text.slice(cuts.at(last), end), false, sink);
  }
}

/** The first place from `from` on where a text falls apart; -1 where there is none. */
function nextCut(
  text: string,
  from: number,
  fallsApart: (previous: number, next: number) => boolean,
): number {
  for (let at = Math.max(1, from); at < text.length; at++) {
    if (fallsApart(codePointBefore(text, at), text.codePointAt(at) as number)) return at;
  }
  return -1;
}

/** The last such place; 0 where there is none. */
function lastCut(text: string, fallsApart: (previous: number, next: number) => boolean): number {
  for (let at = text.length - 1; at > 0; at--) {
    if (fallsApart(codePointBefore(text, at), text.codePointAt(at) as number)) return at;
  }
  return 0;
}

/** The code point that ends before `at`; half a pair where it has no other half there. */
function codePointBefore(text: string, at: number): number {
  const pair = at < 2 ? 0 : (text.codePointAt(at - 2) as number);
  return pair > 0xffff ? pair : text.charCodeAt(at - 1);
}

function isWithinPair(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
