import { Wllama } from '@wllama/wllama/esm/index.js';
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { expect, test } from 'vitest';
import { tinyModels } from '../../../scripts/make-tiny-models.ts';
import { readModel } from '../../gguf/model-info.ts';
import { createTokenizer } from '../../tokenize/create.ts';

const PIECES =
  `the |embedding|Unbelievable |I'M |we'LL |'s|don't |x'|...|!!!|snake_case|HTTPServer|camelCase|foo/bar
/|://|12345678|123,456.78 |中文字|日本語が|한국어 |Привет |ΣΊΣΥΦΟΣ |ภาษาไทย|हिन्दी |العربية |עברית |Größe|naïve |é|ệ
|①|½|²|ﬁ|Ａｂ|㎏|😀|👩‍👩‍👧|🇩🇪|𠀀|𝐀𝐛| |  |    |\t|\n|\n\n|\r\n|<s>|</s>|<mask>|<unk>|[MASK]|[SEP]|<bos>
|<start_of_turn>|“q”|—|~|ß|ǅ|ᵃ|ー|々|\u00a0|\u3000|\u200b|\u200d|\ufeff|\u00ad|\u0001|\ufffd|word|sentence |table|Token `
    .replaceAll('\n|', '|')
    .split('|');

/** Qwen and ModernBERT were trained on composed characters, as Hugging Face's tokenizers make them. llama.cpp does not. */
const DECOMPOSED = /\u0301|\u1161/;
const COMPOSING: readonly string[] = ['qwen3', 'modern-bert'];

/** Texts of random pieces, always the same. */
function texts(count: number): string[] {
  let state = 11;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + random(10) }, () => PIECES[random(PIECES.length)]).join(''),
  ).filter(text => text.trim() !== '');
}

/** It warns of every text that begins or ends with a control token. */
const SILENT = { debug() {}, log() {}, warn() {}, error() {} };

/** One for each kind of vocabulary and pre-tokenizer. */
const MODELS = ['bert-mean', 'xlm-r', 'gemma-embedding', 'qwen3', 'jina-bert-v2', 'modern-bert'] as const;

test.each(MODELS)('the engine reads a text as the same tokens: %s', async name => {
  const gguf = new Blob([tinyModels[name]()]);
  const { tokenizer: spec } = await readModel(gguf, name, 'id');
  const tokenizer = createTokenizer(spec);
  const wllama = new Wllama({ default: wasmUrl }, { logger: SILENT });
  wllama.setCompat(null);
  await wllama.loadModel([gguf], { embeddings: true, n_ctx: 512, n_batch: 512, n_ubatch: 512 });
  const differences: unknown[] = [];
  let same = 0;
  for (const text of texts(90)) {
    if (COMPOSING.includes(name) && DECOMPOSED.test(text)) continue;
    const ids = [...tokenizer.encode(text).ids];
    const read = await wllama.createEmbedding({ model: '', input: text });
    const given = await wllama.createEmbedding({ model: '', input: ids });
    const isSame =
      read.usage.prompt_tokens === tokenizer.count(text) &&
      String(read.data[0]?.embedding) === String(given.data[0]?.embedding);
    if (isSame) same++;
    else differences.push([text, read.usage.prompt_tokens, ids.length]);
  }
  await wllama.exit();
  expect(differences).toEqual([]);
  expect(same).toBeGreaterThanOrEqual(60);
});
