import { makeTinyGguf } from './make-tiny-gguf.ts';
import { CLS, makeBert, makeXlmR } from './tiny-gguf/bert.ts';
import type { Bytes } from './tiny-gguf/bytes.ts';
import { makeGemmaEmbedding, makeQwen3 } from './tiny-gguf/decoders.ts';
import {
  makeJinaBert,
  makeModernBert,
  makeNomicBert,
  makeNomicBertMoe,
  makeT5Encoder,
} from './tiny-gguf/encoders.ts';

/**
 * A small model of each family that knows nothing, for tests: two or three layers, 32 wide, 512 tokens of context,
 * seeded random weights in Q8_0, a vocabulary shaped like the real one. Under 200 KB each, always the same bytes.
 */
export const tinyModels = {
  'bert-mean': makeTinyGguf,
  'bert-cls': () => makeBert('tiny-bert-cls', CLS),
  'nomic-bert': makeNomicBert,
  'nomic-bert-moe': makeNomicBertMoe,
  'xlm-r': makeXlmR,
  'gemma-embedding': makeGemmaEmbedding,
  qwen3: makeQwen3,
  'jina-bert-v2': makeJinaBert,
  'modern-bert': makeModernBert,
  t5encoder: makeT5Encoder,
} satisfies Record<string, () => Bytes>;

// Tests import this file in a browser too, where there is no process.
if (typeof process !== 'undefined' && process.argv[1]?.endsWith('make-tiny-models.ts')) {
  const { mkdirSync, writeFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const folder = process.argv[2];
  if (folder === undefined) {
    console.error('Usage: npx tsx scripts/make-tiny-models.ts folder');
    process.exitCode = 2;
  } else {
    mkdirSync(folder, { recursive: true });
    for (const [name, make] of Object.entries(tinyModels))
      writeFileSync(join(folder, `tiny-${name}.gguf`), make());
  }
}
