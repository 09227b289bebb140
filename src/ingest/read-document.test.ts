import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCode } from '../domain/errors.ts';
import { readDocument } from './read-document.ts';
import { formats } from './registry.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, unit => unit.charCodeAt(0));
const fixture = (name: string): Uint8Array => readFileSync(`e2e/fixtures/encodings/${name}`);

async function refusal(bytes: Uint8Array, path = 'notes/a.txt'): Promise<[string, string]> {
  try {
    await readDocument(bytes, path);
  } catch (error) {
    return [errorCode(error), (error as Error).message];
  }
  throw new Error(`${path} was read`);
}

describe('encodings', () => {
  it.each([
    ['utf-8-bom.txt', 'utf-8', 'Die Bäume am Flußufer blühen im März.\nЭто вторая строка. 三行目です。\n'],
    ['utf-16le-bom.txt', 'utf-16le', 'A short note, saved by an old editor.\nΔεύτερη γραμμή.\n'],
    ['utf-16be-bom.txt', 'utf-16be', 'A short note, saved by an old editor.\nΔεύτερη γραμμή.\n'],
    ['utf-16le.txt', 'utf-16le', 'A short note, saved by an old editor.\nΔεύτερη γραμμή.\n'],
    [
      'utf-16be.txt',
      'utf-16be',
      '今日は天気がいいから、一緒に川まで歩きましょう。\n山の向こうに海が見えます。\n',
    ],
    ['utf-16le-lone-surrogates.txt', 'utf-16le', 'Half a pair: \ufffd, the other half: \ufffd.\n'],
    ['utf-32le-bom.txt', 'utf-32le', 'Rarely seen, and readable all the same: 🌳 árbol.\n'],
    ['windows-1251.txt', 'windows-1251', 'Утром дети пошли к реке смотреть на лодки.'],
    ['shift-jis.txt', 'shift_jis', '朝早く、子供たちは川へ船を見に行きました。'],
    ['gb18030.txt', 'gb18030', '清晨，孩子们到河边去看船。'],
    ['euc-kr.txt', 'euc-kr', '아침 일찍 아이들은 배를 보러 강으로 갔습니다.'],
    ['latin1.txt', 'windows-1252', 'Le matin, les enfants sont allés à la rivière'],
    ['iso-2022-jp.txt', 'iso-2022-jp', '夕方になると風が出てきたので、みんな家に帰りました。\n'],
    ['utf-8-damaged.txt', 'utf-8', 'Die Bäume am Flußufer blühen im März, schöner als früher'],
  ])('%s is read as %s', async (name, encoding, beginning) => {
    const read = await readDocument(fixture(name), name);
    expect(read.encoding).toBe(encoding);
    expect(read.document.text.slice(0, beginning.length)).toBe(beginning);
    expect(read.document.text).not.toMatch(/\r|\p{Cs}/u);
    expect(read.format).toBe('plain-text');
  });

  it('makes every line end \\n', async () => {
    const { document } = await readDocument(utf8('a\r\nb\rc\n\r\n\rd'), 'a.txt');
    expect(document.text).toBe('a\nb\nc\n\n\nd');
  });
});

describe('what is no text', () => {
  it.each([
    ['empty', new Uint8Array(), 'file/empty'],
    ['only blanks', utf8(' \r\n\t\u00a0\n'), 'file/blank'],
    ['a byte order mark alone', utf8('\ufeff'), 'file/blank'],
    ['NUL-filled', new Uint8Array(10_000), 'file/binary'],
    ['a text with a NUL-filled end', utf8(`words\n${'\0'.repeat(300_000)}`), 'file/binary'],
    ['random bytes', Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31 + i * 7) >> 3), 'file/binary'],
  ])('%s is refused', async (_what, bytes, code) => {
    const [found, message] = await refusal(bytes);
    expect(found).toBe(code);
    expect(message).toContain('“a.txt”');
  });

  it.each([
    ['an old Office document', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'],
    ['a PNG image', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['a gzip archive', '\x1f\x8b\x08\0'],
    ['an SQLite database', 'SQLite format 3\0\x10\0'],
    ['a program', '\x7fELF\x02\x01\x01\0'],
    ['a GGUF model', 'GGUF\x03\0\0\0'],
    ['a zip archive', `PK\x03\x04\x14\0${'\0'.repeat(24)}notes.txt`],
  ])('%s is refused by name, whatever it is called', async (kind, content) => {
    const [code, message] = await refusal(latin1(content), 'folder/a.txt');
    expect(code).toBe('file/unsupported');
    expect(message).toContain(`“a.txt” is ${kind}, `);
  });

  it('says of an archive what to do with it', async () => {
    const [, message] = await refusal(latin1(`PK\x03\x04\x14\0${'\0'.repeat(24)}notes.txt`), 'a.zip');
    expect(message).toMatch(/Drop it on the page, or send the files inside one by one\.$/);
  });

  it('is not what only begins like it', async () => {
    const { document } = await readDocument(utf8('BMW and ID3 and MZ are names.'), 'a.txt');
    expect(document.text).toBe('BMW and ID3 and MZ are names.');
  });
});

