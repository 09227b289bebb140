import type { TokenizerSpec } from '../domain/model.ts';
import { quoted } from './metadata.ts';
import type { ModelFile } from './model-file.ts';
import { readByteBpe } from './vocabularies/byte-bpe.ts';
import { readSpmBpe } from './vocabularies/spm-bpe.ts';
import { readUnigram } from './vocabularies/unigram.ts';
import { readWordPiece } from './vocabularies/wordpiece.ts';

/** A tokenizer that a GGUF file can hold. */
export type FileTokenizer = Exclude<TokenizerSpec, { kind: 'estimate' }>;

/** By tokenizer.ggml.model. */
const VOCABULARIES: ReadonlyMap<string, (file: ModelFile) => FileTokenizer> = new Map([
  ['bert', readWordPiece],
  ['t5', readUnigram],
  ['llama', readSpmBpe],
  ['gpt2', readByteBpe],
] as [string, (file: ModelFile) => FileTokenizer][]);

/** The vocabulary of a model, checked. Throws 'model/corrupt', or 'model/unsupported' for kinds we do not know. */
export function readVocabulary(file: ModelFile): FileTokenizer {
  const kind = file.text('tokenizer.ggml.model');
  if (kind === undefined) throw file.corrupt('it names no tokenizer');
  const read = VOCABULARIES.get(kind);
  if (read === undefined) throw file.unsupported(`its tokenizer ${quoted(kind)} is unknown`);
  return read(file);
}
