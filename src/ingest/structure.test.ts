import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Document } from '../domain/document.ts';
import { readDocument } from './read-document.ts';

async function read(name: string): Promise<Document> {
  const bytes = new Uint8Array(readFileSync(`e2e/fixtures/formats/files/${name}`));
  return (await readDocument(bytes, name)).document;
}

async function readText(text: string, path: string): Promise<Document> {
  return (await readDocument(new TextEncoder().encode(text), path)).document;
}

function texts({ text, blocks }: Document, kind: string): string[] {
  return blocks.filter(block => block.kind === kind).map(({ start, end }) => text.slice(start, end));
}

/** Blocks as 'kind: text'. */
function outline({ text, blocks }: Document): string[] {
  return blocks.map(({ kind, level, start, end }) => `${kind}${level ?? ''}: ${text.slice(start, end)}`);
}

const HEADINGS = [
  ...[
    'The River Below the Mill',
    'Water',
    'Flow',
    'Temperature',
    'Animals',
    'How to repeat the work',
    'People',
  ],
];
const TABLE = [
  '| Place | Depth in cm | Warmest month | Degrees |',
  '| --- | --- | --- | --- |',
  '| Moor spring | 12 | August | 9.4 |',
  '| Shaded gorge | 85 | August | 13.1 |',
  '| Open meadow | 40 | July | 21.8 |',
  '| Mill pond | 160 | July | 19.5 |',
  '| Old harbour | 230 | September | 17.2 |',
].join('\n');
const CODE = [
  'def flow(height, a=0.021, b=1.74):',
  '    """Cubic metres a second from centimetres."""',
  '    if height <= 0:',
  '        return 0.0',
  '',
  '    return a * height ** b / 100',
].join('\n');
const BULLETS = [
  '- dippers, which nest under the bridge and feed on larvae;',
  '- otters, seen twice, both times in the rain;',
  '- crayfish of two kinds:',
  '  - the native one, in the upper reaches only,',
  '  - the American one, which escaped from a pond in 1986;',
  '- brown trout of all sizes.',
].join('\n');
const NUMBERS = [
  '1. Choose a place where the banks are firm and the bottom is even.',
  '2. Drive in the staff, and note its height above a mark that will still be there in ten years.',
  '3. Read the staff for a month before you measure anything else.',
  '4. Measure the flow on at least twelve days, of which three should be floods.',
  '5. Draw the curve.',
].join('\n');

describe('the structure that a source had', () => {
  it.each([
    'river-pandoc.html',
    'river-site.html',
    'river-pandoc.docx',
    'river-libreoffice.docx',
    'river-pandoc.odt',
    'river-libreoffice.odt',
    'river-pandoc.epub',
    'river-pandoc-2.epub',
    'river-chromium.pdf',
    'river-libreoffice.rtf',
    'river-pandoc.dbk',
  ])('is whole in %s', async name => {
    const document = await read(name);
    const plain = (text: string) => text.replace(/’/g, "'");
    const headings = document.blocks.filter(({ kind }) => kind === 'heading');
    const names = headings.map(({ start, end }) => document.text.slice(start, end));
    // The title stands before the first heading in most.
    expect(names.slice(-HEADINGS.length)).toEqual(HEADINGS);
    const levels = headings.slice(-HEADINGS.length).map(({ level = 0 }) => level);
    const top = levels[0] as number;
    expect(levels.map(level => level - top)).toEqual([0, 1, 2, 2, 1, 1, 1]);
    expect(texts(document, 'table')).toContain(TABLE);
    expect(texts(document, 'code').map(plain)).toContain(CODE);
    const lists = texts(document, 'list');
    expect(lists).toContain(BULLETS);
    expect(lists).toContain(NUMBERS);
    expect(document.title).toBe('The River Below the Mill');
  });

  it.each([
    ['river-latex.pdf', ['Water', 'Flow', 'Temperature', 'Animals', 'How to repeat the work', 'People']],
    [
      'river-libreoffice.pdf',
      ['Water', 'Flow', 'Temperature', 'Animals', 'How to repeat the work', 'People'],
    ],
    [
      'handbook-libreoffice-tagged.pdf',
      ['Opening hours', 'Lending', 'Who may borrow', 'For how long', 'Guests'],
    ],
    [
      'paper-latex-two-columns.pdf',
      ['Introduction', 'Water', 'Flow', 'Temperature', 'Animals', 'Discussion'],
    ],
    ['paper-ghostscript.pdf', ['Introduction', 'Water', 'Flow', 'Temperature', 'Animals', 'Discussion']],
  ])('is found by type and place in %s', async (name, headings) => {
    const document = await read(name);
    const found = texts(document, 'heading');
    expect(found.filter(heading => headings.includes(heading))).toEqual(headings);
    expect(document.text).not.toMatch(/Valley Reports 12.*Valley Reports 12/s);
  });

  it('has tables and code in PDFs that say nothing of them', async () => {
    const document = await read('river-latex.pdf');
    expect(texts(document, 'table')).toContain(TABLE);
    expect(texts(document, 'code').map(text => text.split('\n').length)).toEqual([6]);
  });

  it('has the page of each block, and paragraphs that go over a page’s end in one piece', async () => {
    const { blocks, text } = await read('river-latex.pdf');
    const pages = blocks.map(({ page }) => page ?? 0);
    expect(pages).toEqual(pages.toSorted((a, b) => a - b));
    expect(new Set(pages).size).toBeGreaterThan(3);
    const starts = blocks.filter(({ kind }) => kind === 'paragraph').map(({ start }) => text[start]);
    expect(starts.filter(letter => /\p{Ll}/u.test(letter ?? ''))).toEqual([]);
  });

  it('has a page a slide, and what its notes say', async () => {
    const { blocks, text } = await read('slides-pandoc.pptx');
    expect(blocks.map(({ page }) => page)).toEqual([1, 1, 2, 2, 2, 3, 3, 3, 4, 4]);
    expect(text).toContain('Say here that nobody was paid');
  });
});

