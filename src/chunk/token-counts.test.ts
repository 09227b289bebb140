import { describe, expect, test } from 'vitest';
import { randomNumbers, references, specs } from '../../scripts/tokenizer-fixtures.ts';
import type { TokenizerSpec } from '../domain/model.ts';
import { createTokenizer } from '../tokenize/create.ts';
import { type ChunkRecipe, chunkDocument } from './chunk-document.ts';

const CONTEXT = 512;
const SPECS: Record<string, () => TokenizerSpec> = {
  Unigram: specs.unigram,
  'SentencePiece BPE': specs.spmBpe,
  'byte-level BPE': () => specs.byteBpe('qwen2'),
  'byte-level BPE with an unknown pre-tokenizer': () => specs.byteBpe('never-heard-of', false),
  'an estimate': () => ({ kind: 'estimate' }),
};

/** The last is the beginning of the text's first word to the model. */
const PREFIXES = ['', 'passage: ', 'title: none | text: ', 'search_document'];

describe.each(Object.entries(SPECS))('with the tokens of %s', (_, make) => {
  const tokenizer = createTokenizer(make());

  test.each(PREFIXES)('no chunk behind “%s” has more tokens than it may, and none is miscounted', prefix => {
    const random = randomNumbers(prefix.length);
    const { texts } = references.unigram;
    for (let round = 0; round < 6; round++) {
      const parts = Array.from({ length: 60 }, () => texts[Math.floor(random() * texts.length)]);
      const text = `${parts.join(round % 2 ? '\n\n' : ' ')}${'long'.repeat(500)}`;
      const recipe: ChunkRecipe = {
        strategy: 'recursive',
        chunkSize: 48 + Math.floor(random() * 100),
        overlap: round % 3 === 0 ? 12 : 0,
        documentPrefix: prefix,
        embedHeadings: false,
      };
      const chunks = chunkDocument({ text, blocks: [] }, recipe, tokenizer, CONTEXT);
      const wrong = chunks.filter(
        ({ start, end, tokens }) =>
          tokens > recipe.chunkSize ||
          tokens !== tokenizer.encode(prefix + text.slice(start, end)).ids.length,
      );
      expect(wrong).toEqual([]);
      expect(chunks.length).toBeGreaterThan(10);
    }
  });
});
