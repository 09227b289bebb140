import type { WordPieceSpec } from '../../domain/model.ts';
import type { ModelFile } from '../model-file.ts';
import { CONTROL, readTokens, readTypes } from './tokens.ts';

/** U+2581, put before tokens that begin a word in llama.cpp's form of a WordPiece vocabulary. */
const WORD_START = '▁';
const CONTINUED = '##';
/** Control tokens, and the reserved ones of older conversions, which bear no mark. */
const BRACKETED = /^[[<].+[\]>]$/;
/** Cased vocabularies have capitals in a third of their tokens, uncased ones in next to none. */
const CASED_SHARE = 0.02;

/** The WordPiece vocabulary of a BERT GGUF, in Hugging Face's '##' form whichever form the file has. */
export function readWordPiece(file: ModelFile): WordPieceSpec {
  const stored = readTokens(file);
  const types = readTypes(file, stored.length);
  const tokens = isPhantomSpaced(stored) ? unphantom(stored, types) : stored;
  const byText = new Map(tokens.map((token, id) => [token, id]));
  const find = (text: string, ...keys: string[]): number => {
    for (const key of keys) {
      const id = file.whole(`tokenizer.ggml.${key}`, 0, tokens.length - 1);
      if (id !== undefined) return id;
    }
    return byText.get(text) ?? -1;
  };
  const ids = {
    cls: find('[CLS]', 'cls_token_id', 'bos_token_id'),
    // Spelt so in the GGUF format.
    sep: find('[SEP]', 'seperator_token_id', 'eos_token_id'),
    unk: find('[UNK]', 'unknown_token_id'),
    pad: find('[PAD]', 'padding_token_id'),
    mask: find('[MASK]', 'mask_token_id'),
  };
  if (ids.cls < 0 || ids.sep < 0 || ids.unk < 0) {
    throw file.corrupt('its vocabulary lacks [CLS], [SEP] or [UNK]');
  }
  const lowercase = file.flag('tokenizer.ggml.normalizer.lowercase') ?? !isCased(tokens);
  return { kind: 'wordpiece', tokens, lowercase, ids };
}

/** Some vocabularies in '##' form know the character ▁ itself: the form is what most tokens show. */
function isPhantomSpaced(tokens: readonly string[]): boolean {
  let phantom = 0;
  let hashed = 0;
  for (const token of tokens) {
    if (token.startsWith(WORD_START)) phantom++;
    else if (token.startsWith(CONTINUED) && token.length > CONTINUED.length) hashed++;
  }
  return phantom > hashed;
}

function unphantom(tokens: readonly string[], types: Uint8Array): string[] {
  return tokens.map((token, id) => {
    if (token.startsWith(WORD_START)) return token.slice(WORD_START.length);
    return types[id] === CONTROL || BRACKETED.test(token) ? token : CONTINUED + token;
  });
}

/**
 * Most GGUFs do not say whether text is to be lowercased. llama.cpp then does, with which cased models get other
 * tokens than they were trained on; a vocabulary with capitals shows that they were.
 */
function isCased(tokens: readonly string[]): boolean {
  const capitals = tokens.filter(token => !BRACKETED.test(token) && /\p{Lu}/u.test(token)).length;
  return capitals > tokens.length * CASED_SHARE;
}
