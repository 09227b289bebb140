import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { errorCode } from '../domain/errors.ts';
import { expandArchive, isArchive } from './archive.ts';

const zip = (files: Record<string, string | Uint8Array>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        typeof content === 'string' ? strToU8(content) : content,
      ]),
    ),
  );

const limits = { files: 10, bytes: 10_000, depth: 2 };

/** Paths with their text, or the code of the error in brackets. */
function expand(bytes: Uint8Array, within = limits): string[] {
  return Array.from(expandArchive(bytes, 'a.zip', within), file =>
    'error' in file
      ? `${file.path} [${file.error.code}]`
      : `${file.path}: ${new TextDecoder().decode(file.bytes)}`,
  );
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return errorCode(error);
  }
  return 'nothing';
}

describe('archives', () => {
  it('come apart into their files, folders and systems’ files aside', () => {
    const bytes = zip({
      'b/c.txt': 'one',
      'd.md': 'two',
      '__MACOSX/._d.md': 'x',
      '.DS_Store': 'x',
      'e/': '',
    });
    expect(expand(bytes)).toEqual(['a.zip/b/c.txt: one', 'a.zip/d.md: two']);
  });

  it('are told from documents that are zips', () => {
    expect(isArchive(zip({ 'a.txt': '' }))).toBe(true);
    expect(isArchive(zip({ 'word/document.xml': '' }))).toBe(false);
    expect(isArchive(zip({ mimetype: 'application/epub+zip', 'META-INF/container.xml': '' }))).toBe(false);
    expect(isArchive(zip({ 'META-INF/MANIFEST.MF': '', 'A.class': '' }))).toBe(false);
    expect(isArchive(strToU8('PK is how it begins'))).toBe(false);
  });

  it('keep names below themselves, each once', () => {
    const bytes = zip({
      '../../etc/passwd': '1',
      '/etc/passwd': '2',
      'C:\\Windows\\etc\\passwd': '3',
      'a/./b//c.txt': '4',
      '..': '5',
    });
    expect(expand(bytes)).toEqual([
      'a.zip/etc/passwd: 1',
      'a.zip/etc/passwd (2): 2',
      'a.zip/Windows/etc/passwd: 3',
      'a.zip/a/b/c.txt: 4',
      'a.zip/unnamed: 5',
    ]);
  });

  it('are opened within archives, to a depth', () => {
    const third = zip({ 'deep.txt': 'x' });
    const second = zip({ 'in.txt': 'in', 'third.zip': third });
    expect(expand(zip({ 'out.txt': 'out', 'second.zip': second }))).toEqual([
      'a.zip/out.txt: out',
      'a.zip/second.zip/in.txt: in',
      'a.zip/second.zip/third.zip [file/unsupported]',
    ]);
  });

  it('fail as a whole past a limit, counted over archives within', () => {
    const files = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}`, 'x']));
    expect(refusal(() => expand(zip(files(11))))).toBe('file/too-large');
    expect(refusal(() => expand(zip({ ...files(5), 'b.zip': zip(files(6)) })))).toBe('file/too-large');
    expect(refusal(() => expand(zip({ a: 'x'.repeat(6000), b: 'x'.repeat(6000) })))).toBe('file/too-large');
  });

  it('fail by the entry where one is a bomb, and go on', () => {
    const bytes = zip({ 'bomb.txt': new Uint8Array(17_000_000), 'b.txt': 'good' });
    expect(expand(bytes, { ...limits, bytes: 1e9 })).toEqual([
      'a.zip/bomb.txt [file/too-large]',
      'a.zip/b.txt: good',
    ]);
  });

  it('fail by the entry where one is under a password or damaged', () => {
    const bytes = zip({ 'a.txt': 'secret', 'b.txt': 'good' });
    const text = new TextDecoder('latin1').decode(bytes);
    const directory = text.indexOf('PK\x01\x02');
    const locked = bytes.slice();
    locked[directory + 8] = (locked[directory + 8] as number) | 1;
    expect(expand(locked)).toEqual(['a.zip/a.txt [file/encrypted]', 'a.zip/b.txt: good']);
    const damaged = bytes.slice();
    damaged[0] = 0;
    expect(expand(damaged)).toEqual(['a.zip/a.txt [file/broken]', 'a.zip/b.txt: good']);
  });

  it('are damaged where the directory is not whole or entries share bytes', () => {
    const bytes = zip({ 'a.txt': 'one', 'b.txt': 'two' });
    expect(refusal(() => expand(bytes.slice(0, -10)))).toBe('file/broken');
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const second = new TextDecoder('latin1').decode(bytes).lastIndexOf('PK\x01\x02');
    view.setUint32(second + 42, 0, true);
    expect(refusal(() => expand(bytes))).toBe('file/broken');
  });

  it('have names in UTF-8 or in code page 437', () => {
    const bytes = zip({ 'Größe.txt': '1', 'Ab.txt': '2' });
    const view = new TextDecoder('latin1').decode(bytes);
    for (let at = view.indexOf('Ab.txt'); at >= 0; at = view.indexOf('Ab.txt', at + 1)) bytes[at] = 0x8e;
    expect(expand(bytes)).toEqual(['a.zip/Größe.txt: 1', 'a.zip/Äb.txt: 2']);
  });
});
