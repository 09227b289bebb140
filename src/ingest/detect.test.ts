import { describe, expect, it } from 'vitest';
import { holdsNoText } from './detect.ts';

const latin1 = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0));
const ZIP = `PK\x03\x04\x14\0${'\0'.repeat(24)}`;

describe('what holds no text', () => {
  it.each([
    ['a picture', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['a program', '\x7fELF\x02\x01\x01\0'],
    ['a font', 'wOF2\0\x01\0\0'],
    ['an archive that is not opened', '7z\xbc\xaf\x27\x1c'],
    ['a database', 'SQLite format 3\0\x10\0'],
    ['bytes of no known kind', `x${'\0\x01\x02'.repeat(50)}`],
  ])('is %s', (_, content) => {
    expect(holdsNoText(latin1(content))).toBe(true);
  });

  it.each([
    ['a text', 'BMW and ID3 and MZ are names.'],
    ['an empty file, which is told by name', ''],
    ['a PDF', '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\0\0\0\0'],
    ['an old Office document, which could be saved as another', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'],
    ['a zip archive, which is opened', `${ZIP}notes.txt`],
    ['UTF-16', '\xff\xfea\0b\0c\0'],
  ])('is not %s', (_, content) => {
    expect(holdsNoText(latin1(content))).toBe(false);
  });
});
