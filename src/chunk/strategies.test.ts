import { openAsBlob } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Block, BlockKind, Document } from '../domain/document.ts';
import { lineStarts, linesOf } from '../domain/lines.ts';
import { readModel } from '../gguf/model-info.ts';
import { createTokenizer } from '../tokenize/create.ts';
import type { Tokenizer } from '../tokenize/tokenizer.ts';
import { type ChunkRecipe, chunkColumns, chunkDocument, prepareDocument } from './chunk-document.ts';
import { strategies } from './registry.ts';
import { segment } from './segmentation.ts';
import { pickStrategy } from './strategies/auto.ts';
import { turnsOf } from './topic-breaks.ts';

const CONTEXT = 512;

let tokenizer: Tokenizer;
beforeAll(async () => {
  const blob = await openAsBlob('public/models/all-MiniLM-L6-v2-Q8_0.gguf');
  tokenizer = createTokenizer((await readModel(blob, 'model.gguf', 'test')).tokenizer);
});

/** A document from its blocks, with blank lines between them. */
function documentOf(...parts: [kind: BlockKind, text: string, level?: number][]): Document {
  const blocks: Block[] = [];
  let text = '';
  for (const [kind, content, level] of parts) {
    if (text !== '') text += '\n\n';
    blocks.push({ start: text.length, end: text.length + content.length, kind, ...(level ? { level } : {}) });
    text += content;
  }
  return { text, blocks };
}

function cut(document: Document, changes: Partial<ChunkRecipe> & { strategy: string }) {
  const recipe = { chunkSize: 64, overlap: 0, documentPrefix: '', embedHeadings: false, ...changes };
  return chunkDocument(document, recipe, tokenizer, CONTEXT).map(chunk => ({
    ...chunk,
    text: document.text.slice(chunk.start, chunk.end),
  }));
}

const textsOf = (document: Document, changes: Partial<ChunkRecipe> & { strategy: string }) =>
  cut(document, changes).map(({ text }) => text);

/** The sentences of a text. */
function sentencesOf(text: string, language?: string): string[] {
  const { sentences } = segment({ text, blocks: [], ...(language ? { language } : {}) });
  const found: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = sentences.next(from, text.length) ?? text.length;
    found.push(text.slice(from, end).trim());
    from = end;
  }
  return found;
}

describe('sentences', () => {
  it.each([
    ['Dr. Smith paid $3.50 at No. 5. Then J. R. Tolkien left.', 2],
    ['See www.example.com/a.html?b=c. It is good.', 2],
    ['He waited... and waited… Then nothing. Nobody came.', 2],
    ['“Really?” she asked. “Yes!” he said.', 2],
    ['Am 3. Oktober kam Hr. Maier z.B. nach Köln. Das ist nicht weit.', 2],
    ['M. Dupont habite av. Foch. Il est dans la maison.', 2],
    ['El Sr. García y la Sra. López llegaron. Los niños no.', 2],
    ['Он жил на ул. Ленина и т.д. и работал. Потом уехал.', 2],
    ['今天天气很好。我们去公园吧！你来吗？', 3],
    ['東京は大きい。「行こう。」と彼は言った。', 2],
    ['هل أنت بخير؟ نعم. شكرا.', 3],
    ['यह एक वाक्य है। यह दूसरा है।', 2],
    ['วันนี้อากาศดีมาก เราไปเที่ยวกัน', 2],
    ['Τι κάνεις; Καλά είμαι.', 2],
  ])('%s', (text, count) => {
    expect(sentencesOf(text)).toHaveLength(count);
  });

  it('takes a full stop behind a number for an end in English, for an ordinal in German', () => {
    const text = 'It was page 12. The End.';
    expect(sentencesOf(text, 'en')).toHaveLength(2);
    expect(sentencesOf('Der 2. Weltkrieg. Das Ende.', 'de')).toEqual(['Der 2. Weltkrieg.', 'Das Ende.']);
  });

  it('go on where a line was wrapped, and end where it was ended', () => {
    expect(sentencesOf('A line that was wrapped by its editor,\nand goes on here.\nNext one')).toHaveLength(
      2,
    );
    expect(sentencesOf('First item of a shopping list\nSecond item')).toHaveLength(2);
  });
});

