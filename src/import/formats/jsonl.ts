import type { ImportColumn } from '../../domain/import.ts';
import { linesOf, piecesOf } from '../bytes.ts';
import type { ImportFormat } from '../format.ts';
import { parseRecord } from '../json-parse.ts';
import { brokenOff, brokenRow } from '../limits.ts';
import { isPlainObject, type RawRow, type Source, tableOf } from '../table.ts';

/** One object of JSON a line. */
export const jsonl: ImportFormat = {
  id: 'jsonl',
  name: 'JSON Lines',
  extensions: ['jsonl', 'ndjson'],
  open(files, signal) {
    const [file] = files as [File];
    const read: Source['read'] = (_, stop, told) => lineRows(piecesOf(file, stop, { told }));
    return tableOf({ read, later: laterColumns }, signal);
  },
};

/** One row a line that is not empty; an error names the line. */
export async function* lineRows(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<RawRow> {
  for await (const { line, number, last } of linesOf(pieces)) {
    let record: unknown;
    try {
      record = parseRecord(line, number);
    } catch (error) {
      throw last ? brokenOff(number - 1, error) : error;
    }
    if (!isPlainObject(record)) throw brokenRow(number, 'a record of JSON');
    yield Object.entries(record);
  }
}

/** Our own records have a page only where their file has pages, and the first may be others. */
export function laterColumns(found: ReadonlySet<string>): ImportColumn[] {
  const ours = ['object', 'index', 'id', 'file', 'tokens'].every(name => found.has(name));
  return ours && !found.has('page') ? [{ name: 'page', kind: 'number', samples: [] }] : [];
}
