import type { ModelInfo, TokenizerSpec } from '../domain/model.ts';
import type { EmbedInput } from './embedder.ts';
import golden from './golden.json';

/** Texts that a model's engines are tested with, and where it is known what must come of them. */
export interface Samples {
  inputs: EmbedInput[];
  /** Shipped vectors, row-major: of the built-in model. */
  expected?: Float32Array;
}

/** Tokens of the samples without those around them: a word, a sentence, a paragraph. */
const LENGTHS = [3, 12, 40];
/** Of GGUF's token types those that stand in a text: normal and user-defined ones. */
const IN_TEXTS = [1, 4];
/** For engines that are given words. */
const SENTENCES = [
  'The harbour is quiet.',
  'A letter came by the morning boat, and nobody in the garden had read it yet.',
  'Cut the paper along the line, fold it twice, and keep the two smaller pieces: you will need them for the ' +
    'window, for the bridge, and for the signal above the kitchen door.',
];

/**
 * Known texts for a model: for the built-in one those whose vectors are shipped (made with the original in float32);
 * for any other ids spread over its vocabulary, ordinary tokens only, between the special ones it was trained with:
 * an engine must agree on these with another, not mean anything by them.
 */
export function samplesFor(model: ModelInfo, tokenizer: TokenizerSpec, pooling = model.pooling): Samples {
  if (model.id === golden.modelId && pooling === golden.pooling) {
    return {
      inputs: golden.texts.map(({ ids }) => ({ text: '', ids: Int32Array.from(ids) })),
      expected: Float32Array.from(golden.texts.flatMap(({ vector }) => vector)),
    };
  }
  const { before, after, ordinary } = wordsOf(tokenizer, model.vocabularySize);
  const room = model.contextLength - before.length - after.length;
  return {
    inputs: SENTENCES.map((text, i) => {
      const length = Math.max(1, Math.min(LENGTHS[i] ?? 1, room));
      const middle = Array.from(
        { length },
        (_, at) => ordinary[(1009 * (at + length)) % ordinary.length] ?? 0,
      );
      return { text, ids: Int32Array.from([...before, ...middle, ...after]) };
    }),
  };
}

function wordsOf(
  tokenizer: TokenizerSpec,
  vocabularySize: number,
): { before: number[]; after: number[]; ordinary: number[] } {
  const all = Array.from({ length: vocabularySize }, (_, id) => id);
  if (tokenizer.kind === 'estimate') return { before: [], after: [], ordinary: all };
  if (tokenizer.kind === 'wordpiece') {
    const special = new Set(Object.values(tokenizer.ids));
    const { cls, sep } = tokenizer.ids;
    return { before: [cls], after: [sep], ordinary: all.filter(id => !special.has(id)) };
  }
  const { before, after, types } = tokenizer;
  return { before, after, ordinary: all.filter(id => IN_TEXTS.includes(types[id] ?? 1)) };
}