describe('words without blanks', () => {
  it.each([
    ['zh', '我们今天去公园散步天气非常好', ['我们', '今天', '公园', '散步', '天气']],
    ['th', 'ภาษาไทยไม่มีช่องว่างระหว่างคำ', ['ภาษา', 'ช่อง', 'ระหว่าง']],
  ])('are not cut: %s', (language, sentence, words) => {
    const document = { text: sentence.repeat(40), blocks: [], language };
    for (const text of textsOf(document, { strategy: 'recursive', chunkSize: 24 })) {
      for (const word of words) {
        for (let cutAt = 1; cutAt < word.length; cutAt++) {
          const [head, tail] = [word.slice(0, cutAt), sentence.slice(sentence.indexOf(word) + cutAt)];
          expect(text.startsWith(tail) && head !== '').toBe(false);
        }
      }
    }
  });

  it('no chunk begins with a mark that closes', () => {
    const document = { text: '我们今天去，公园散步、天气（非常）好'.repeat(60), blocks: [] };
    for (const text of textsOf(document, { strategy: 'recursive', chunkSize: 20 })) {
      expect(text).not.toMatch(/^[，、）]|（$/);
    }
  });
});

describe('headings', () => {
  const body = 'Some words that fill it. '.repeat(8).trim();
  const document = documentOf(['heading', '# Guide', 1], ['heading', '## Setup', 2], ['paragraph', body]);

  it('are embedded before the text, without the one it starts with, and counted', () => {
    const [first, second] = cut(document, { strategy: 'markdown', chunkSize: 32, embedHeadings: true });
    expect(first?.context).toBe('');
    expect(second?.context).toBe('Guide › Setup\n');
    expect(second?.tokens).toBe(tokenizer.count(`Guide › Setup\n${second?.text}`));
  });

  it('change what is hashed', async () => {
    const recipe = {
      strategy: 'recursive',
      chunkSize: 16,
      overlap: 0,
      documentPrefix: '',
      embedHeadings: false,
    };
    const without = await chunkColumns(document, recipe, tokenizer, CONTEXT);
    const columns = await chunkColumns(document, { ...recipe, embedHeadings: true }, tokenizer, CONTEXT);
    expect(without.contexts).toBeUndefined();
    expect(columns.contexts).toContain('Guide › Setup\n');
    expect(columns.hashes.slice(-16)).not.toEqual(without.hashes.slice(-16));
  });
});

describe('markdown', () => {
  const rows = Array.from({ length: 30 }, (_, i) => `| item ${i} | ${i} pieces |`);
  const table = ['| name | amount |', '|---|---|', ...rows].join('\n');

  it('keeps a table whole that fits, and splits one that does not by rows, with its header', () => {
    const document = documentOf(['heading', '# Stock', 1], ['paragraph', 'All of it.'], ['table', table]);
    expect(textsOf(document, { strategy: 'markdown', chunkSize: 500 })).toEqual([document.text]);
    const chunks = cut(document, { strategy: 'markdown', chunkSize: 80 });
    const [before, ...parts] = chunks.slice(chunks.findIndex(({ text }) => text.includes('| name')));
    expect(before?.context).toBe('');
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      expect(part.context).toBe('| name | amount |\n|---|---|\n');
      for (const line of part.text.split('\n')) expect(rows).toContain(line);
    }
  });

  it('carries the header without its rule where both would take too much', () => {
    const columns = Array.from({ length: 6 }, (_, i) => `col${i}`);
    const wide = [columns, columns.map(() => '---'), ...rows.map(() => columns.map((_, i) => `v${i}`))]
      .map(cells => `| ${cells.join(' | ')} |`)
      .join('\n');
    const chunks = cut(documentOf(['table', wide]), { strategy: 'markdown', chunkSize: 64 });
    expect(chunks.length).toBeGreaterThan(5);
    for (const { context } of chunks.slice(1)) expect(context).toBe(`${wide.slice(0, wide.indexOf('\n'))}\n`);
  });

  it('puts no two sections into one chunk, unless one is small', () => {
    const long = 'A sentence of this section. '.repeat(6).trim();
    const document = documentOf(
      ...['A', 'B', 'C'].flatMap((title): [BlockKind, string, number?][] => [
        ['heading', `## ${title}`, 2],
        ['paragraph', title === 'C' ? 'Short.' : long],
      ]),
    );
    const chunks = textsOf(document, { strategy: 'markdown', chunkSize: 64 });
    expect(chunks).toEqual([`## A\n\n${long}`, `## B\n\n${long}\n\n## C\n\nShort.`]);
  });

  it('does not split code that fits', () => {
    const code = '```\nlet a = 1;\n\nlet b = 2;\n```';
    const document = documentOf(
      ['paragraph', 'Words before it come here. '.repeat(8).trim()],
      ['code', code],
    );
    expect(textsOf(document, { strategy: 'markdown', chunkSize: 60 })).toContain(code);
  });
});

