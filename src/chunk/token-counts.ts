import type { SpanCounter, Tokenizer } from '../tokenize/tokenizer.ts';

/** Counts for prefix + text.slice(start, end), tokenized together. */
export function tokenCounts(text: string, prefix: string, tokenizer: Tokenizer): SpanCounter {
  if (prefix === '') return tokenizer.counter(text);
  if (!/\s$/.test(prefix)) {
    // The prefix's last word and the text's first are one word to the model: only all of it together is exact.
    return {
      count: (start, end) => tokenizer.count(prefix + text.slice(start, end)),
      unknown: (start, end) => tokenizer.encode(prefix + text.slice(start, end)).unknown,
    };
  }
  // A blank ends a word for WordPiece: what stands on either side of it can be counted alone.
  const counter = tokenizer.counter(text);
  const encoded = tokenizer.encode(prefix);
  const prefixTokens = encoded.ids.length - tokenizer.specialTokens;
  return {
    count: (start, end) => prefixTokens + counter.count(start, end),
    unknown: (start, end) => encoded.unknown + counter.unknown(start, end),
  };
}
