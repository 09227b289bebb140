import type { Told } from './format.ts';
import { corrupt, MAX_RECORD, tooLargeRow } from './limits.ts';

/** Bytes read at once. */
const PIECE = 1024 * 1024;

/** What of a file is read, and who hears how far it is. */
interface Reading {
  /** In bytes. */
  from?: number;
  told?: Told | undefined;
}

/** A file's bytes in pieces. Throws 'import/corrupt' where the file cannot be read any more. */
export async function* piecesOf(
  file: Blob,
  signal: AbortSignal,
  { from = 0, told }: Reading = {},
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < file.size; at += PIECE) {
    signal.throwIfAborted();
    told?.(at / file.size);
    yield await bytesOf(file, at, at + PIECE);
  }
}

/** Some of a file's bytes; fewer where it ends. */
export async function bytesOf(file: Blob, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch (error) {
    throw corrupt('This file cannot be read any more: it was moved or changed. Choose it again.', error);
  }
}

/** A line without its end. */
interface Line {
  line: Uint8Array;
  /** 1-based; empty lines count. */
  number: number;
  /** It ends where the file does, with no line end. */
  last: boolean;
}

/** Lines with anything in them, of bytes in pieces. Throws 'import/unsupported' for one of more bytes than `most`. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>, most = MAX_RECORD): AsyncGenerator<Line> {
  let number = 1;
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, from)) {
      const line = joined([...held, piece.subarray(from, at)]);
      held = [];
      length = 0;
      from = at + 1;
      if (line.some(byte => byte > 0x20)) yield { line, number, last: false };
      number += 1;
    }
    held.push(piece.subarray(from));
    length += piece.length - from;
    if (length > most) throw tooLargeRow(number, most);
  }
  const line = joined(held);
  if (line.some(byte => byte > 0x20)) yield { line, number, last: true };
}

/** Bytes one after the other; a single one is not copied. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
