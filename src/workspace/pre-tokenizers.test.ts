import { expect, test } from 'vitest';
import { EXACT_PRE_TOKENIZERS } from '../gguf/vocabularies/byte-bpe.ts';
import { knownPreTokenizers } from '../tokenize/pre-tokenizers.ts';

// Neither folder may import the other.
test('the pre-tokenizers that a file is said to be counted exactly with are those that the tokenizer knows', () => {
  expect([...EXACT_PRE_TOKENIZERS].sort()).toEqual([...knownPreTokenizers].sort());
});
