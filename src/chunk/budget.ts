import type { SpanCounter, Tokenizer } from '../tokenize/tokenizer.ts';
import { trimEnd } from './blanks.ts';
import { UNITS_PER_TOKEN } from './fill.ts';

/** What chunks of one document cost, by the model's own tokens. */
export interface Budget {
  countTokens(start: number, end: number): number;
  overhead(start: number): number;
  fits(start: number, end: number): boolean;
  /** Of a chunk as it is embedded: prefix, context and text tokenized together. */
  exact(start: number, end: number): { tokens: number; unknown: number };
}

/**
 * Tokens by which a text and what stands before it may differ, tokenized together, from the sum of both: they meet at
 * a line's end, where vocabularies hardly join anything. Nearer to the size than this, all of it is tokenized.
 */
const SLACK = 8;

/** `counts` are of prefix + text.slice(start, end). */
export function budgetOf(
  text: string,
  prefix: string,
  tokenizer: Tokenizer,
  counts: SpanCounter,
  contextAt: (start: number) => string,
  chunkSize: number,
): Budget {
  const base = counts.count(0, 0);
  const prefixTokens = tokenizer.count(prefix);
  const contextTokens = new Map<string, number>([['', 0]]);
  let lastStart = -1;
  let lastContext = '';
  const contextOf = (start: number) => {
    if (start !== lastStart) {
      lastContext = contextAt(start);
      lastStart = start;
    }
    return lastContext;
  };
  const tokensOf = (context: string): number => {
    let tokens = contextTokens.get(context);
    if (tokens === undefined) {
      tokens = tokenizer.count(prefix + context) - prefixTokens;
      contextTokens.set(context, tokens);
    }
    return tokens;
  };

  return {
    countTokens: (start, end) => counts.count(start, end) - base,
    overhead: start => base + tokensOf(contextOf(start)),
    fits(start, end) {
      const trimmed = trimEnd(text, start, end);
      if (trimmed - start > chunkSize * UNITS_PER_TOKEN) return false;
      const context = contextOf(start);
      const tokens = counts.count(start, trimmed) + tokensOf(context);
      if (context === '' || Math.abs(tokens - chunkSize) > SLACK) return tokens <= chunkSize;
      return tokenizer.count(prefix + context + text.slice(start, trimmed)) <= chunkSize;
    },
    exact(start, end) {
      const context = contextOf(start);
      if (context === '') return { tokens: counts.count(start, end), unknown: counts.unknown(start, end) };
      const { ids, unknown } = tokenizer.encode(prefix + context + text.slice(start, end));
      return { tokens: ids.length, unknown };
    },
  };
}
