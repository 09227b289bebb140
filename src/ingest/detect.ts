import { VecdropError } from '../domain/errors.ts';
import { byteOrderMark, guessUtf16 } from './encoding.ts';
import type { Format } from './format.ts';
import { code } from './formats/code.ts';
import { plainText } from './formats/plain-text.ts';
import { formats } from './registry.ts';
import { binaryKind, contentOf } from './signatures.ts';

/** Bytes at the start, in the middle and at the end that tell what a large file is. */
export const SAMPLE = 65_536;

/**
 * The format to read a file by: by its content where that is sure, then by its name, then plain text.
 * Throws 'file/empty', 'file/unsupported' for known kinds that are not read (by name), 'file/encrypted', and
 * 'file/binary'.
 */
export function detectFormat(bytes: Uint8Array, path: string): Format {
  const name = fileName(path);
  if (bytes.length === 0) {
    throw new VecdropError('file/empty', `“${name}” is empty: there is nothing to embed.`);
  }
  const content = contentOf(bytes);
  const owner = formats.find(format => format.owns?.(content));
  if (owner) return owner;
  const kind = binaryKind(content);
  if (kind) throw new VecdropError('file/unsupported', `“${name}” is ${kind.name}, ${kind.advice}`);
  if (isBinary(bytes)) {
    throw new VecdropError(
      'file/binary',
      `“${name}” is not a text file. Save its content as text or Markdown and add that.`,
    );
  }
  const named = byName(name.toLowerCase());
  if (named) return named;
  if (content.head.startsWith('#!')) return code;
  return formats.find(format => format.startsLike?.(content.head)) ?? plainText;
}

/**
 * Whether a file holds no text: pictures, media, fonts, programs, databases, archives of kinds that are not opened.
 * Documents that are not read yet, or are under a password, are none of these: a person wants to hear of each. `bytes`
 * are the whole file, or SAMPLE bytes of its start, middle and end one after the other.
 */
export function holdsNoText(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  const content = contentOf(bytes);
  if (formats.some(format => format.owns?.(content))) return false;
  try {
    const kind = binaryKind(content);
    return kind ? !kind.holdsText : isBinary(bytes);
  } catch {
    return false;
  }
}

/** The last part of a path: what messages call a file. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function byName(name: string): Format | undefined {
  const named = formats.find(format => format.names?.includes(name));
  if (named) return named;
  const dot = name.lastIndexOf('.');
  if (dot < 0) return undefined;
  const extension = name.slice(dot + 1);
  return formats.find(format => format.extensions.includes(extension));
}

/** NULs that are not UTF-16's or UTF-32's, or many control characters: at the start, the middle or the end. */
function isBinary(bytes: Uint8Array): boolean {
  if (byteOrderMark(bytes) !== undefined || guessUtf16(bytes) !== undefined) return false;
  const middle = bytes.length >> 1;
  return [bytes.subarray(0, SAMPLE), bytes.subarray(middle, middle + SAMPLE), bytes.subarray(-SAMPLE)].some(
    sample => sample.includes(0) || controlShare(sample) > 0.05,
  );
}

/** The share of bytes that no text encoding uses for text; tab, line ends, form feed and escape are in use. */
function controlShare(sample: Uint8Array): number {
  let controls = 0;
  for (const byte of sample) {
    if (byte === 0x7f || (byte < 0x20 && !(byte >= 0x08 && byte <= 0x0d) && byte !== 0x1b)) controls++;
  }
  return controls / sample.length;
}
