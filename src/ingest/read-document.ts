import type { Document } from '../domain/document.ts';
import { VecdropError } from '../domain/errors.ts';
import { detectFormat, fileName } from './detect.ts';
import { type Decoded, decode } from './encoding.ts';

/** A file that was read, and by what. */
export interface ReadDocument {
  document: Document;
  /** The format's id. */
  format: string;
  /** As the Encoding Standard labels it; 'binary' for formats that are not text in themselves. */
  encoding: string;
}

/**
 * Reads a file's bytes. `path` gives the format where the content does not, and the name in messages.
 * Throws 'file/empty', 'file/blank', 'file/unsupported', 'file/binary', 'file/too-large',
 * 'file/broken', 'file/encrypted', 'file/no-text'.
 */
export async function readDocument(bytes: Uint8Array, path: string): Promise<ReadDocument> {
  try {
    return await read(bytes, path);
  } catch (error) {
    if (!(error instanceof VecdropError)) throw error;
    // Formats know no names: what they say of 'this file' is said of it by its own.
    const sentence = error.message.replace(/^This file\b/, () => `“${fileName(path)}”`);
    throw new VecdropError(error.code, sentence, error.cause);
  }
}

async function read(bytes: Uint8Array, path: string): Promise<ReadDocument> {
  const format = detectFormat(bytes, path);
  let decoded: Decoded | undefined;
  const parsed = await format.parse({
    bytes,
    path,
    text(declared) {
      decoded ??= decode(bytes, declared);
      return decoded.text;
    },
  });
  if (!/\S/.test(parsed.text)) {
    throw new VecdropError(
      'file/blank',
      `“${fileName(path)}” holds nothing but blanks: there is nothing to embed.`,
    );
  }
  return { document: parsed, format: format.id, encoding: decoded?.encoding ?? 'binary' };
}
