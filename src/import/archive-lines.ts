import { VecdropError } from '../domain/errors.ts';

/** UTF-16 units of one line: more than any record, and less than what a browser's string holds. */
const MAX_LINE = 128 * 1024 * 1024;

/** A line and its number, 1-based. */
export interface Line {
  text: string;
  number: number;
}

/**
 * The lines of UTF-8 bytes without their ends (\n or \r\n), blank ones left out. Throws 'import/corrupt' where a line
 * is too long to be held or the bytes are not UTF-8.
 */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let held: string[] = [];
  let length = 0;
  let number = 0;
  const decode = (piece?: Uint8Array) => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch (error) {
      throw new VecdropError(
        'import/corrupt',
        `The text after line ${number} is not UTF-8. Save the file as UTF-8, then import it again.`,
        error,
      );
    }
  };
  const line = (last: string): Line | undefined => {
    const joined = held.length > 0 ? held.join('') + last : last;
    held = [];
    length = 0;
    number += 1;
    const text = joined.endsWith('\r') ? joined.slice(0, -1) : joined;
    return text.trim() === '' ? undefined : { text, number };
  };
  for await (const piece of pieces) {
    const parts = decode(piece).split('\n');
    const rest = parts.pop() as string;
    for (const part of parts) {
      const whole = line(part);
      if (whole) yield whole;
    }
    if (rest === '') continue;
    held.push(rest);
    length += rest.length;
    if (length > MAX_LINE) {
      throw new VecdropError('import/corrupt', `Line ${number + 1} is too long to be a record.`);
    }
  }
  const last = line(decode());
  if (last) yield last;
}
