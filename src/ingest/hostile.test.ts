import { readFileSync } from 'node:fs';
import { zipSync, zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { errorCode } from '../domain/errors.ts';
import { type ReadDocument, readDocument } from './read-document.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, unit => unit.charCodeAt(0));
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(`e2e/fixtures/formats/hostile/${name}`));

async function outcome(bytes: Uint8Array, path: string): Promise<ReadDocument | string> {
  try {
    return await readDocument(bytes, path);
  } catch (error) {
    expect((error as Error).message).toMatch(/^[“A-Z].+\.$/s);
    return errorCode(error);
  }
}

async function textOf(bytes: Uint8Array, path: string): Promise<string> {
  return (await readDocument(bytes, path)).document.text;
}

/** A Word document whose parts are these. */
function docx(document: string, more: Record<string, Uint8Array> = {}): Uint8Array {
  const rels =
    '<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>';
  return zipSync({ '_rels/.rels': utf8(rels), 'word/document.xml': utf8(document), ...more });
}

/** Writes a number into a zip's directory and local header alike. */
function patchSizes(zip: Uint8Array, name: string, bytes: number): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset);
  const text = new TextDecoder('latin1').decode(zip);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (text.startsWith('PK\x03\x04', at - 30)) view.setUint32(at - 30 + 22, bytes, true);
    if (text.startsWith('PK\x01\x02', at - 46)) view.setUint32(at - 46 + 24, bytes, true);
  }
  return zip;
}

const body = (inner: string): string => `<w:document xmlns:w="w"><w:body>${inner}</w:body></w:document>`;
const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

describe('archives that are bombs', () => {
  it('refuses an entry that unpacks to far more than it is', async () => {
    const bomb = docx(body(paragraph('a'.repeat(17_000_000))));
    expect(await outcome(bomb, 'a.docx')).toBe('file/too-large');
  });

  it('stops unpacking where an entry comes to more than its directory says', async () => {
    const lying = patchSizes(docx(body(paragraph('a'.repeat(17_000_000)))), 'word/document.xml', 1000);
    expect(await outcome(lying, 'a.docx')).toBe('file/broken');
  });

  it('does not make room for what an entry only says to be', async () => {
    const lying = patchSizes(docx(body(paragraph('words'))), 'word/document.xml', 0xfffffff0);
    expect(await outcome(lying, 'a.docx')).toBe('file/too-large');
  });
});