describe('web pages', () => {
  it('are read without what is around their content', async () => {
    const { text } = await read('river-site.html');
    expect(text).not.toMatch(/Skip|Search|All reports|Home|Share|Other reports|Imprint|cookies/);
    expect((await read('handbook-site.html')).text).not.toMatch(/Find a book|Imprint/);
  });

  it('are read whole where only their marks call all of it navigation', async () => {
    expect((await readText('<body><nav><p>All there is.</p></nav></body>', 'a.html')).text).toBe(
      'All there is.',
    );
  });

  it('keep what is inline in one block, and code as it stands', async () => {
    const page =
      '<p>One <b>bold</b>, <code>a &lt; b</code><br>two&nbsp;three<sup><a href="#n1">1</a></sup><pre>\n  x\n\ty</pre>';
    expect(outline(await readText(page, 'a.html'))).toEqual([
      'paragraph: One bold, a < b\ntwo three[1]',
      'code:   x\n\ty',
    ]);
  });

  it('repeat in each row what spans rows', async () => {
    const table = '<table><tr><th>A<th>B<tr><td rowspan=2>x|y<td>1<tr><td>2</table>';
    expect((await readText(table, 'a.html')).text).toBe(
      '| A | B |\n| --- | --- |\n| x\\|y | 1 |\n| x\\|y | 2 |',
    );
  });

  it('are known by their beginning where the name says nothing', async () => {
    expect((await readText('<!DOCTYPE html><title>T</title><p>x', 'page')).title).toBe('T');
  });
});

describe('data', () => {
  it('is a row a record, each with its headers', async () => {
    expect(outline(await readText('Name;Born\nAda;1815\nCarl;\n', 'a.csv'))).toEqual([
      'row: Name: Ada\nBorn: 1815',
      'row: Name: Carl',
    ]);
    expect(outline(await readText('1,2\n3,4\n', 'a.csv'))).toEqual(['row: 1 | 2', 'row: 3 | 4']);
    const dates = texts(await read('measurements-libreoffice.xlsx'), 'row');
    expect(dates[0]).toMatch(/^Station: Moor\nDate: 2024-05-01\nHeight in cm: \d+\nDegrees: [\d.]+$/);
    expect(dates).toHaveLength(60);
  });

  it('is read as JSON says it, numbers to the last digit', async () => {
    const json = '{"a": 12345678901234567890, "b": [1, 2], "c": [{"d": "x", "e": null}], "f": {"g": true}}';
    expect(outline(await readText(json, 'a.json'))).toEqual([
      'paragraph: a: 12345678901234567890\nb: 1, 2',
      'heading1: c',
      'row: d: x',
      'paragraph: f:\n  g: true',
    ]);
    expect(outline(await readText('{"a": 1}\nnot JSON\n{"a": 2}', 'a.jsonl'))).toEqual([
      'row: a: 1',
      'row: not JSON',
      'row: a: 2',
    ]);
    expect((await readText('{ // a comment\n "a": 1 }', 'a.json')).blocks).toMatchObject([{ kind: 'code' }]);
  });
});

