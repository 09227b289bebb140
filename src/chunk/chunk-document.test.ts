import { openAsBlob } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Chunk } from '../domain/chunk.ts';
import { chunkAt, hashKey } from '../domain/chunk.ts';
import type { Block, Document } from '../domain/document.ts';
import { errorCode } from '../domain/errors.ts';
import { readModel } from '../gguf/model-info.ts';
import { createTokenizer } from '../tokenize/create.ts';
import type { Tokenizer } from '../tokenize/tokenizer.ts';
import { type ChunkRecipe, chunkColumns, chunkDocument } from './chunk-document.ts';
import { UNITS_PER_TOKEN } from './fill.ts';

const CONTEXT = 512;

let tokenizer: Tokenizer;
beforeAll(async () => {
  const blob = await openAsBlob('public/models/all-MiniLM-L6-v2-Q8_0.gguf');
  const model = await readModel(blob, 'all-MiniLM-L6-v2-Q8_0.gguf', 'test');
  tokenizer = createTokenizer(model.tokenizer);
});

const recipe = (changes: Partial<ChunkRecipe> = {}): ChunkRecipe => ({
  strategy: 'recursive',
  chunkSize: 64,
  overlap: 0,
  documentPrefix: '',
  embedHeadings: false,
  ...changes,
});

const plain = (text: string, blocks: Block[] = []): Document => ({ text, blocks });

const textsOf = (document: Document, chunks: readonly Chunk[]): string[] =>
  chunks.map(chunk => document.text.slice(chunk.start, chunk.end));

function cut(text: string, changes: Partial<ChunkRecipe> = {}): string[] {
  return textsOf(plain(text), chunkDocument(plain(text), recipe(changes), tokenizer, CONTEXT));
}

/** What holds for every text and recipe; the list of what does not. */
function faults(document: Document, chunks: readonly Chunk[], used: ChunkRecipe): string[] {
  const { text } = document;
  const limit = used.strategy === 'whole' ? CONTEXT : used.chunkSize;
  const found: string[] = [];
  let covered = 0;
  let lastStart = -1;
  for (const { ordinal, start, end, tokens } of chunks) {
    const content = text.slice(start, end);
    const check = (holds: boolean, what: string) => holds || found.push(`${what} in chunk ${ordinal}`);
    check(content !== '' && content === content.trim(), 'blanks around the text');
    check(!/\p{Cs}/u.test(content), 'half a surrogate pair');
    check(tokens === tokenizer.count(used.documentPrefix + content), 'a wrong count');
    check(tokens <= limit, 'too many tokens');
    check(content.length <= limit * UNITS_PER_TOKEN, 'too many units');
    check(start > lastStart && end > covered, 'no progress');
    check(text.slice(covered, start).trim() === '', 'text left out');
    lastStart = start;
    covered = end;
  }
  if (text.slice(covered).trim() !== '') found.push('text left out at the end');
  return found;
}

/** Reproducible numbers below `limit` (mulberry32). */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return limit => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const PIECES = [
  ...[
    'word',
    'Dr. Who',
    'unbelievably',
    'e.g. this',
    '3.14',
    'end.',
    'Why?',
    'x',
    '— ',
    '(a)',
    'naïve',
    'Straße',
  ],
  ...[
    '东京大学',
    '这是一个句子。',
    '日本語のテキスト',
    '한국어 문장입니다.',
    'ภาษาไทยไม่มีช่องว่าง',
    'مرحبا بالعالم',
    'Привет, мир!',
  ],
  ...[
    '👨‍👩‍👧‍👦',
    '🇩🇪🇫🇷',
    '👍🏽',
    'e\u0301\u0323',
    '𝔘𝔫𝔦',
    '\u200b',
    'ﷺ',
    'a'.repeat(130),
    'ab1-'.repeat(60),
    '='.repeat(90),
  ],
  ...['\n', '\n\n', ' \n \n', '\t', '   ', '\u3000', '\u00a0', '\n# Heading\n\n'],
];

function randomText(random: (limit: number) => number): string {
  let text = '';
  const spaced = random(3) > 0;
  for (let pieces = random(250) + 1; pieces > 0; pieces--) {
    text += PIECES[random(PIECES.length)] + (spaced && random(4) > 0 ? ' ' : '');
  }
  return text;
}

function randomBlocks(text: string): Block[] {
  return [...text.matchAll(/\S[^\n]*/g)].map(({ index, 0: line }) =>
    line.startsWith('#')
      ? { start: index, end: index + line.length, kind: 'heading', level: 1 + (index % 3) }
      : { start: index, end: index + line.length, kind: 'paragraph' },
  );
}

describe('any text', { timeout: 60_000 }, () => {
  it.each(['recursive', 'whole'] as const)('is covered within the size, exactly counted: %s', strategy => {
    const random = randomNumbers(7);
    for (let round = 0; round < 24; round++) {
      const text = randomText(random);
      const document = plain(text, round % 2 ? randomBlocks(text) : []);
      const chunkSize = [12, 32, 64, 256][random(4)] ?? 64;
      const used = recipe({
        strategy,
        chunkSize,
        overlap: [0, 5, chunkSize >> 2, chunkSize][random(4)] ?? 0,
        documentPrefix: ['', 'search: ', 'pre'][random(3)] ?? '',
      });
      const chunks = chunkDocument(document, used, tokenizer, CONTEXT);
      expect(faults(document, chunks, used)).toEqual([]);
      expect(chunkDocument(document, used, tokenizer, CONTEXT)).toEqual(chunks);
    }
  });

  it('keeps characters whole where one fits', () => {
    const family = '👨‍👩‍👧‍👦';
    for (const chunk of cut(family.repeat(100), { chunkSize: 16 })) {
      expect(chunk.length % family.length).toBe(0);
    }
  });

  it('becomes several hundred chunks when it is a megabyte without a blank', () => {
    const line = plain('a'.repeat(1_000_000));
    const used = recipe({ chunkSize: 256 });
    const chunks = chunkDocument(line, used, tokenizer, CONTEXT);
    expect(faults(line, chunks, used)).toEqual([]);
    expect(chunks.length).toBeGreaterThan(200);
  });

  it('is refused where the size has no room for a character', () => {
    try {
      cut('hello', { chunkSize: 3, documentPrefix: 'a long prefix: ' });
      expect.unreachable();
    } catch (error) {
      expect(errorCode(error)).toBe('chunk/too-long');
    }
  });

  it('of blanks has no chunks', () => {
    expect(cut(' \n\t\n ')).toEqual([]);
  });
});

