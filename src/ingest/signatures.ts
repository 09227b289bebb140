import type { Content } from './format.ts';
import { encrypted } from './limits.ts';
import { unzipEntry, zipDirectory } from './zip.ts';

/** What a person can do instead. */
type Advice = 'convert' | 'no-text' | 'unpack' | 'files-inside' | 'program' | 'database' | 'model';

/** A kind of file known by its first bytes. */
interface Signature {
  /** With its article: 'a PDF'. */
  name: string;
  /** As latin1. */
  magic: string;
  /** Where the magic stands; 0 where not given. */
  at?: number;
  advice: Advice;
  /** The magic alone could begin a text: a NUL byte must follow. */
  weak?: true;
}

const OLD_OFFICE = 'an old Office document';

const SIGNATURES: readonly Signature[] = [
  { name: OLD_OFFICE, magic: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', advice: 'convert' },
  { name: 'a DjVu document', magic: 'AT&TFORM', advice: 'convert' },
  { name: 'a PNG image', magic: '\x89PNG\r\n\x1a\n', advice: 'no-text' },
  { name: 'a JPEG image', magic: '\xff\xd8\xff', advice: 'no-text' },
  { name: 'a GIF image', magic: 'GIF87a', advice: 'no-text' },
  { name: 'a GIF image', magic: 'GIF89a', advice: 'no-text' },
  { name: 'a WebP image', magic: 'WEBP', at: 8, advice: 'no-text', weak: true },
  { name: 'a TIFF image', magic: 'II*\0', advice: 'no-text' },
  { name: 'a TIFF image', magic: 'MM\0*', advice: 'no-text' },
  { name: 'a BMP image', magic: 'BM', advice: 'no-text', weak: true },
  { name: 'an icon', magic: '\0\0\x01\0', advice: 'no-text' },
  { name: 'a Photoshop image', magic: '8BPS', advice: 'no-text', weak: true },
  { name: 'a video or photo', magic: 'ftyp', at: 4, advice: 'no-text', weak: true },
  { name: 'a video', magic: '\x1aE\xdf\xa3', advice: 'no-text' },
  { name: 'a video', magic: 'AVI ', at: 8, advice: 'no-text', weak: true },
  { name: 'a sound file', magic: 'WAVE', at: 8, advice: 'no-text', weak: true },
  { name: 'a sound file', magic: 'ID3', advice: 'no-text', weak: true },
  { name: 'a sound file', magic: 'OggS', advice: 'no-text', weak: true },
  { name: 'a sound file', magic: 'fLaC', advice: 'no-text', weak: true },
  { name: 'a font', magic: '\0\x01\0\0\0', advice: 'no-text' },
  { name: 'a font', magic: 'OTTO', advice: 'no-text', weak: true },
  { name: 'a font', magic: 'wOFF', advice: 'no-text', weak: true },
  { name: 'a font', magic: 'wOF2', advice: 'no-text', weak: true },
  { name: 'a gzip archive', magic: '\x1f\x8b', advice: 'unpack' },
  { name: 'a bzip2 archive', magic: 'BZh', advice: 'unpack', weak: true },
  { name: 'an xz archive', magic: '\xfd7zXZ\0', advice: 'unpack' },
  { name: 'a Zstandard archive', magic: '\x28\xb5\x2f\xfd', advice: 'unpack' },
  { name: 'a 7z archive', magic: '7z\xbc\xaf\x27\x1c', advice: 'unpack' },
  { name: 'a RAR archive', magic: 'Rar!\x1a', advice: 'unpack' },
  { name: 'a tar archive', magic: 'ustar', at: 257, advice: 'unpack', weak: true },
  { name: 'an SQLite database', magic: 'SQLite format 3\0', advice: 'database' },
  { name: 'a Parquet table', magic: 'PAR1', advice: 'database', weak: true },
  { name: 'an Arrow table', magic: 'ARROW1', advice: 'database', weak: true },
  { name: 'an HDF5 file', magic: '\x89HDF\r\n\x1a\n', advice: 'database' },
  { name: 'a NumPy array', magic: '\x93NUMPY', advice: 'database' },
  { name: 'a program', magic: '\x7fELF', advice: 'program' },
  { name: 'a program', magic: 'MZ', advice: 'program', weak: true },
  { name: 'a program', magic: '\xcf\xfa\xed\xfe', advice: 'program' },
  { name: 'a Java class or a program', magic: '\xca\xfe\xba\xbe', advice: 'program' },
  { name: 'a WebAssembly module', magic: '\0asm', advice: 'program' },
  { name: 'a GGUF model', magic: 'GGUF', advice: 'model', weak: true },
];

const ADVICE: Record<Advice, string> = {
  convert: 'which Vecdrop does not read yet. Save it as text or Markdown and add that.',
  'no-text': 'which has no text to read. Add a file with its text instead.',
  unpack: 'which Vecdrop does not open yet. Unpack it and add the files inside.',
  // Dropped on the page it is taken apart before it comes here: the API takes one file at a time.
  'files-inside':
    'which holds files and is none to read. Drop it on the page, or send the files inside one by one.',
  program: 'not a document. Add its source or its documentation instead.',
  database: 'which Vecdrop does not read yet. Export it as CSV or text and add that.',
  model: 'not a document. Add it with a name that ends in .gguf to use it as a model.',
};

/** Zips that are no archive of documents, by the names in them. */
const ZIP_KINDS: readonly [RegExp, string, Advice][] = [
  [/^Index\/.*\.iwa$|^index\.apxl$/, 'a Pages, Numbers or Keynote document', 'convert'],
  [/^FixedDocumentSequence\.fdseq$|\.fpage$/, 'an XPS document', 'convert'],
  [/^AndroidManifest\.xml$|^META-INF\/MANIFEST\.MF$/, 'a program', 'program'],
];
const ZIP_ARCHIVE = [/^/, 'a zip archive', 'files-inside'] as const;

/** Where a program that protects Office files with a password keeps them. */
const ENCRYPTED_PACKAGE = Uint8Array.from('EncryptedPackage', letter => letter.charCodeAt(0));

/** A file's beginning, and the names inside where it is a zip. */
export function contentOf(bytes: Uint8Array): Content {
  const head = latin1(bytes.subarray(0, 1024));
  const isZip = head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06');
  if (!isZip) return { bytes, head, entries: undefined, mimetype: undefined };
  try {
    const directory = zipDirectory(bytes);
    const type = directory.find(({ name, bytes: size }) => name === 'mimetype' && size < 200);
    const mimetype = type && latin1(unzipEntry(bytes, type)).trim();
    return { bytes, head, entries: new Set(directory.map(({ name }) => name)), mimetype };
  } catch {
    // What a damaged archive was is still told by its first names.
    const mimetype = /^mimetype(application\/[\w.+-]+)/.exec(head.slice(30))?.[1]?.replace(/PK$/, '');
    const names = latin1(bytes.subarray(0, 8192))
      .split('PK\x03\x04')
      .map(entry => /^[!-~]*/.exec(entry.slice(26))?.[0] ?? '');
    return { bytes, head, entries: new Set(names), mimetype };
  }
}

/** A kind of file that is not read. */
export interface BinaryKind {
  /** With its article. */
  name: string;
  /** What to do about it. */
  advice: string;
  /** Whether there is a text in it, though it is not read: another program can take it out. */
  holdsText: boolean;
}

/**
 * What a file is; undefined for what no signature fits.
 * Throws 'file/encrypted' for Office files under a password: those are no zips.
 */
export function binaryKind({ bytes, head, entries }: Content): BinaryKind | undefined {
  if (entries) {
    const [, name, advice] =
      ZIP_KINDS.find(([mark]) => [...entries].some(entry => mark.test(entry))) ?? ZIP_ARCHIVE;
    return asKind(name, advice);
  }
  const found = SIGNATURES.find(
    ({ magic, at = 0, weak }) =>
      head.startsWith(magic, at) && (!weak || bytes.subarray(0, 65_536).includes(0)),
  );
  if (found?.name === OLD_OFFICE && includesWide(bytes, ENCRYPTED_PACKAGE))
    throw encrypted('an Office document');
  return found && asKind(found.name, found.advice);
}

function asKind(name: string, advice: Advice): BinaryKind {
  return { name, advice: ADVICE[advice], holdsText: advice === 'convert' || name === ZIP_ARCHIVE[1] };
}

/** Whether ASCII letters stand in the bytes as UTF-16LE: those of a container's directory do. */
function includesWide(bytes: Uint8Array, letters: Uint8Array): boolean {
  const first = letters[0] as number;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (letters.every((letter, i) => bytes[at + i * 2] === letter && bytes[at + i * 2 + 1] === 0))
      return true;
  }
  return false;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