describe('mail and subtitles', () => {
  it('say who, when and what about, and quote what is quoted', async () => {
    const mail = 'From: =?utf-8?q?Frau_=C3=96?= <a@b>\nSubject: Hi\n\nYes.\n\n> Shall we?\n> Really?\n';
    const document = await readText(mail, 'a.eml');
    expect(outline(document)).toEqual([
      'heading1: Hi',
      'paragraph: From: Frau Ö <a@b>',
      'paragraph: Yes.',
      'quote: Shall we?\nReally?',
    ]);
  });

  it('are paragraphs with their time', async () => {
    const srt =
      '1\n00:00:01,000 --> 00:00:03,000\n<i>One</i>\n\n2\n00:00:03,100 --> 00:00:05,000\ntwo.\n\n3\n01:00:09,000 --> 01:00:10,000\nThree.\n';
    expect((await readText(srt, 'a.srt')).text).toBe('[0:00:01] One two.\n\n[1:00:09] Three.');
  });
});

describe('XML', () => {
  it('is keys and values where it is data, records as rows', async () => {
    const data =
      '<?xml version="1.0"?><order xmlns="urn:x" id="7"><to>Ada</to><items><item sku="a">Pen</item><item sku="b">Ink &amp; paper</item></items></order>';
    expect(outline(await readText(data, 'a.xml'))).toEqual([
      'heading1: order',
      'paragraph: id: 7\nto: Ada',
      'heading2: items',
      'row: sku: a\nPen',
      'row: sku: b\nInk & paper',
    ]);
  });

  it('is text where it is an article: notes at their marks, quotes and code in their line', async () => {
    const article =
      '<article><title>T</title><p>One <i>two</i><fn><p>A note.</p></fn> and <code>x</code>.</p><sec><title>S</title><p>End.</p></sec></article>';
    expect(outline(await readText(article, 'a.xml'))).toEqual([
      'heading1: T',
      'paragraph: One two[1] and x.',
      'heading2: S',
      'paragraph: End.',
      'paragraph: [1] A note.',
    ]);
  });

  it('has what is written in a feed under the titles of its entries', async () => {
    const document = await read('feed-feedgen.rss');
    const headings = texts(document, 'heading');
    expect(headings.slice(0, 3)).toEqual(['News of the valley', 'Report & letter 1', 'Opening hours']);
    expect(document.blocks.filter(({ level }) => level === 2)).toHaveLength(3);
    expect(texts(document, 'table')).toHaveLength(2);
  });

  it('is read as a page where it is one, and as its source where it is none', async () => {
    expect((await readText('<html xmlns="x"><body><p>a</p></body></html>', 'a.xml')).text).toBe('a');
    expect((await readText('no markup at all', 'a.xml')).blocks).toMatchObject([{ kind: 'code' }]);
    expect((await readText('<?xml version="1.0"?><a><b>c</b></a>', 'nameless')).text).toBe('a:\n  b: c');
  });
});

describe('YAML', () => {
  it('is its source, with keys that hold others as headings', async () => {
    const text = [
      '# How it runs',
      'version: 3',
      'services: # all',
      '  web:',
      '    image: "site: 1"',
      '    command: |',
      '      not:',
      '        a key',
      '  db:',
      '    ports:',
      '    - 1',
      '    - 2',
      'x-last: &a {b: c}',
      '',
    ].join('\n');
    const document = await readText(text, 'a.yml');
    expect(document.text).toBe(text);
    expect(outline(document)).toEqual([
      'code: # How it runs\nversion: 3',
      'heading1: services',
      'heading2: web',
      'code:     image: "site: 1"\n    command: |\n      not:\n        a key',
      'heading2: db',
      'heading3: ports',
      'code:     - 1',
      'code:     - 2',
      'heading1: x-last',
      'code: &a {b: c}',
    ]);
  });

  it('keeps documents apart, each under its first entry', async () => {
    const text = 'kind: A\nspec:\n  x: 1\n---\n- one\n- b: 2\n  c: 3\n---\nkind: B\nspec: {}\n';
    expect(outline(await readText(text, 'a.yaml'))).toEqual([
      'heading1: kind: A',
      'heading2: spec',
      'code:   x: 1',
      'code: - one',
      'code: - b: 2\n  c: 3',
      'heading1: kind: B',
      'code: spec: {}',
    ]);
  });
});
