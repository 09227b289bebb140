import { describe, expect, test } from 'vitest';
import { randomNumbers, references, specs } from '../../scripts/tokenizer-fixtures.ts';
import type { TokenizerSpec } from '../domain/model.ts';
import { CharsMap } from './chars-map.ts';
import { createTokenizer } from './create.ts';
import { knownPreTokenizers } from './pre-tokenizers.ts';

const SPECS: Record<string, () => TokenizerSpec> = {
  Unigram: specs.unigram,
  'Unigram that keeps blanks': () => ({
    ...specs.unigram(),
    removeExtraWhitespaces: false,
    addSpacePrefix: false,
  }),
  'SentencePiece BPE': specs.spmBpe,
  'SentencePiece BPE with a prefix': () => ({ ...specs.spmBpe(), addSpacePrefix: true }),
  'GPT-2': () => specs.byteBpe('gpt-2'),
  Qwen: () => specs.byteBpe('qwen2'),
  'GPT-4o': () => specs.byteBpe('gpt-4o'),
  default: () => specs.byteBpe('default'),
  'an unknown pre-tokenizer': () => specs.byteBpe('never-heard-of', false),
  'an estimate': () => ({ kind: 'estimate' }),
};
const PREFIXES = [
  '',
  'passage: ',
  'query:',
  'a long instruction\nQuery: ',
  '<s> ',
  'title: none | text: ',
  'é',
];
const { texts } = references.byteBpe;

describe.each(Object.entries(SPECS))('%s', (name, make) => {
  const spec = make();
  const tokenizer = createTokenizer(spec);

  test('counts of spans behind a prefix are those of the text by itself', () => {
    const random = randomNumbers(9);
    const below = (limit: number) => Math.floor(random() * limit);
    for (let round = 0; round < 40; round++) {
      const text = Array.from({ length: 8 }, () => texts[below(texts.length)]).join(round % 2 ? ' ' : '');
      const prefix = PREFIXES[below(PREFIXES.length)] ?? '';
      const counter = tokenizer.counter(text, prefix);
      for (let i = 0; i < 40; i++) {
        const start = below(text.length + 1);
        const end = Math.min(text.length, start + below(i % 2 ? 30 : text.length));
        const { ids, unknown } = tokenizer.encode(prefix + text.slice(start, end));
        const span = JSON.stringify([prefix, text.slice(start, end)]);
        expect(counter.count(start, end), span).toBe(ids.length);
        expect(counter.unknown(start, end), span).toBe(unknown);
      }
    }
  });

  test('one very long word is read, and its spans are counted', () => {
    for (const unit of ['x', 'ab1', '中', ' ', '\n', '😀', 'e\u0301']) {
      const text = unit.repeat(90_000 / unit.length);
      expect(tokenizer.encode(text).ids).toHaveLength(tokenizer.count(text));
      const counter = tokenizer.counter(text);
      expect(counter.count(600, 1_200)).toBe(tokenizer.count(text.slice(600, 1_200)));
    }
  });

  test('half a surrogate pair is read as U+FFFD', () => {
    for (const text of ['one\ud800 \udc00two \ud83d', '\udc00', '\ud800']) {
      expect(tokenizer.count(text)).toBe(tokenizer.count(text.replace(/\p{Surrogate}/gu, '\ufffd')));
    }
  });

  test.skipIf(spec.kind === 'estimate')('tokens cover all that can be seen, in order', () => {
    for (const text of texts) {
      const { ids, starts, ends } = tokenizer.encode(text);
      const covered = new Uint8Array(text.length);
      let last = 0;
      let isOrdered = true;
      for (let i = 0; i < ids.length - 1; i++) {
        const [start = 0, end = 0] = [starts[i], ends[i]];
        isOrdered &&= start === end || (start >= last && end > start && end <= text.length);
        covered.fill(1, start, end);
        last = Math.max(last, start);
      }
      expect(isOrdered, text).toBe(true);
      // SentencePiece's table leaves out controls and what has no width, and takes U+FFFD for a blank.
      const seen = /[^\p{White_Space}\p{C}\u2581\ufffd]/u;
      const missed = Array.from(text, (_, at) => at).filter(
        at => covered[at] === 0 && seen.test(text[at] ?? ''),
      );
      expect(missed, JSON.stringify(text)).toEqual([]);
    }
  });

  test.skipIf(spec.kind === 'estimate')('the ids around every text are there, and counted', () => {
    if (spec.kind === 'estimate' || spec.kind === 'wordpiece') throw new Error(name);
    expect(tokenizer.specialTokens).toBe(spec.before.length + spec.after.length);
    expect([...tokenizer.encode('').ids]).toEqual([...spec.before, ...spec.after]);
    expect(tokenizer.count('')).toBe(tokenizer.specialTokens);
  });
});