describe('code', () => {
  const python = [
    'import os',
    '# Says hello to',
    '# whoever is there.',
    '@decorated',
    'def hello(name):',
    '    greeting = "Hello"',
    '',
    '    return greeting + name',
    '',
    'class Box:',
    '    # How wide it is.',
    '    def width(self):',
    '        return self.right - self.left',
    '',
    '    def height(self):',
    '        return self.bottom - self.top',
  ].join('\n');

  it('keeps comments and decorators with what they describe', () => {
    const chunks = textsOf({ text: python, blocks: [] }, { strategy: 'code', chunkSize: 40 });
    expect(chunks.find(text => text.includes('def hello'))).toMatch(/^(import os\n)?# Says hello/);
    expect(chunks.find(text => text.includes('return greeting'))).toContain('def hello');
    expect(chunks.find(text => text.includes('def width'))).toContain('# How wide');
  });

  it('keeps a block comment with what it describes, however its lines are indented', () => {
    const comments = [
      '/**\n * Says hello to\n *\n * whoever is there.\n */',
      '/*\n   Says hello to\n\nwhoever is there. */',
      '/** Says hello to whoever is there. */',
    ];
    for (const comment of comments) {
      const text = `import { a } from './a.ts';\nimport { b } from './b.ts';\n\n${comment}\nexport function hello(name) {\n  return a(name) + b(name);\n}\n`;
      const chunks = textsOf({ text, blocks: [] }, { strategy: 'code', chunkSize: 48 });
      expect(chunks.find(chunk => chunk.includes('export function'))).toContain(comment);
      expect(chunks.length).toBeGreaterThan(1);
    }
  });

  it('cuts a class between its methods where it does not fit', () => {
    const chunks = textsOf({ text: python, blocks: [] }, { strategy: 'code', chunkSize: 28 });
    expect(chunks.find(text => text.includes('def height'))).toMatch(/^def height.*self\.top$/s);
  });

  it('goes by braces where nothing is indented', () => {
    const method = (name: string) => `function ${name}() {\nlet a = 1;\nreturn a + a;\n}`;
    const text = ['one', 'two', 'three'].map(method).join('\n');
    expect(textsOf({ text, blocks: [] }, { strategy: 'code', chunkSize: 24 })).toEqual(
      ['one', 'two', 'three'].map(method),
    );
  });
});

describe('sentence', () => {
  it('fills chunks with whole sentences across paragraphs', () => {
    const text = 'One is here.\n\nTwo is here. Three is here. Four is here.';
    expect(textsOf({ text, blocks: [] }, { strategy: 'sentence', chunkSize: 12 })).toEqual([
      'One is here.\n\nTwo is here.',
      'Three is here. Four is here.',
    ]);
  });
});

describe('row', () => {
  it('makes a chunk of each row, of each line where there are none', () => {
    const text = 'a: 1\nb: 2\nc: 3';
    expect(textsOf({ text, blocks: [] }, { strategy: 'row' })).toEqual(['a: 1', 'b: 2', 'c: 3']);
    const rows = documentOf(['row', 'name: Ann\ncity: Ulm'], ['row', 'name: Bob\ncity: Bonn']);
    expect(textsOf(rows, { strategy: 'row' })).toEqual(['name: Ann\ncity: Ulm', 'name: Bob\ncity: Bonn']);
  });

  it('leaves the header with the first row of a table and carries it to the others', () => {
    const chunks = cut(documentOf(['table', '| a |\n|---|\n| 1 |\n| 2 |']), { strategy: 'row' });
    expect(chunks.map(({ context, text }) => context + text)).toEqual([
      '| a |\n|---|\n| 1 |',
      '| a |\n|---|\n| 2 |',
    ]);
  });
});

describe('the dashes under a header', () => {
  const rows = Array.from(
    { length: 8 },
    (_, i) => `| item ${i} | ${i} pieces of it | shelf ${i} on the left wall |`,
  );
  const tables = ['|---|---|---|', '| --- | :---: | ---: |'].map(rule =>
    ['| name of the item | amount in stock | place |', rule, ...rows].join('\n'),
  );

  it.each(strategies.map(({ id }) => id))('are never a chunk of their own: %s', strategy => {
    for (const table of tables) {
      for (const document of [
        documentOf(['table', table]),
        documentOf(['heading', '# Stock', 1], ['paragraph', 'Some words stand before it.'], ['table', table]),
      ]) {
        for (const chunkSize of [22, 24, 26, 28, 30, 32, 40, 48, 64]) {
          for (const overlap of [0, 6]) {
            const texts = textsOf(document, { strategy, chunkSize, overlap });
            expect(texts.filter(text => /^[|\s:-]*-[|\s:-]*$/.test(text))).toEqual([]);
          }
        }
      }
    }
  });

  it('stay with the header where both fit', () => {
    const document = documentOf(
      ['paragraph', 'Ten words of text stand before it, for a start.'],
      ['table', tables[0] ?? ''],
    );
    for (const { id } of strategies) {
      const first = textsOf(document, { strategy: id, chunkSize: 36 }).find(text => text.includes('|---'));
      expect(first).toMatch(/^(Ten.*\n\n)?\| name of the item/);
    }
  });
});

describe('auto', () => {
  it('picks by what most of a document is', () => {
    expect(pickStrategy({ text: 'plain', blocks: [] })).toBe('recursive');
    expect(pickStrategy(documentOf(['row', 'a: 1'], ['row', 'b: 2']))).toBe('row');
    expect(pickStrategy(documentOf(['code', 'let a = 1;']))).toBe('code');
    expect(pickStrategy(documentOf(['heading', '# A', 1], ['code', 'let a = 1;'.repeat(20)]))).toBe(
      'markdown',
    );
  });

  it('says what it picked', async () => {
    const recipe = { strategy: 'auto', chunkSize: 64, overlap: 0, documentPrefix: '', embedHeadings: false };
    const columns = await chunkColumns(documentOf(['code', 'let a = 1;']), recipe, tokenizer, CONTEXT);
    expect(columns.picked).toBe('code');
  });
});

describe('semantic', () => {
  it('breaks where the vectors turn, and is as recursive without them', () => {
    const text = Array.from({ length: 12 }, (_, i) => `Sentence number ${i} stands here.`).join(' ');
    const prepared = prepareDocument({ text, blocks: [] }, tokenizer, CONTEXT);
    const recipe = {
      strategy: 'semantic',
      chunkSize: 128,
      overlap: 0,
      documentPrefix: '',
      embedHeadings: false,
    };
    const spans = prepared.sentences('');
    const data = Float32Array.from(spans.flatMap((_, i) => (i < 5 ? [1, 0] : [0, 1])));
    const chunks = prepared.chunks(recipe, turnsOf({ spans, data, dimensions: 2 }));
    expect(chunks.map(({ start }) => start)).toEqual([0, text.indexOf('Sentence number 5')]);
    expect(prepared.chunks(recipe)).toEqual(prepared.chunks({ ...recipe, strategy: 'recursive' }));
  });

  it('breaks at more turns with a lower percentile, and joins what is below the least size', () => {
    const text = Array.from({ length: 40 }, (_, i) => `Sentence number ${i} stands here.`).join(' ');
    const prepared = prepareDocument({ text, blocks: [] }, tokenizer, CONTEXT);
    const spans = prepared.sentences('');
    // Ten sentences a topic, and a turn within each that is half as sharp.
    const angle = (i: number) => Math.floor(i / 10) * 1.5 + (i % 10 < 5 ? 0 : 0.7);
    const data = Float32Array.from(spans.flatMap((_, i) => [Math.cos(angle(i)), Math.sin(angle(i))]));
    const count = (thresholds: Partial<ChunkRecipe>) =>
      prepared.chunks(
        {
          strategy: 'semantic',
          chunkSize: 300,
          overlap: 0,
          documentPrefix: '',
          embedHeadings: false,
          ...thresholds,
        },
        turnsOf({ spans, data, dimensions: 2 }),
      ).length;
    const byPercentile = [99, 95, 85, 50].map(breakPercentile => count({ breakPercentile, leastSize: 0 }));
    expect(byPercentile).toEqual([...byPercentile].sort((a, b) => a - b));
    expect(new Set(byPercentile).size).toBeGreaterThan(2);
    expect(count({ breakPercentile: 50, leastSize: 120 })).toBeLessThan(
      count({ breakPercentile: 50, leastSize: 0 }),
    );
    expect(count({})).toBe(count({ breakPercentile: 80, leastSize: 45 }));
  });
});

describe('lines', () => {
  it('are counted from 1, to the last character', () => {
    const starts = lineStarts(['one\ntw', 'o\nthree\n']);
    expect(linesOf(starts, { start: 0, end: 3 })).toEqual({ first: 1, last: 1 });
    expect(linesOf(starts, { start: 4, end: 13 })).toEqual({ first: 2, last: 3 });
  });
});
