import type { SpanCounter, Tokenizer } from '../tokenize/tokenizer.ts';

/**
 * Counts for prefix + text.slice(start, end), tokenized together: how far apart the two can be read is the
 * tokenizer's to know.
 */
export function tokenCounts(text: string, prefix: string, tokenizer: Tokenizer): SpanCounter {
  return tokenizer.counter(text, prefix);
}
