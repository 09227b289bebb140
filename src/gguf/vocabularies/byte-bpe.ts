import type { ByteBpeSpec } from '../../domain/model.ts';
import { quoted } from '../metadata.ts';
import type { ModelFile } from '../model-file.ts';
import { isStrings, readAround, readTokens, readTypes } from './tokens.ts';

/** Pre-tokenizers with which llama.cpp puts a first token before every text unless the file says otherwise. */
const WITH_FIRST: ReadonlySet<string> = new Set(
  'llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano tekken chameleon'.split(
    ' ',
  ),
);
/** Pre-tokenizers that tokenize/ knows exactly (a test holds the two lists together); else counts are an upper bound. */
export const EXACT_PRE_TOKENIZERS: ReadonlySet<string> = new Set(
  `default gpt-2 roberta-bpe jina-es jina-de jina-v1-en jina-v2-es jina-v2-de jina-v2-code modern-bert llama-bpe llama3
llama-v3 jina-v5-nano qwen2 f2llmv2 gpt-4o llama4 granite-embed-multi-97m starcoder smollm`.split(/\s+/),
);

const MERGE = /^[^ ]+ [^ ]+$/;

/** Byte-level BPE (tokenizer.ggml.model 'gpt2'), with llama.cpp's defaults. */
export function readByteBpe(file: ModelFile): ByteBpeSpec {
  const tokens = readTokens(file);
  const preTokenizer = file.text('tokenizer.ggml.pre') || 'default';
  const defaults = { bos: 11, eos: 11, addBos: WITH_FIRST.has(preTokenizer), addEos: false };
  return {
    kind: 'byte-bpe',
    tokens,
    types: readTypes(file, tokens.length),
    ...readAround(file, tokens.length, defaults),
    merges: readMerges(file),
    preTokenizer,
    exact: EXACT_PRE_TOKENIZERS.has(preTokenizer),
  };
}

function readMerges(file: ModelFile): string[] {
  const merges = file.value('tokenizer.ggml.merges');
  if (!isStrings(merges) || merges.length === 0) throw file.corrupt('its vocabulary has no merges');
  const odd = merges.find(merge => !MERGE.test(merge));
  if (odd !== undefined) throw file.corrupt(`its merge ${quoted(odd)} is not a pair`);
  return merges;
}