describe('formats', () => {
  it.each([
    ['a/notes.MD', 'markdown'],
    ['src/main.ts', 'code'],
    ['Makefile', 'code'],
    ['a/Dockerfile', 'code'],
    ['LICENSE', 'plain-text'],
    ['strange.extension', 'plain-text'],
  ])('%s is %s', async (path, format) => {
    expect((await readDocument(utf8('some text'), path)).format).toBe(format);
  });

  it('takes a script without an extension for code', async () => {
    expect((await readDocument(utf8('#!/bin/sh\necho hi\n'), 'run')).format).toBe('code');
  });

  it('has each name and extension once', () => {
    const all = formats.flatMap(({ extensions, names = [] }) => [...extensions.map(e => `.${e}`), ...names]);
    expect(all.filter((name, i) => all.indexOf(name) !== i || name !== name.toLowerCase())).toEqual([]);
  });

  it('begins a block of code at each definition', async () => {
    const text = 'import a;\n\nfunction b() {\n  c();\n\n  d();\n}\n\nclass E {}\n';
    const { document } = await readDocument(utf8(text), 'a.js');
    expect(document.blocks.map(({ start, end }) => text.slice(start, end))).toEqual([
      'import a;',
      'function b() {\n  c();\n\n  d();\n}',
      'class E {}\n',
    ]);
  });
});

describe('Markdown', () => {
  const source = [
    '---\ntitle: "The title"\nlang: de\n---',
    '# First *heading* #',
    'A paragraph &amp; more\nof it.',
    'Second\n------',
    '- one\n- two\n\n  # not a block of the top',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '```md\n# in a fence\n```',
    '> quoted',
  ];

  it('says its blocks, title and language, and keeps the source', async () => {
    const text = source.join('\n\n');
    const { document } = await readDocument(utf8(text.replaceAll('\n', '\r\n')), 'a.md');
    expect(document.text).toBe(text);
    expect(document.title).toBe('The title');
    expect(document.language).toBe('de');
    expect(document.blocks.map(({ start, end }) => text.slice(start, end))).toEqual(source);
    expect(document.blocks.map(({ kind, level }) => (level ? `${kind} ${level}` : kind))).toEqual([
      ...['code', 'heading 1', 'paragraph', 'heading 2', 'list', 'table', 'code', 'quote'],
    ]);
  });

  it('takes the first heading for the title where there is no front matter', async () => {
    const { document } = await readDocument(utf8('words\n\n## no\n\n# Yes #\n'), 'a.md');
    expect(document.title).toBe('Yes');
  });

  it('finds headings and fences of what is too long to parse', async () => {
    const long = `# One\n\n${'word '.repeat(4000)}\n\n\`\`\`\`\n# no heading\n\`\`\`\n# nor this\n\`\`\`\`\n## Two\nend`;
    const { document } = await readDocument(utf8(long), 'a.md');
    expect(document.title).toBe('One');
    const outline = document.blocks.map(({ kind, start, end }) => [
      kind,
      long.slice(start, end).slice(0, 12),
    ]);
    expect(outline).toEqual([
      ['heading', '# One'],
      ['paragraph', 'word word wo'],
      ['code', '````\n# no he'],
      ['heading', '## Two'],
      ['paragraph', 'end'],
    ]);
  });
});
