import type { UnigramSpec } from '../../domain/model.ts';
import type { ModelFile } from '../model-file.ts';
import { BYTE, readAround, readScores, readTokens, readTypes } from './tokens.ts';

/** SentencePiece's Unigram (tokenizer.ggml.model 't5'), with llama.cpp's defaults. */
export function readUnigram(file: ModelFile): UnigramSpec {
  const tokens = readTokens(file);
  const types = readTypes(file, tokens.length);
  const charsMap = readCharsMap(file);
  return {
    kind: 'unigram',
    tokens,
    types,
    scores: readScores(file, tokens.length),
    ...readAround(file, tokens.length, { eos: 1, unknown: 2, addBos: false, addEos: true }),
    addSpacePrefix: file.flag('tokenizer.ggml.add_space_prefix') ?? false,
    removeExtraWhitespaces: file.flag('tokenizer.ggml.remove_extra_whitespaces') ?? false,
    ...(charsMap ? { charsMap } : {}),
    byteFallback: types.filter(type => type === BYTE).length === 256,
  };
}

/** The normalisation table: a length, a trie of as many bytes, then the texts it leads to, each ended by a zero. */
function readCharsMap(file: ModelFile): Uint8Array | undefined {
  const value = file.value('tokenizer.ggml.precompiled_charsmap');
  if (value === undefined) return undefined;
  if (!(value instanceof Uint8Array || value instanceof Int8Array)) {
    throw file.corrupt('its normalisation table is no list of bytes');
  }
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (bytes.length === 0) return undefined;
  const trie =
    bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
  if (trie < 4 || trie % 4 !== 0 || trie + 4 > bytes.length || bytes.at(-1) !== 0) {
    throw file.corrupt('its normalisation table does not fit its length');
  }
  return bytes;
}
