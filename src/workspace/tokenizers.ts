import type { TokenizerSpec } from '../domain/model.ts';
import { createTokenizer } from '../tokenize/create.ts';
import type { Tokenizer } from '../tokenize/tokenizer.ts';

const tokenizers = new WeakMap<TokenizerSpec, Tokenizer>();

/** The tokenizer of an opened model: made once, gone with the model. */
export function tokenizerOf({ tokenizer: spec }: { tokenizer: TokenizerSpec }): Tokenizer {
  let tokenizer = tokenizers.get(spec);
  if (!tokenizer) {
    tokenizer = createTokenizer(spec);
    tokenizers.set(spec, tokenizer);
  }
  return tokenizer;
}
