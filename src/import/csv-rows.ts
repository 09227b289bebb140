import Papa from 'papaparse';
import { bytesOf, piecesOf } from './bytes.ts';
import type { Told } from './format.ts';
import { brokenOff, corrupt, MAX_RECORD, tooLargeRow } from './limits.ts';

/** What stands between cells; of two that part a header alike the first. */
const DELIMITERS = [',', '\t', ';', '|'];

/**
 * The rows of a CSV file (RFC 4180) as lists of cells, the header first; blank lines are left out. No more is held than a
 * piece and the row at its end. `delimiter` is found by the header where none is given. Throws 'import/corrupt' where a
 * quote is never closed or the bytes are no text.
 */
export async function* csvRows(
  file: Blob,
  delimiter: string | undefined,
  signal: AbortSignal,
  told?: Told,
): AsyncGenerator<string[]> {
  let parser: Papa.Parser | undefined;
  let held = '';
  let rows = 0;
  let width = 0;
  for await (const { text, last } of textsOf(file, signal, told)) {
    held += text;
    if (!parser) {
      const [line, named] = /^sep=(.)\n/i.exec(held) ?? [];
      if (line) held = held.slice(line.length);
      parser = new Papa.Parser({ delimiter: named ?? delimiter ?? delimiterIn(held), newline: '\n' });
    }
    const { data, errors, meta }: Papa.ParseResult<string[]> = parser.parse(held, 0, !last);
    const unclosed = errors.some(({ code }) => code === 'MissingQuotes');
    const full = data.filter(({ length }, i) => length > 1 || data[i]?.[0]?.trim() !== '');
    for (const [i, row] of full.entries()) {
      if (rows === 0) width = row.length;
      const atEnd = last && i === full.length - 1;
      if (atEnd && (unclosed || (row.length < width && !held.endsWith('\n'))))
        throw brokenOff(Math.max(0, rows - 1));
      rows += 1;
      yield row;
    }
    held = held.slice(meta.cursor);
    if (held.length > MAX_RECORD) throw tooLargeRow(rows);
  }
}

/** The text in pieces, with \n at the ends of lines; the last one may be empty. */
async function* textsOf(
  file: Blob,
  signal: AbortSignal,
  told: Told | undefined,
): AsyncGenerator<{ text: string; last: boolean }> {
  const [first, second] = await bytesOf(file, 0, 2);
  const wide = first === 0xff && second === 0xfe;
  const decoder = new TextDecoder(wide ? 'utf-16le' : 'utf-8', { fatal: true });
  const decode = (piece?: Uint8Array) => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch (error) {
      throw corrupt('This file is not text in UTF-8. Save it as “CSV UTF-8”, then import it again.', error);
    }
  };
  let held = '';
  for await (const piece of piecesOf(file, signal, { told })) {
    const text = held + decode(piece);
    // Its line feed may follow in the next piece.
    held = text.endsWith('\r') ? '\r' : '';
    yield { text: unixLines(held ? text.slice(0, -1) : text), last: false };
  }
  yield { text: unixLines(held + decode()), last: true };
}

const unixLines = (text: string) => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

/** What the header's names are parted by: names have no delimiters in them, while vectors are full of commas. */
function delimiterIn(text: string): string {
  const counts = new Map(DELIMITERS.map(delimiter => [delimiter, 0]));
  let quoted = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    if (quoted) continue;
    if (letter === '\n') break;
    const count = counts.get(letter);
    if (count !== undefined) counts.set(letter, count + 1);
  }
  const most = Math.max(...counts.values());
  return DELIMITERS.find(delimiter => counts.get(delimiter) === most) as string;
}
