import type { ModelInfo } from '../../src/domain/model.ts';
import { type Samples, samplesFor } from '../../src/embed/samples.ts';
import { readModel } from '../../src/gguf/model-info.ts';
import { createTokenizer } from '../../src/tokenize/create.ts';
import type { Tokenizer } from '../../src/tokenize/tokenizer.ts';

/** The built-in model, beside the page. */
export const MODEL = 'models/all-MiniLM-L6-v2-Q8_0.gguf';
export const RECIPE = { pooling: 'mean', normalize: true } as const;

export interface BenchModel {
  gguf: Blob;
  info: ModelInfo;
  tokenizer: Tokenizer;
  samples: Samples;
}

export async function openModel(): Promise<BenchModel> {
  const gguf = await (await fetch(MODEL)).blob();
  // Any id but the built-in one's would do: it only says which golden vectors a self-test compares with.
  const { info, tokenizer } = await readModel(gguf, MODEL, 'bench');
  return { gguf, info, tokenizer: createTokenizer(tokenizer), samples: samplesFor(info, tokenizer) };
}
