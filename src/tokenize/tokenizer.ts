/** What an encoder gets for one text, and where each token stands in it. */
export interface Encoding {
  ids: Int32Array;
  /**
   * UTF-16 offsets into the text, end exclusive; 0, 0 for the special tokens around it. Tokens may hold the blank before
   * a word, and several may be parts of one character.
   */
  starts: Int32Array;
  ends: Int32Array;
  /** Runs read as [UNK]. */
  unknown: number;
}

/** Token counts of spans of one text, exact and cheap to ask for often. */
export interface SpanCounter {
  /** Tokens of the prefix and text.slice(start, end) encoded by themselves, special tokens included. */
  count(start: number, end: number): number;
  /** Runs of that slice read as [UNK]. */
  unknown(start: number, end: number): number;
}

/** Text to ids by a model's own vocabulary. Nothing is ever truncated. */
export interface Tokenizer {
  /** Tokens put around every text: 2 for BERT's [CLS] and [SEP]. */
  readonly specialTokens: number;
  encode(text: string): Encoding;
  /** encode(text).ids.length, faster. */
  count(text: string): number;
  /** Counts for prefix + text.slice(start, end), read together. */
  counter(text: string, prefix?: string): SpanCounter;
}
