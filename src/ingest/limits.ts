import { VecdropError } from '../domain/errors.ts';

/** UTF-16 units that one document may come to: what a worker's memory holds together with its blocks. */
export const MAX_TEXT = 256 * 1024 * 1024;
/** Elements and texts of one marked-up file; each is an object of some 100 bytes. */
export const MAX_NODES = 4_000_000;
/** Nesting kept of markup; what is deeper is read as if it stood here. */
export const MAX_MARKUP_DEPTH = 256;
/** Elements of markup that may be open at once: the parser's time for a tag grows with them. Browsers keep 512. */
export const MAX_OPEN_ELEMENTS = 4096;
/** Nesting of a JSON value. */
export const MAX_JSON_DEPTH = 400;
/** Bytes that one entry of an archive may unpack to. */
export const MAX_ENTRY_BYTES = 256 * 1024 * 1024;
/** Times its packed size that an entry may unpack to, from MIN_RATIO_BYTES on: deflate ends at 1032, texts at 20. */
export const MAX_RATIO = 300;
/** Below this size a high ratio harms nobody: a page of blanks has one. */
export const MIN_RATIO_BYTES = 16 * 1024 * 1024;

/** What is said of a file that would not fit into memory. */
export function tooLarge(what: string): VecdropError {
  return new VecdropError('file/too-large', `This file ${what}. Split it and add the parts.`);
}

/** What is said of a file that does not hold what its kind must hold. */
export function broken(kind: string, cause?: unknown): VecdropError {
  return new VecdropError(
    'file/broken',
    `This file is damaged: it cannot be read as ${kind}. Open it in the program that made it, save it again and add that.`,
    cause,
  );
}

/** What is said of a file that needs a password. */
export function encrypted(kind: string): VecdropError {
  return new VecdropError(
    'file/encrypted',
    `This file is ${kind} protected by a password. Save it without the password and add that.`,
  );
}
