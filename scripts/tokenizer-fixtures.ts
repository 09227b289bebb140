import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ByteBpeSpec, SpmBpeSpec, UnigramSpec } from '../src/domain/model.ts';

const CONTROL = 3;
const BYTE = 6;

interface Pieces {
  tokens: string[];
  types: number[];
  texts: string[];
}

interface SentencePiece extends Pieces {
  scores: number[];
  ids: number[][];
}

interface Unigram extends SentencePiece {
  /** In base64. */
  charsMap: string;
}

interface ByteBpe extends Pieces {
  merges: string[];
  /** By pre-tokenizer. */
  ids: Record<string, number[][]>;
  /** Starts and ends in code points, by pre-tokenizer. */
  offsets: Record<string, number[][]>;
}

function load<T>(name: string): T {
  const file = new URL(`../src/tokenize/fixtures/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'));
}

/** What the reference implementations make of awkward texts: see src/tokenize/fixtures/README.md. */
export const references = {
  unigram: load<Unigram>('unigram'),
  spmBpe: load<SentencePiece>('spm-bpe'),
  byteBpe: load<ByteBpe>('byte-bpe'),
};

/** The vocabularies of the references, with XLM-R's, Gemma's and Qwen's special tokens. */
export const specs = {
  unigram: (): UnigramSpec => ({
    kind: 'unigram',
    tokens: references.unigram.tokens,
    types: Uint8Array.from(references.unigram.types),
    scores: Float32Array.from(references.unigram.scores),
    before: [0],
    after: [2],
    unknown: 3,
    addSpacePrefix: true,
    removeExtraWhitespaces: true,
    charsMap: new Uint8Array(Buffer.from(references.unigram.charsMap, 'base64')),
    byteFallback: false,
  }),
  spmBpe: (): SpmBpeSpec => ({
    kind: 'spm-bpe',
    tokens: references.spmBpe.tokens,
    types: Uint8Array.from(references.spmBpe.types),
    scores: Float32Array.from(references.spmBpe.scores),
    before: [2],
    after: [1],
    unknown: 3,
    addSpacePrefix: false,
  }),
  byteBpe: (preTokenizer: string, exact = true): ByteBpeSpec => ({
    kind: 'byte-bpe',
    tokens: references.byteBpe.tokens,
    types: Uint8Array.from(references.byteBpe.types),
    merges: references.byteBpe.merges,
    before: [],
    after: [0],
    preTokenizer,
    exact,
  }),
};

/** A vocabulary whose control tokens are not read in texts, as the sentencepiece library has it. */
export function withoutControls<T extends UnigramSpec | SpmBpeSpec>(spec: T): T {
  return { ...spec, types: spec.types.map(type => (type === CONTROL || type === 2 ? BYTE : type)) };
}

/** Numbers in [0, 1), always the same for a seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
