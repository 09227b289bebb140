import type { SpmBpeSpec } from '../../domain/model.ts';
import type { ModelFile } from '../model-file.ts';
import { readAround, readScores, readTokens, readTypes } from './tokens.ts';

/** SentencePiece's BPE (tokenizer.ggml.model 'llama'), with llama.cpp's defaults. */
export function readSpmBpe(file: ModelFile): SpmBpeSpec {
  const tokens = readTokens(file);
  return {
    kind: 'spm-bpe',
    tokens,
    types: readTypes(file, tokens.length),
    scores: readScores(file, tokens.length),
    ...readAround(file, tokens.length, { bos: 1, eos: 2, unknown: 0, addBos: true, addEos: false }),
    addSpacePrefix: file.flag('tokenizer.ggml.add_space_prefix') ?? true,
  };
}
