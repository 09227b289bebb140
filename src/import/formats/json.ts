import { bytesOf, linesOf, piecesOf } from '../bytes.ts';
import type { ImportFormat, Told } from '../format.ts';
import { JsonCursor } from '../json-cursor.ts';
import { listRows, listsIn } from '../json-lists.ts';
import { parseRecord } from '../json-parse.ts';
import { corrupt, unsupported } from '../limits.ts';
import { originOf } from '../origin.ts';
import { isPlainObject, type RawRow, type Source, tableOf } from '../table.ts';
import { jsonl, laterColumns } from './jsonl.ts';

/**
 * JSON of any size: an array of objects; an object with such an array in it (OpenAI's `data`, Qdrant's `points` …), beside
 * which it may say what the model is; an object whose members are the records by id (LangChain's in-memory store); or an
 * object of lists side by side (Chroma's answers).
 */
export const json: ImportFormat = {
  id: 'json',
  name: 'JSON',
  extensions: ['json'],
  async open(files, signal) {
    const [file] = files as [File];
    if (await isLines(file, signal)) return jsonl.open(files, signal);
    const lists = await listsIn(file, signal);
    if (lists) {
      const read: Source['read'] = (names, stop, told) => listRows(file, lists, names, stop, told);
      return tableOf({ rows: lists[0]?.length ?? 0, read }, signal);
    }
    const said = await saidAtTheEnd(file);
    return tableOf(
      {
        origin: () => originOf(said),
        read: (_, stop, told) => records(file, said, stop, told),
        later: laterColumns,
      },
      signal,
    );
  },
};

/** One row a record; what stands beside the records goes into `said`. */
async function* records(
  file: Blob,
  said: Map<string, unknown>,
  signal: AbortSignal,
  told: Told | undefined,
): AsyncGenerator<RawRow> {
  const cursor = new JsonCursor(piecesOf(file, signal, { told }));
  try {
    if (await cursor.takes('[')) yield* elements(cursor);
    else if (await cursor.takes('{')) yield* members(cursor, said);
    else throw corrupt('This file is not JSON. Choose the file that was exported or downloaded.');
    if ((await cursor.peek()) !== '') throw trailing();
    if (cursor.records === 0) throw withoutRecords();
  } finally {
    await cursor.close();
  }
}

/** The objects of an array whose bracket is taken. */
async function* elements(cursor: JsonCursor): AsyncGenerator<RawRow> {
  if (await cursor.takes(']')) return;
  do {
    const record = parseRecord(await cursor.value(), cursor.records + 1);
    if (!isPlainObject(record)) throw withoutRecords();
    cursor.records += 1;
    yield Object.entries(record);
  } while (await cursor.takes(','));
  await cursor.expect(']');
}

/** Within these some servers' answers have their list: Qdrant's scroll, Elasticsearch's search. */
const WRAPPERS: ReadonlySet<string> = new Set(['result', 'response', 'body', 'data', 'hits']);

/** The records in an object whose bracket is taken. */
async function* members(cursor: JsonCursor, said: Map<string, unknown>): AsyncGenerator<RawRow> {
  if (await cursor.takes('}')) return;
  let byId = false;
  do {
    const key = String(parseRecord(await cursor.value(), cursor.records + 1));
    await cursor.expect(':');
    if (await cursor.takes('[')) {
      if ((await cursor.peek()) === '{') yield* elements(cursor);
      else await cursor.skip(1);
      continue;
    }
    if (cursor.records === 0 && WRAPPERS.has(key) && (await cursor.takes('{'))) {
      yield* members(cursor, said);
      continue;
    }
    const value = parseRecord(await cursor.value(), cursor.records + 1);
    byId ||= cursor.records === 0 && hasVector(value);
    if (byId && isPlainObject(value)) {
      cursor.records += 1;
      yield Object.entries(value);
    } else said.set(key, value);
  } while (await cursor.takes(','));
  await cursor.expect('}');
}

function hasVector(value: unknown): boolean {
  const isVector = (inner: unknown) =>
    Array.isArray(inner) && inner.length > 1 && inner.every(item => typeof item === 'number');
  return isPlainObject(value) && Object.values(value).some(isVector);
}

/** Whether there is more than one line and each is an object of its own: JSON Lines under another name. */
async function isLines(file: Blob, signal: AbortSignal): Promise<boolean> {
  let whole = 0;
  try {
    for await (const { line, number } of linesOf(piecesOf(file, signal))) {
      if (!isPlainObject(parseRecord(line, number))) return false;
      whole += 1;
      if (whole === 2) return true;
    }
  } catch {
    signal.throwIfAborted();
  }
  return false;
}

/** Bytes at the end in which OpenAI's answers say what the model was. */
const TAIL = 4096;

/** What stands behind the records, which is known before they are read. */
async function saidAtTheEnd(file: Blob): Promise<Map<string, unknown>> {
  const tail = new TextDecoder().decode(await bytesOf(file, Math.max(0, file.size - TAIL), file.size));
  for (let at = tail.lastIndexOf(']'); at > 0; at = tail.lastIndexOf(']', at - 1)) {
    const [, rest] = /^\]\s*,(.*)$/s.exec(tail.slice(at)) ?? [];
    if (rest === undefined) continue;
    try {
      return new Map(Object.entries(JSON.parse(`{${rest}`) as object));
    } catch {
      // That bracket was another one's.
    }
  }
  return new Map();
}

function withoutRecords() {
  return unsupported(
    'This JSON has no list of records with a text and a vector each. Choose one that has, or JSON Lines, CSV or Parquet.',
  );
}

function trailing() {
  return corrupt('This JSON goes on behind its end: it is damaged. Export it again, or download it again.');
}
