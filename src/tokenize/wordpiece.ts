import type { WordPieceSpec } from '../domain/model.ts';
import { BertCharacters } from './bert-characters.ts';
import { type Literal, LONGEST_WORD, PreTokens } from './pre-tokens.ts';
import { WordPieceSpanCounter } from './span-counter.ts';
import type { Encoding, SpanCounter, Tokenizer } from './tokenizer.ts';
import { WordPieces } from './word-pieces.ts';

/** A control token's text begins and ends like this, so that what stands beside it is never one word with it. */
const BRACKETED = /^[[<][^[\]<>]+[\]>]$/;

/**
 * BERT's tokenizer: [CLS] pieces [SEP], ids and offsets as Hugging Face's BertNormalizer, BertPreTokenizer and
 * WordPiece give them. Control tokens written literally in a text are read as such, and do not count as unknown.
 */
export class WordPieceTokenizer implements Tokenizer {
  readonly specialTokens = 2;
  private readonly ids: WordPieceSpec['ids'];
  private readonly characters: BertCharacters;
  private readonly literals: Literal[];
  private readonly pieces: WordPieces;
  private readonly words: PreTokens;

  constructor(spec: WordPieceSpec) {
    this.ids = spec.ids;
    this.characters = new BertCharacters(spec.lowercase);
    this.pieces = new WordPieces(spec.tokens, LONGEST_WORD * 2);
    this.literals = [...new Set(Object.values(spec.ids))]
      .map(id => ({ text: spec.tokens[id] ?? '', id }))
      .filter(literal => BRACKETED.test(literal.text));
    this.words = new PreTokens(this.characters, this.literals);
  }

  encode(text: string): Encoding {
    const { words, pieces } = this;
    let capacity = 16 + (text.length >>> 2);
    let ids = new Int32Array(capacity);
    let starts = new Int32Array(capacity);
    let ends = new Int32Array(capacity);
    let unknown = 0;
    let size = 1;
    ids[0] = this.ids.cls;
    words.read(text, 0, text.length);
    while (words.next()) {
      if (size + pieces.ids.length >= capacity) {
        capacity = capacity * 2 + pieces.ids.length;
        ids = grown(ids, capacity);
        starts = grown(starts, capacity);
        ends = grown(ends, capacity);
      }
      const count = words.literal >= 0 || words.tooLong ? 0 : pieces.split(words.units, words.length);
      if (count === 0) {
        if (words.literal < 0) unknown++;
        ids[size] = words.literal < 0 ? this.ids.unk : words.literal;
        starts[size] = words.start;
        ends[size++] = words.end;
      }
      let from = 0;
      for (let i = 0; i < count; i++) {
        const to = pieces.ends[i] as number;
        ids[size] = pieces.ids[i] as number;
        starts[size] = words.starts[from] as number;
        ends[size++] = words.ends[to - 1] as number;
        from = to;
      }
    }
    ids[size++] = this.ids.sep;
    return { ids: ids.slice(0, size), starts: starts.slice(0, size), ends: ends.slice(0, size), unknown };
  }

  count(text: string): number {
    const { words, pieces } = this;
    let tokens = this.specialTokens;
    words.read(text, 0, text.length);
    while (words.next()) {
      const whole = words.literal >= 0 || words.tooLong;
      tokens += whole ? 1 : pieces.split(words.units, words.length) || 1;
    }
    return tokens;
  }

  counter(text: string, prefix = ''): SpanCounter {
    if (prefix !== '' && !/\s$/.test(prefix)) {
      // The prefix's last word and the text's first are one word to the model: only all of it together is exact.
      return {
        count: (start, end) => this.count(prefix + text.slice(start, end)),
        unknown: (start, end) => this.encode(prefix + text.slice(start, end)).unknown,
      };
    }
    const words = new PreTokens(this.characters, this.literals);
    const counter = new WordPieceSpanCounter(text, words, this.pieces, this.specialTokens);
    if (prefix === '') return counter;
    // A blank ends a word: what stands on either side of it can be counted alone.
    const encoded = this.encode(prefix);
    const prefixTokens = encoded.ids.length - this.specialTokens;
    return {
      count: (start, end) => prefixTokens + counter.count(start, end),
      unknown: (start, end) => encoded.unknown + counter.unknown(start, end),
    };
  }
}

function grown(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(array);
  return larger;
}
