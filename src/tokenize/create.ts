import { VecdropError } from '../domain/errors.ts';
import type { TokenizerSpec } from '../domain/model.ts';
import type { Tokenizer } from './tokenizer.ts';
import { WordPieceTokenizer } from './wordpiece.ts';

/** The tokenizer of a model, from what its GGUF holds. Building BERT's takes some 20 ms; keep it. */
export function createTokenizer(spec: TokenizerSpec): Tokenizer {
  if (spec.kind === 'wordpiece') return new WordPieceTokenizer(spec);
  throw new VecdropError(
    'model/unsupported',
    `The tokenizer “${spec.kind}” cannot be used yet. Choose another model.`,
  );
}
