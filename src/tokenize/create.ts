import type { TokenizerSpec } from '../domain/model.ts';
import type { Tokenizer } from './tokenizer.ts';
import { WordPieceTokenizer } from './wordpiece.ts';

/** The tokenizer of a model, from what its GGUF holds. Building BERT's takes some 20 ms; keep it. */
export function createTokenizer(spec: TokenizerSpec): Tokenizer {
  return new WordPieceTokenizer(spec);
}
