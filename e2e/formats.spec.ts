import { join, resolve } from 'node:path';
import { zipSync } from 'fflate';
import { drop, expect, test, writeFiles } from './fixtures.ts';
import { openTiny } from './tiny.ts';
import { settled, textOf } from './trouble.ts';

const FIXTURES = resolve('e2e/fixtures/formats/files');
const HOSTILE = resolve('e2e/fixtures/formats/hostile');

test('documents of many programs are read in the page, and nothing is fetched from elsewhere', async ({
  page,
  folder,
}) => {
  const collection = await openTiny(page);
  const names = [
    'river-latex.pdf',
    'east-chromium.pdf',
    'indic-chromium.pdf',
    'feed-feedgen.atom',
    'catalogue-pyyaml.yaml',
    'handbook-libreoffice.docx',
    'garten-pandoc.epub',
    'slides-pandoc.pptx',
    'people-libreoffice.xlsx',
    'garten-python.eml',
  ];
  const old = await writeFiles(folder, { 'old.pdf': japanesePdf() });
  await drop(page, [...names.map(name => join(FIXTURES, name)), ...old]);
  const found = await settled(page, collection, names.length + 1);
  const states = Object.values(found).map(({ path, state, error }) => [path, state, error?.message]);
  expect(states.filter(([, state]) => state !== 'done')).toEqual([]);
  expect(await textOf(page, found['river-latex.pdf'])).toContain('The list of animals is short');
  expect(await textOf(page, found['east-chromium.pdf'])).toContain('老磨坊下面的那条河既不长也不宽');
  // What its glyphs read stands beside them.
  expect(await textOf(page, found['indic-chromium.pdf'])).toContain('क्षेत्र का मानचित्र, ज्ञान और श्रम');
  expect(await textOf(page, found['people-libreoffice.xlsx'])).toContain('City: Råshult\nBorn: 1707');
  // Its characters are in a table that the page brings along.
  expect(await textOf(page, found['old.pdf'])).toBe('日本語の古い文書にも文字があります。読めるはずです。');
});

test('hostile files fail by themselves, and what is beside them is done', async ({ page, folder }) => {
  const collection = await openTiny(page);
  const word = (body: string) =>
    zipSync({
      '_rels/.rels': utf8(
        '<Relationships><Relationship Type="x/officeDocument" Target="word/document.xml"/></Relationships>',
      ),
      'word/document.xml': utf8(`<w:document xmlns:w="w">${body}</w:document>`),
    });
  const entities = `<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "${'&a;'.repeat(1000)}">]><x><y>safe &b;</y></x>`;
  const made = await writeFiles(folder, {
    'bomb.docx': word(`<w:body><w:p><w:r><w:t>${'a'.repeat(17_000_000)}</w:t></w:r></w:p></w:body>`),
    'no-body.docx': word(''),
    'deep.html': '<b>'.repeat(500_000),
    'entities.xml': entities,
    'cell.csv': `"${'all in one cell. '.repeat(20_000)}"`,
    'good.txt': 'The river runs under the bridge.',
    'in.zip': zipSync({ '../out.txt': utf8('one'), 'n.zip': zipSync({ 'in/two.txt': utf8('two') }) }),
  });
  const kept = ['encrypted.pdf', 'scanned.pdf', 'partly-scanned.pdf'].map(name => join(HOSTILE, name));
  await drop(page, [...made, ...kept]);
  const found = await settled(page, collection, 11);
  const outcomes = Object.values(found).map(({ path, error }) => [path, error?.code ?? 'done']);
  expect(Object.fromEntries(outcomes)).toEqual({
    'bomb.docx': 'file/too-large',
    'no-body.docx': 'file/broken',
    'deep.html': 'file/too-large',
    'entities.xml': 'done',
    'cell.csv': 'done',
    'good.txt': 'done',
    'in.zip/out.txt': 'done',
    'in.zip/n.zip/in/two.txt': 'done',
    'encrypted.pdf': 'file/encrypted',
    'scanned.pdf': 'file/no-text',
    'partly-scanned.pdf': 'done',
  });
  expect(await textOf(page, found['entities.xml'])).toContain('safe &b;');
  await expect(page.getByRole('listbox', { name: 'Files' })).toContainText('no text on 2 pages: 2–3');
  await expect(page.getByText(/^Adding/)).toBeHidden();
});

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A PDF as they were made before fonts were embedded: codes, and the name of the map from codes to characters. */
function japanesePdf(): string {
  const text = '日本語の古い文書にも文字があります。読めるはずです。';
  const codes = Array.from(text, character => character.charCodeAt(0).toString(16).padStart(4, '0')).join('');
  const content = `BT /F1 12 Tf 20 100 Td <${codes}> Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /UniJIS-UCS2-H /DescendantFonts [6 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /DW 1000 /FontDescriptor 7 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>',
    '<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 700 /Descent -200 /CapHeight 700 /StemV 80 >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const rows = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const table = `xref\n0 8\n0000000000 65535 f \n${rows}trailer\n<< /Size 8 /Root 1 0 R >>\n`;
  return `${file}${table}startxref\n${file.length}\n%%EOF`;
}