describe('tokens written out in a text', () => {
  test('are read as control tokens, and nothing around them is lost', () => {
    const tokenizer = createTokenizer(specs.unigram());
    const { ids, starts, ends } = tokenizer.encode('the </s>the<s>');
    const the = specs.unigram().tokens.indexOf('▁the');
    expect([...ids]).toEqual([0, the, 2, the, 0, 2]);
    expect([...starts]).toEqual([0, 0, 4, 8, 11, 0]);
    expect([...ends]).toEqual([0, 3, 8, 11, 14, 0]);
  });

  test('the longest is taken', () => {
    const spec = specs.spmBpe();
    const byText = (text: string) => spec.tokens.indexOf(text);
    const inner = (text: string) => [...createTokenizer(spec).encode(text).ids.slice(1, -1)];
    expect(inner('\n\n\n')).toEqual([byText('\n\n'), byText('\n')]);
    expect(inner('      ')).toEqual([byText('    '), byText('  ')]);
    expect(inner('<start_of_turn>')).toEqual([byText('<start_of_turn>')]);
  });

  test('a mask swallows the blanks before it, also those that are tokens themselves', () => {
    const spec = specs.byteBpe('modern-bert');
    const mask = spec.tokens.push('[MASK]') - 1;
    const blanks = spec.tokens.push('    ') - 1;
    const types = Uint8Array.from([...spec.types, 3, 4]);
    const inner = (text: string) => [
      ...createTokenizer({ ...spec, types })
        .encode(text)
        .ids.slice(0, -1),
    ];
    expect(inner('    [MASK]    ')).toEqual([mask, blanks]);
  });
});

test('decomposed characters are composed where the model was trained on composed ones', () => {
  const qwen = createTokenizer(specs.byteBpe('qwen2'));
  expect([...qwen.encode('cafe\u0301 \u1112\u1161\u11ab').ids]).toEqual([...qwen.encode('café 한').ids]);
  expect([...qwen.encode('cafe\u0301!').ends].at(-2)).toBe(6);
});

test('characters that are in no vocabulary are told', () => {
  const unigram = createTokenizer(specs.unigram());
  expect(unigram.encode('the ☃☃ embedding ☃').unknown).toBe(2);
  expect(unigram.counter('the ☃☃ embedding ☃').unknown(0, 6)).toBe(1);
  expect(createTokenizer(specs.spmBpe()).encode('☃').unknown).toBe(0);
});

test('counts for an unknown pre-tokenizer are not below those of any known one', () => {
  const bound = createTokenizer(specs.byteBpe('never-heard-of', false));
  // A few characters compose to more bytes than they had, and who composes is not known either: llama.cpp never does.
  const composed = texts.filter(text => text.normalize('NFC') === text);
  expect(composed.length).toBeGreaterThan(300);
  for (const known of knownPreTokenizers) {
    const tokenizer = createTokenizer(specs.byteBpe(known));
    expect(
      composed.filter(text => bound.count(text) < tokenizer.count(text)),
      known,
    ).toEqual([]);
  }
});

test('an estimate is not below the count of any vocabulary at hand', () => {
  const estimate = createTokenizer({ kind: 'estimate' });
  const text =
    'Whoever owns an embedding model can use it: with the right tokens, pooling and prefixes. '.repeat(9);
  for (const make of [specs.unigram, () => specs.byteBpe('gpt-2')]) {
    expect(estimate.count(text)).toBeGreaterThan(createTokenizer(make()).count(text) * 0.9);
  }
  expect(estimate.encode(text).ids).toHaveLength(estimate.count(text));
});

describe('a broken normalisation table', () => {
  const whole = specs.unigram().charsMap as Uint8Array;

  test.each([
    ['nothing', new Uint8Array(0)],
    ['three bytes', whole.slice(0, 3)],
    ['a length beyond its end', Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0)],
    ['a length that is no multiple of four', Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0, 0)],
  ])('is refused: %s', (_, bytes) => {
    expect(() => new CharsMap(bytes)).toThrow(/normalising text is broken/);
  });

  test('never makes the reader hang or read beyond it', () => {
    const random = randomNumbers(4);
    for (let round = 0; round < 60; round++) {
      const bytes = whole.slice();
      for (let i = 0; i < 20_000; i++) bytes[4 + Math.floor(random() * (bytes.length - 4))] = random() * 256;
      const map = new CharsMap(bytes);
      try {
        for (const text of texts.slice(0, 50)) {
          for (let at = 0; at < text.length; at++) map.match(text, at);
        }
        expect(map.joins.firsts.size).toBeLessThan(0x110000);
      } catch (error) {
        expect((error as Error).message).toMatch(/normalising text is broken/);
      }
    }
  });
});