describe('recursive', () => {
  it('keeps a short text whole', () => {
    expect(cut('  One.\n\nTwo.\n')).toEqual(['One.\n\nTwo.']);
  });

  it('cuts between paragraphs, then lines, then sentences, then words', () => {
    const sentence = 'The quick brown fox jumps over the lazy dog.';
    expect(cut(`${sentence} ${sentence}\n\n${sentence}`, { chunkSize: 25 })).toEqual([
      `${sentence} ${sentence}`,
      sentence,
    ]);
    expect(cut(`${sentence}\n${sentence}`, { chunkSize: 15 })).toEqual([sentence, sentence]);
    expect(cut(`${sentence} ${sentence}`, { chunkSize: 15 })).toEqual([sentence, sentence]);
    expect(cut('one two three four five six', { chunkSize: 5 })).toEqual(['one two three', 'four five six']);
  });

  it('does not take an abbreviation, an initial or a number for the end of a sentence', () => {
    const text =
      'We met Dr. Smith and J. K. Rowling at No. 5 Baker St. It was 3.14 miles away. We left early.';
    for (const chunk of cut(text, { chunkSize: 26 })) expect(chunk).not.toMatch(/(Dr|J|K|No|3)\.$/);
  });

  it('repeats whole sentences of the chunk before, at most the overlap', () => {
    const sentences = Array.from({ length: 12 }, (_, i) => `This is sentence number ${i}.`);
    const chunks = cut(sentences.join(' '), { chunkSize: 26, overlap: 8 });
    expect(chunks.length).toBeGreaterThan(3);
    for (const [i, chunk] of chunks.slice(1).entries()) {
      const repeated = chunk.slice(0, chunk.indexOf('.') + 1);
      expect(chunks[i]?.endsWith(repeated)).toBe(true);
      expect(tokenizer.count(repeated) - tokenizer.specialTokens).toBeLessThanOrEqual(8);
    }
  });

  it('breaks before a heading and never leaves one behind', () => {
    const body = 'Some words about it that fill the section. '.repeat(3).trim();
    const text = ['# A', body, '## B', body, '## C', body].join('\n\n');
    const document = plain(text, randomBlocks(text));
    const chunks = chunkDocument(document, recipe({ chunkSize: 48 }), tokenizer, CONTEXT);
    expect(textsOf(document, chunks)).toEqual(
      ['# A', '## B', '## C'].map(heading => `${heading}\n\n${body}`),
    );
  });

  it('says which headings a chunk stands under, and its page', () => {
    const text = '# A\n\none\n\n## B\n\ntwo\n\n# C #\n\nthree';
    const levels = [1, 0, 2, 0, 1, 0];
    const blocks = [...text.matchAll(/[^\n]+/g)].map(({ index, 0: line }, i): Block => {
      const span = { start: index, end: index + line.length, page: i < 2 ? 1 : 2 };
      return levels[i] ? { ...span, kind: 'heading', level: levels[i] } : { ...span, kind: 'paragraph' };
    });
    const chunks = chunkDocument(plain(text, blocks), recipe({ chunkSize: 6 }), tokenizer, CONTEXT);
    expect(chunks.map(({ headings, page }) => [headings, page])).toEqual([
      [['A'], 1],
      [['A', 'B'], 2],
      [['C'], 2],
    ]);
  });
});

describe('whole', () => {
  it('is one chunk as long as the model can read it, whatever the chunk size', () => {
    const text = 'Words and more words. '.repeat(80).trim();
    expect(cut(text, { strategy: 'whole', chunkSize: 16 })).toEqual([text]);
  });

  it('is split between sentences, without overlap, where it is longer', () => {
    const chunks = cut('Words and more words. '.repeat(150), { strategy: 'whole', overlap: 32 });
    expect(chunks).toHaveLength(2);
    expect(chunks.join(' ')).toBe('Words and more words. '.repeat(150).trim());
    for (const chunk of chunks) expect(chunk.endsWith('.')).toBe(true);
  });
});

describe('chunkColumns', () => {
  it('has equal hashes for equal texts only, and the prefix is part of the text', async () => {
    const text = 'The same line.\n\nAnother line.\n\nThe same line.';
    const columns = await chunkColumns(plain(text), recipe({ chunkSize: 6 }), tokenizer, CONTEXT);
    const prefixed = await chunkColumns(
      plain(text),
      recipe({ chunkSize: 10, documentPrefix: 'passage: ' }),
      tokenizer,
      CONTEXT,
    );
    expect(columns.count).toBe(3);
    expect(columns.hashes).toHaveLength(48);
    expect(hashKey(columns, 0)).toBe(hashKey(columns, 2));
    expect(hashKey(columns, 0)).not.toBe(hashKey(columns, 1));
    expect(hashKey(columns, 0)).not.toBe(hashKey(prefixed, 0));
    expect(chunkAt(columns, 1)).toMatchObject({ ordinal: 1, start: 16, end: 29 });
  });
});
