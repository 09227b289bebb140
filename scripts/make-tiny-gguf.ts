import { MEAN, makeBert } from './tiny-gguf/bert.ts';

/**
 * A BERT model that knows nothing, for tests: 2 layers, 32 wide, 512 tokens of context, mean pooling, uncased
 * WordPiece, matrices in Q8_0, under 200 KB. llama.cpp loads it. Always the same bytes.
 */
export function makeTinyGguf(): Uint8Array<ArrayBuffer> {
  return makeBert('tiny-bert', MEAN);
}

// Tests import this file in a browser too, where there is no process.
if (typeof process !== 'undefined' && process.argv[1]?.endsWith('make-tiny-gguf.ts')) {
  const { writeFileSync } = await import('node:fs');
  const out = process.argv[2];
  if (out === undefined) {
    console.error('Usage: npx tsx scripts/make-tiny-gguf.ts out.gguf');
    process.exitCode = 2;
  } else writeFileSync(out, makeTinyGguf());
}
