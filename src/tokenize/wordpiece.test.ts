import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readModel } from '../gguf/model-info.ts';
import { createTokenizer } from './create.ts';

const builtIn = new Blob([readFileSync('public/models/all-MiniLM-L6-v2-Q8_0.gguf')]);
const { tokenizer: spec } = await readModel(builtIn, 'built-in', 'id');
const tokenizer = createTokenizer(spec);

interface Golden {
  text: string;
  tokens: number[];
  /** In code points. */
  offsets: [number, number][];
}

const golden: Golden[] = JSON.parse(readFileSync('e2e/fixtures/golden-all-MiniLM-L6-v2.json', 'utf8'));

test.each(golden)('ids and offsets are those of the reference: $text', ({ text, tokens, offsets }) => {
  const units = [0];
  for (const character of text) units.push((units.at(-1) ?? 0) + character.length);
  const { ids, starts, ends } = tokenizer.encode(text);
  expect([...ids]).toEqual(tokens);
  expect([...starts].map((start, i) => [start, ends[i]])).toEqual(
    offsets.map(([start, end]) => [units[start], units[end]]),
  );
  expect(tokenizer.count(text)).toBe(tokens.length);
});

/** Made with the PyPI package tokenizers 0.23.3: text, ids without [CLS] and [SEP], start and end of each in UTF-16. */
const EDGES: [string, number[], number[]][] = [
  [
    'Caf\u00e9 cafe\u0301 na\u00efve Z\u00fcrich \u0130stanbul \u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3',
    [7668, 7668, 15743, 10204, 9960, 1173, 18199, 29733, 29735, 29736, 29730, 29733],
    [0, 4, 5, 9, 11, 16, 17, 23, 24, 32, 33, 34, 34, 35, 35, 36, 36, 37, 37, 38, 38, 39, 39, 40],
  ],
  [
    '\u4e2d\u6587\u548cEnglish\u6df7\u5408\u3002',
    [1746, 1861, 1796, 2394, 100, 1792, 1636],
    [0, 1, 1, 2, 2, 3, 3, 10, 10, 11, 11, 12, 12, 13],
  ],
  [
    '\ud55c\uad6d\uc5b4 \ubb38\uc7a5',
    [1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008, 1459, 30014, 30021, 30000, 30006, 30025],
    [0, 1, 0, 1, 0, 1, 1, 2, 1, 2, 1, 2, 2, 3, 2, 3, 4, 5, 4, 5, 4, 5, 5, 6, 5, 6, 5, 6],
  ],
  ['a\u0000b\u200bc\u000bd\u0085e\u00a0f\u3000g', [5925, 3207, 1042, 1043], [0, 5, 6, 9, 10, 11, 12, 13]],
  [
    "x\u2260y, don't\u2014well\u2026",
    [1060, 1027, 1061, 1010, 2123, 1005, 1056, 1517, 2092, 1529],
    [0, 1, 1, 2, 2, 3, 3, 4, 5, 8, 8, 9, 9, 10, 10, 11, 11, 15, 15, 16],
  ],
  [
    '[SEP] a[MASK]b [sep] [[CLS]]',
    [102, 1037, 103, 1038, 1031, 19802, 1033, 1031, 101, 1033],
    [0, 5, 6, 7, 7, 13, 13, 14, 15, 16, 16, 19, 19, 20, 21, 22, 22, 27, 27, 28],
  ],
  [
    '\ud83d\ude00 ok \ud840\udc00\ud86e\udd21 \ud835\udc00',
    [100, 7929, 100, 100, 100],
    [0, 2, 3, 5, 6, 8, 8, 10, 11, 13],
  ],
  [
    '\u0939\u093f\u0928\u094d\u0926\u0940 \u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22 \u0627\u0644\u0639\u0631\u0628\u064a\u0629',
    [1339, 29877, 29863, 29861, 29878, 100, 1270, 23673, 29830, 17149, 29816, 14498, 19433],
    [0, 1, 1, 2, 2, 3, 4, 5, 5, 6, 7, 14, 15, 16, 16, 17, 17, 18, 18, 19, 19, 20, 20, 21, 21, 22],
  ],
  ['\ufb01 \u00df \u017f \u01c5', [1984, 1096, 100, 100], [0, 1, 2, 3, 4, 5, 6, 7]],
  ['\u0301\u0301 .', [1012], [3, 4]],
  [
    `${'a'.repeat(100)} ${'b'.repeat(101)}`,
    [
      13360, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057,
      11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057,
      11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057, 11057,
      11057, 11057, 11057, 11057, 2050, 100,
    ],
    [
      0, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15, 17, 17, 19, 19, 21, 21, 23, 23, 25, 25, 27, 27, 29,
      29, 31, 31, 33, 33, 35, 35, 37, 37, 39, 39, 41, 41, 43, 43, 45, 45, 47, 47, 49, 49, 51, 51, 53, 53, 55,
      55, 57, 57, 59, 59, 61, 61, 63, 63, 65, 65, 67, 67, 69, 69, 71, 71, 73, 73, 75, 75, 77, 77, 79, 79, 81,
      81, 83, 83, 85, 85, 87, 87, 89, 89, 91, 91, 93, 93, 95, 95, 97, 97, 99, 99, 100, 101, 202,
    ],
  ],
  ['tab\tline\r\nend\u2028x', [21628, 2240, 2203, 1060], [0, 3, 4, 8, 10, 13, 14, 15]],
];