describe('documents without what makes them one', () => {
  it.each([
    ['a Word document without a body', docx('<w:document xmlns:w="w"/>'), 'a.docx'],
    ['a Word document without parts', zipSync({ 'word/x.xml': utf8('<a/>') }), 'a.docx'],
    ['a Word document cut in half', docx(body(paragraph('x'.repeat(5000)))).slice(0, 400), 'a.docx'],
    ['a workbook without parts', zipSync({ 'xl/x.xml': utf8('<a/>') }), 'a.xlsx'],
    ['a presentation without parts', zipSync({ 'ppt/x.xml': utf8('<a/>') }), 'a.pptx'],
    ['a book without a container', zipSync({ mimetype: utf8('application/epub+zip') }), 'a.epub'],
    [
      'a text without content',
      zipSync({ mimetype: utf8('application/vnd.oasis.opendocument.text') }),
      'a.odt',
    ],
    ['a notebook without cells', utf8('{"a": 1}'), 'a.ipynb'],
    ['a PDF that ends after its first line', latin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n'), 'a.pdf'],
  ])('%s is called damaged', async (_what, bytes, path) => {
    expect(await outcome(bytes, path)).toBe('file/broken');
  });

  it('calls one blank whose body is empty', async () => {
    expect(await outcome(docx(body('')), 'a.docx')).toBe('file/blank');
  });
});

describe('documents under a password', () => {
  it.each(['encrypted.pdf', 'encrypted.docx'])('%s says so', async name => {
    expect(await outcome(fixture(name), name)).toBe('file/encrypted');
  });

  it.each([
    ['OpenDocument', 'application/vnd.oasis.opendocument.text', 'manifest', '<encryption-data/>'],
    ['EPUB', 'application/epub+zip', 'encryption', '<EncryptionMethod Algorithm="http://x#aes256-cbc"/>'],
  ])('%s that is encrypted says so', async (_what, mimetype, name, inner) => {
    const bytes = zipSync({ mimetype: utf8(mimetype), [`META-INF/${name}.xml`]: utf8(`<m>${inner}</m>`) });
    expect(await outcome(bytes, 'a')).toBe('file/encrypted');
  });

  it('reads a PDF that only its owner may change', async () => {
    expect(await textOf(fixture('owner-password.pdf'), 'a.pdf')).toContain('The river');
  });
});

describe('PDFs', () => {
  it('says of pictures of pages that they have no text', async () => {
    expect(await outcome(fixture('scanned.pdf'), 'a.pdf')).toBe('file/no-text');
  });

  it('says which pages hold none where others do', async () => {
    const { document } = await readDocument(fixture('partly-scanned.pdf'), 'a.pdf');
    expect(document.text).toContain('Opening hours');
    expect(document.notice).toBe('no text on 2 pages: 2–3');
  });

  it.each([
    ['pages that hold each other', '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>', ''],
    ['a form that draws itself', undefined, '/Fm0 Do'],
  ])('comes to an end with %s', async (_what, pages, content) => {
    const result = await outcome(loopingPdf(pages, content), 'a.pdf');
    expect(['file/broken', 'file/no-text']).toContain(result);
  });

  it('does not believe in a stream that unpacks to very much', async () => {
    const result = await outcome(loopingPdf(undefined, ' '.repeat(2_000_000)), 'a.pdf');
    expect(['file/broken', 'file/no-text']).toContain(result);
  });
});

function loopingPdf(pages: string | undefined, content: string): Uint8Array {
  const stream = String.fromCharCode(...zlibSync(latin1(content)).subarray(0, 100_000));
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    pages ?? '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /Fm0 5 0 R >> >> >>',
    `<< /Filter /FlateDecode /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Fm0 5 0 R >> >> /Length 7 >>\nstream\n/Fm0 Do\nendstream',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const xref = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  return latin1(`${text}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF`);
}

describe('markup', () => {
  const lol = `<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "${'&a;'.repeat(10)}"><!ENTITY c "${'&b;'.repeat(10)}">]>`;

  it('expands no entity that a document brings along', async () => {
    const text = await textOf(docx(lol + body(paragraph('before &c; after'))), 'a.docx');
    expect(text).toBe('before &c; after');
    expect(await textOf(utf8(`${lol}<html><body><p>before &c; after</p></body></html>`), 'a.html')).toContain(
      'before &c; after',
    );
    expect(await textOf(utf8(`${lol}<x><y>before &c; after</y></x>`), 'a.xml')).toBe(
      'x:\n  y: before &c; after',
    );
  });

  it('follows no alias of YAML', async () => {
    const levels = 'bcdefghi'
      .split('')
      .map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]}, `.repeat(9)}]`);
    const bomb = ['a: &a [lol]', ...levels].join('\n');
    expect(await textOf(utf8(bomb), 'a.yaml')).toBe(bomb);
  });

  it('reads what is nested very deeply, in any markup', async () => {
    const deep = `${'<div>'.repeat(4000)}words${'</div>'.repeat(4000)}`;
    expect(await textOf(utf8(deep), 'a.html')).toBe('words');
    const lists = `${'<ul><li>'.repeat(2000)}words`;
    expect(await textOf(utf8(lists), 'a.html')).toContain('words');
  });

  it.each([
    ['elements that never close', `<p>${'<b>'.repeat(500_000)}words`, 'a.html'],
    ['ends of what never began, too', `${'<b>'.repeat(100_000)}${'</x>'.repeat(100_000)}`, 'a.html'],
    ['XML', `${'<a>'.repeat(500_000)}words${'</a>'.repeat(500_000)}`, 'a.xml'],
    ['a Word document', docx(body('<x>'.repeat(500_000))), 'a.docx'],
  ])('refuses nesting on which a parser would work for hours: %s', async (_what, content, path) => {
    const bytes = typeof content === 'string' ? utf8(content) : content;
    expect(await outcome(bytes, path)).toBe('file/too-large');
  });

  it('does not take a span of a billion cells at its word', async () => {
    const row = '<tr><td colspan=1000000000 rowspan=1000000000>a</td><td>b</td></tr>';
    expect(
      (await textOf(utf8(`<table><tr><th>x</th></tr>${row.repeat(3)}</table>`), 'a.html')).length,
    ).toBeLessThan(10_000);
  });

  it('leaves no half of a surrogate pair', async () => {
    expect(await textOf(utf8('<p>a&#xD800;b'), 'a.html')).toBe('a\ufffdb');
    expect(await textOf(utf8('{"a": "x\\ud83dy"}'), 'a.json')).toBe('a: x\ufffdy');
  });
});

describe('data', () => {
  it('reads a CSV that is one cell of 50 MB', async () => {
    const cell = 'all of it, and “more” '.repeat(2_200_000);
    const text = await textOf(utf8(`"${cell}"`), 'a.csv');
    expect(text.length).toBeGreaterThan(40_000_000);
  });

  it('reads a CSV whose quote is never closed', async () => {
    const text = await textOf(utf8(`a,b\n1,"${'x,y\n'.repeat(1_000_000)}`), 'a.csv');
    expect(text.startsWith('a: 1\nb: x,y\nx,y\n')).toBe(true);
  });

  it('refuses JSON that is nested without end', async () => {
    expect(await outcome(utf8('['.repeat(5_000_000)), 'a.json')).toBe('file/too-large');
  });

  it('treats keys of prototypes as keys', async () => {
    const text = await textOf(utf8('{"__proto__": {"polluted": 1}, "constructor": 2}'), 'a.json');
    expect(text).toBe('__proto__:\n  polluted: 1\nconstructor: 2');
    expect('polluted' in {}).toBe(false);
  });

  it('reads RTF with brackets that never close, and refuses bracket upon bracket', async () => {
    expect(await textOf(latin1('{\\rtf1 words {\\b more'), 'a.rtf')).toBe('words more');
    expect(await outcome(latin1(`{\\rtf1 ${'{'.repeat(100_000)}words`), 'a.rtf')).toBe('file/broken');
  });

  it('reads mail that is packed into itself many times', async () => {
    const level = 'Content-Type: message/rfc822\n\n';
    const text = await textOf(utf8(`Subject: outer\n${level.repeat(200)}Subject: inner\n\nwords`), 'a.eml');
    expect(text).toContain('outer');
  });
});
