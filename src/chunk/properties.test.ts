import { openAsBlob } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Chunk } from '../domain/chunk.ts';
import type { Block, BlockKind, Document } from '../domain/document.ts';
import { readModel } from '../gguf/model-info.ts';
import { createTokenizer } from '../tokenize/create.ts';
import type { Tokenizer } from '../tokenize/tokenizer.ts';
import { type ChunkRecipe, prepareDocument } from './chunk-document.ts';
import { strategies, strategyOf } from './registry.ts';
import type { SentenceTurns, Span } from './strategy.ts';
import { turnsOf } from './topic-breaks.ts';

const CONTEXT = 512;
const DIMENSIONS = 3;

let tokenizer: Tokenizer;
beforeAll(async () => {
  const blob = await openAsBlob('public/models/all-MiniLM-L6-v2-Q8_0.gguf');
  tokenizer = createTokenizer((await readModel(blob, 'model.gguf', 'test')).tokenizer);
});

const KINDS: BlockKind[] = ['heading', 'paragraph', 'list', 'table', 'code', 'quote', 'row'];
const PIECES = [
  ...[
    'word ',
    'Dr. Who ',
    'unbelievably ',
    'e.g. ',
    '3.14 ',
    'end. ',
    'Why? ',
    '— ',
    '(a) ',
    'naïve ',
    'am 3. Mai ',
  ],
  ...[
    '东京大学',
    '这是一个句子。',
    '日本語のテキスト',
    '한국어 문장. ',
    'ภาษาไทย ',
    'مرحبا؟ ',
    'हिन्दी। ',
    'Привет, мир! ',
  ],
  ...['👨‍👩‍👧‍👦', '🇩🇪🇫🇷', '👍🏽', 'e\u0301\u0323', '𝔘𝔫𝔦', '\u200b', 'ﷺ', 'a'.repeat(130), 'ab1-'.repeat(30)],
  ...[
    '\n',
    '\n\n',
    '\t',
    '   ',
    '\u3000',
    '\n# Heading\n\n',
    '| a | b |\n|---|---|\n| 1 | 2 |\n',
    '  }\n',
    '// why\n',
  ],
];

const texts = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 120 }).map(pieces => pieces.join('')),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

/** Any text, as blocks between some of its line ends. */
const documents: fc.Arbitrary<Document> = fc
  .record({ text: texts, kinds: fc.array(fc.constantFrom(...KINDS), { maxLength: 30 }), gap: fc.boolean() })
  .map(({ text, kinds, gap }) => {
    const blocks: Block[] = [];
    for (const { index, 0: line } of text.matchAll(gap ? /[^\n]+(\n[^\n]+)*/g : /[^\n]+/g)) {
      const kind = kinds[blocks.length];
      if (kind === undefined) break;
      blocks.push({
        start: index,
        end: index + line.length,
        kind,
        ...(kind === 'heading' ? { level: 1 + (index % 3) } : {}),
      });
    }
    return { text, blocks };
  });

const recipes = fc.record({
  chunkSize: fc.constantFrom(16, 24, 48, 128, 400),
  overlap: fc.constantFrom(0, 4, 12, 40),
  documentPrefix: fc.constantFrom('', 'search: ', 'pre'),
  embedHeadings: fc.boolean(),
});

/** Vectors that depend on the text alone. */
function turnsIn(document: Document, spans: readonly Span[]): SentenceTurns {
  const data = new Float32Array(spans.length * DIMENSIONS);
  for (const [i, { start, end }] of spans.entries()) {
    data[i * DIMENSIONS + (document.text.charCodeAt(start) % DIMENSIONS)] = 1;
    data[i * DIMENSIONS] = (data[i * DIMENSIONS] ?? 0) + (end - start) / 100;
  }
  return turnsOf({ spans, data, dimensions: DIMENSIONS });
}

function chunksOf(document: Document, recipe: ChunkRecipe): Chunk[] {
  const prepared = prepareDocument(document, tokenizer, CONTEXT);
  return prepared.chunks(recipe, turnsIn(document, prepared.sentences(recipe.documentPrefix)));
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Offsets where a reader's characters begin. */
function characterStarts(text: string): Set<number> {
  const starts = new Set([text.length]);
  for (const { index } of graphemes.segment(text)) starts.add(index);
  return starts;
}

describe.each(strategies.map(({ id }) => id))('%s', id => {
  const { sizes, overlaps } = strategyOf(id);

  it('keeps its promises for any text', () => {
    fc.assert(
      fc.property(documents, recipes, (document, changes) => {
        const recipe = { ...changes, strategy: id };
        const { text } = document;
        const limit = sizes ? recipe.chunkSize : CONTEXT;
        const chunks = chunksOf(document, recipe);
        const characters = characterStarts(text);
        let covered = 0;
        let lastStart = -1;
        for (const { start, end, tokens, context } of chunks) {
          const content = text.slice(start, end);
          expect(content).toBe(content.trim());
          expect(content).not.toBe('');
          expect(tokens).toBe(tokenizer.count(recipe.documentPrefix + context + content));
          expect(tokens).toBeLessThanOrEqual(limit);
          expect(start).toBeGreaterThan(lastStart);
          expect(end).toBeGreaterThan(covered);
          expect(text.slice(covered, start).trim()).toBe('');
          if (start < covered) {
            const repeated = tokenizer.count(text.slice(start, covered)) - tokenizer.specialTokens;
            expect(repeated).toBeLessThanOrEqual(overlaps ? recipe.overlap : 0);
          }
          // A character by itself takes no more tokens than this; so none need be cut.
          if (limit >= 48) expect([characters.has(start), characters.has(end)]).toEqual([true, true]);
          expect(/^[\udc00-\udfff]/.test(content) && /[\ud800-\udbff]$/.test(text.slice(0, start))).toBe(
            false,
          );
          lastStart = start;
          covered = end;
        }
        expect(text.slice(covered).trim()).toBe('');
        expect(chunksOf(document, recipe)).toEqual(chunks);
      }),
      { numRuns: 120, seed: 11 },
    );
  });
});

it.each(strategies.filter(({ overlaps }) => overlaps).map(({ id }) => id))(
  '%s repeats something wherever a word has room',
  strategy => {
    const words = fc.array(fc.constantFrom('red', 'green', 'blue', 'door', 'house', 'street'), {
      minLength: 80,
      maxLength: 200,
    });
    fc.assert(
      fc.property(words, fc.constantFrom(3, 8, 16), (list, overlap) => {
        const document = { text: list.join(' '), blocks: [] };
        const recipe = { strategy, chunkSize: 34, overlap, documentPrefix: '', embedHeadings: false };
        const chunks = chunksOf(document, recipe);
        for (const [i, chunk] of chunks.slice(1).entries()) {
          // Every word is a token: with one to spare there is room.
          const full = chunk.tokens === recipe.chunkSize;
          if (!full) expect(chunk.start).toBeLessThan((chunks[i] as Chunk).end);
        }
      }),
      { numRuns: 60, seed: 5 },
    );
  },
);
