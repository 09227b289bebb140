import { analyse } from 'chardet';
import { VecdropError } from '../domain/errors.ts';

/** A decoded file: line ends are \n, no byte order mark, no lone surrogate. */
export interface Decoded {
  text: string;
  /** As the WHATWG Encoding Standard labels it: 'utf-8', 'windows-1251'; and 'utf-32le', 'utf-32be'. */
  encoding: string;
}

/** Strings of V8 end a little above this many UTF-16 units, and no encoding makes more units than bytes. */
const MAX_BYTES = 500 * 1024 * 1024;

/** Enough to guess by, and guessing costs the same for any file. */
const SAMPLE = 65_536;

/**
 * Bytes of a text as a string: by its byte order mark; else as UTF-16 where zero bytes say so; else as strict
 * UTF-8; else as `declared`, the encoding that the file itself names; else by a guess. What cannot be decoded becomes
 * U+FFFD, never a lone surrogate. Bytes that are whole UTF-8 are UTF-8 whatever the file says: other encodings hardly
 * ever make such, and programs that convert a file forget to correct what it says of itself.
 * Throws 'file/too-large' for what no string can hold.
 */
export function decode(bytes: Uint8Array, declared?: string): Decoded {
  if (bytes.length > MAX_BYTES) {
    throw new VecdropError(
      'file/too-large',
      'This file is too large to be read as one text (500 MB is the most). Split it and add the parts.',
    );
  }
  const { text, encoding } = decodeRaw(bytes, declared);
  return { text: text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text, encoding };
}

function decodeRaw(bytes: Uint8Array, declared?: string): Decoded {
  const mark = byteOrderMark(bytes);
  if (mark === 'utf-32le' || mark === 'utf-32be') {
    return { text: decodeUtf32(bytes, mark === 'utf-32le'), encoding: mark };
  }
  const sure = mark ?? guessUtf16(bytes);
  if (sure !== undefined) return { text: new TextDecoder(sure).decode(bytes), encoding: sure };
  if (isIso2022Jp(bytes)) {
    return { text: new TextDecoder('iso-2022-jp').decode(bytes), encoding: 'iso-2022-jp' };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    const decoder = new TextDecoder(knownLabel(declared) ?? guessLegacy(bytes));
    return { text: decoder.decode(bytes), encoding: decoder.encoding };
  }
}

/** The encoding that a byte order mark names. */
export function byteOrderMark(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  // Before UTF-16: a UTF-16LE text that begins with U+0000 is none that anybody writes.
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return 'utf-32le';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return undefined;
}

/**
 * UTF-16 without a mark: it has zero bytes (one in each character below U+0100, spaces and line ends among them),
 * and reads as characters that exist in one byte order. Where both read well, the order with more of those wins.
 */
export function guessUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes.length < 2 || bytes.length % 2 === 1) return undefined;
  const sample = bytes.subarray(0, SAMPLE);
  if (!sample.includes(0)) return undefined;
  const little = latinShare(sample, 'utf-16le');
  const big = latinShare(sample, 'utf-16be');
  if (Math.max(little, big) <= 0) return undefined;
  return little >= big ? 'utf-16le' : 'utf-16be';
}

/** The share of characters below U+0100; 0 where more than one in a hundred is none that a text has. */
function latinShare(sample: Uint8Array, encoding: string): number {
  const text = new TextDecoder(encoding).decode(sample);
  const strange = text.match(/[\p{Cn}\p{Co}\ufffd]|(?!\s)\p{Cc}/gu)?.length ?? 0;
  if (strange * 100 > text.length) return 0;
  return (text.match(/[\n -\xff]/g)?.length ?? 0) / text.length;
}

/** ISO-2022-JP is all ASCII bytes, so strict UTF-8 would take it: its shifts to JIS X 0208 give it away. */
function isIso2022Jp(bytes: Uint8Array): boolean {
  const shift = bytes.subarray(0, SAMPLE).indexOf(0x1b);
  return shift >= 0 && bytes[shift + 1] === 0x24 && (bytes[shift + 2] === 0x42 || bytes[shift + 2] === 0x40);
}

/** The Encoding Standard's name for what a file says; undefined for what no browser reads. */
function knownLabel(declared: string | undefined): string | undefined {
  try {
    return declared && new TextDecoder(declared).encoding;
  } catch {
    return undefined;
  }
}

/** A label for TextDecoder, guessed from where the first bytes above ASCII are. */
function guessLegacy(bytes: Uint8Array): string {
  const high = bytes.findIndex(byte => byte >= 0x80);
  const sample = bytes.subarray(Math.max(0, high - 256), high + SAMPLE);
  if (isDamagedUtf8(sample)) return 'utf-8';
  for (const { name } of analyse(sample)) {
    // Those two were tried, by better means.
    if (name.startsWith('UTF-')) continue;
    try {
      return new TextDecoder(name).encoding;
    } catch {
      // An encoding that no browser reads; the next guess.
    }
  }
  return 'windows-1252';
}

/** UTF-8 with a few broken places is UTF-8: a guess would turn the whole text into nonsense for their sake. */
function isDamagedUtf8(sample: Uint8Array): boolean {
  const text = new TextDecoder().decode(sample);
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  const whole = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0;
  // Bytes of other encodings form more broken characters than whole ones.
  return whole > broken * 4;
}

function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 4; at < bytes.length; at += 4) {
    const point = at + 4 <= bytes.length ? view.getUint32(at, littleEndian) : 0xfffd;
    const valid = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    text += String.fromCodePoint(valid ? point : 0xfffd);
  }
  return text;
}