test.each(EDGES)('scripts, marks, controls, control tokens: %j', (text, expectedIds, offsets) => {
  const { ids, starts, ends } = tokenizer.encode(text);
  expect([...ids.slice(1, -1)]).toEqual(expectedIds);
  expect([...starts].flatMap((start, i) => [start, ends[i]]).slice(2, -2)).toEqual(offsets);
});

test('what the vocabulary cannot read is counted, a literal [UNK] is not', () => {
  expect(tokenizer.encode('plain words').unknown).toBe(0);
  expect(tokenizer.encode('[UNK] \u{1F600} 한국어 ok').unknown).toBe(1);
  expect(tokenizer.encode('x'.repeat(101)).unknown).toBe(1);
});

test('lone surrogates are read as nothing', () => {
  const { ids } = tokenizer.encode('one\ud800 \udc00two \ud83d');
  expect([...ids]).toEqual([...tokenizer.encode('one two').ids]);
});

test('nothing is ever cut', () => {
  expect(tokenizer.count('word '.repeat(100_000))).toBe(100_002);
  expect(tokenizer.encode('word '.repeat(100_000)).ids).toHaveLength(100_002);
});

test('a cased vocabulary keeps capitals and accents', () => {
  const tokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'Caf', '##é', '##e', 'caf'];
  const ids = { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 };
  const encoded = (lowercase: boolean) => [
    ...createTokenizer({ kind: 'wordpiece', tokens, lowercase, ids }).encode('Café').ids,
  ];
  expect(encoded(false)).toEqual([2, 5, 6, 3]);
  expect(encoded(true)).toEqual([2, 8, 7, 3]);
});

describe('counts of spans', () => {
  const PIECES = [
    ...[
      'the ',
      'embedding',
      'Unbelievable ',
      ' ',
      '\n\n',
      ', ',
      "don't",
      '[SEP]',
      '[MASK]',
      '[CL',
      'S]',
      '\ud83d',
    ],
    ...[
      '中文',
      '日本語',
      'é',
      'e\u0301\u0323',
      '\u{1F600}',
      '\u{20000}',
      'Привет ',
      'ภาษาไทย',
      '한국',
      '\0',
      '\u200b',
    ],
    ...['x'.repeat(99), 'y'.repeat(150), '123,456.78 '],
  ];

  test('are those of the slice, for any edges', () => {
    const random = generator(5);
    for (let round = 0; round < 60; round++) {
      let text = '';
      const pieces = 1 + Math.floor(random() * 200);
      for (let i = 0; i < pieces; i++) text += PIECES[Math.floor(random() * PIECES.length)];
      const counter = tokenizer.counter(text);
      for (let i = 0; i < 100; i++) {
        const start = Math.floor(random() * (text.length + 1));
        const reach = random() < 0.5 ? 20 : text.length;
        const end = Math.min(text.length, start + Math.floor(random() * reach));
        const { ids, unknown } = tokenizer.encode(text.slice(start, end));
        const span = [JSON.stringify(text), start, end].join(' ');
        expect(counter.count(start, end), span).toBe(ids.length);
        expect(counter.unknown(start, end), span).toBe(unknown);
      }
    }
  });

  test('may be asked for in turn with other texts', () => {
    const first = tokenizer.counter('one two three');
    const second = tokenizer.counter('four');
    expect([first.count(0, 7), second.count(0, 4), first.count(0, 13)]).toEqual([4, 3, 5]);
  });

  test('stay quick within a word of a megabyte', () => {
    const counter = tokenizer.counter(`a ${'x'.repeat(1_000_000)} b`);
    let sum = 0;
    for (let i = 0; i < 20_000; i++) sum += counter.count(0, 1_000 + i * 40);
    expect(sum).toBe(20_000 * 4);
  });
});

/** Numbers in [0, 1), always the same for a seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
