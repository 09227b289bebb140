import { quoted } from '../metadata.ts';
import type { ModelFile } from '../model-file.ts';

/** GGUF's token types. */
export const CONTROL = 3;
export const BYTE = 6;
const NORMAL = 1;
const LAST_TYPE = 6;

/** What bytes that are no UTF-8 are read as: tokens that hold it may look alike and be different. */
const UNREADABLE = '\uFFFD';

/** The tokens, index = id. Throws where there are none, or two are the same: llama.cpp would abort. */
export function readTokens(file: ModelFile): string[] {
  const tokens = file.value('tokenizer.ggml.tokens');
  if (!isStrings(tokens) || tokens.length === 0) throw file.corrupt('it holds no vocabulary');
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token === '' || token.includes(UNREADABLE)) continue;
    if (seen.has(token)) throw file.corrupt(`its vocabulary holds ${quoted(token)} twice`);
    seen.add(token);
  }
  return tokens;
}

/** A type for each of `count` tokens; all normal where the file gives none. */
export function readTypes(file: ModelFile, count: number): Uint8Array {
  const types = file.value('tokenizer.ggml.token_type');
  if (types === undefined) return new Uint8Array(count).fill(NORMAL);
  if (!(types instanceof Int32Array || types instanceof Uint32Array)) {
    throw file.corrupt('its token types are no list of numbers');
  }
  if (types.length !== count) {
    throw file.corrupt(`it has ${types.length} token types for ${count} tokens`);
  }
  const odd = types.find(type => type < 0 || type > LAST_TYPE);
  if (odd !== undefined) throw file.corrupt(`its token type ${odd} is unknown`);
  return Uint8Array.from(types);
}

/** A score for each of `count` tokens. */
export function readScores(file: ModelFile, count: number): Float32Array {
  const scores = file.value('tokenizer.ggml.scores');
  if (scores === undefined) throw file.corrupt('its vocabulary has no scores');
  if (!(scores instanceof Float32Array)) throw file.corrupt('its token scores are no list of 32-bit floats');
  if (scores.length !== count) throw file.corrupt(`it has ${scores.length} token scores for ${count} tokens`);
  const odd = scores.findIndex(score => !Number.isFinite(score));
  if (odd >= 0) throw file.corrupt(`the score of its token ${odd} is ${scores[odd]}`);
  return scores;
}

/** What llama.cpp takes for a kind of vocabulary where the file says nothing. */
export interface Defaults {
  bos?: number;
  eos?: number;
  unknown?: number;
  addBos: boolean;
  addEos: boolean;
}

/** Ids before and after every text, and the unknown token's, as llama.cpp works them out. */
export function readAround(
  file: ModelFile,
  count: number,
  defaults: Defaults,
): { before: number[]; after: number[]; unknown?: number } {
  const id = (key: string, fallback: number | undefined) =>
    file.whole(`tokenizer.ggml.${key}_token_id`, 0, count - 1) ??
    (fallback !== undefined && fallback < count ? fallback : undefined);
  const added = (wanted: boolean, token: number | undefined, what: string): number[] => {
    if (!wanted) return [];
    if (token === undefined) throw file.corrupt(`it wants ${what} token with every text and names none`);
    return [token];
  };
  const bos = id('bos', defaults.bos);
  const eos = id('eos', defaults.eos);
  const unknown = id('unknown', defaults.unknown);
  return {
    before: added(file.flag('tokenizer.ggml.add_bos_token') ?? defaults.addBos, bos, 'a first'),
    after: added(file.flag('tokenizer.ggml.add_eos_token') ?? defaults.addEos, eos, 'a last'),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

export function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
