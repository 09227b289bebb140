import { piecesOf } from './bytes.ts';
import type { Told } from './format.ts';
import { JsonCursor } from './json-cursor.ts';
import { parseRecord } from './json-parse.ts';
import { brokenOff } from './limits.ts';
import type { RawRow } from './table.ts';

/** A list of an object, with an item for each record. */
interface List {
  name: string;
  /** Where its bracket is, in bytes. */
  offset: number;
  length: number;
}

/**
 * JSON that is an object of lists side by side, as Chroma's `get()` answers: ids, embeddings, documents, metadatas. The
 * longest of its lists, which are of one length; undefined where no vectors are among them. Reads such a file once.
 */
export async function listsIn(file: Blob, signal: AbortSignal): Promise<List[] | undefined> {
  const cursor = new JsonCursor(piecesOf(file, signal));
  const found: (List & { first: string })[] = [];
  try {
    if (!(await cursor.takes('{'))) return undefined;
    do {
      const name = String(parseRecord(await cursor.value(), 1));
      await cursor.expect(':');
      if ((await cursor.peek()) !== '[') {
        await cursor.skip();
        continue;
      }
      const { offset } = cursor;
      await cursor.expect('[');
      const first = await cursor.peek();
      // Records stand in such a list; a list of objects beside others comes behind them.
      if (found.length === 0 && first === '{') return undefined;
      found.push({ name, offset, length: await lengthOf(cursor), first });
    } while (await cursor.takes(','));
  } finally {
    await cursor.close();
  }
  const longest = found
    .toSorted((a, b) => b.length - a.length)
    .filter((list, _, [most]) => list.length === most?.length);
  return longest.some(({ first }) => first === '[') ? longest : undefined;
}

/** The items of a list whose bracket is taken. */
async function lengthOf(cursor: JsonCursor): Promise<number> {
  if (await cursor.takes(']')) return 0;
  let length = 0;
  do {
    await cursor.skip();
    length += 1;
  } while (await cursor.takes(','));
  await cursor.expect(']');
  return length;
}

/** The items of lists side by side, as records. */
export async function* listRows(
  file: Blob,
  lists: readonly List[],
  names: ReadonlySet<string> | undefined,
  signal: AbortSignal,
  told: Told | undefined,
): AsyncGenerator<RawRow> {
  const wanted = lists.filter(({ name }) => names?.has(name) ?? true);
  const [{ length } = { length: 0 }] = wanted;
  if (length === 0) return;
  const cursors = wanted.map(({ offset }) => new JsonCursor(piecesOf(file, signal, { from: offset })));
  try {
    for (const cursor of cursors) await cursor.expect('[');
    for (let row = 1; ; row++) {
      const cells: [string, unknown][] = [];
      for (const [i, cursor] of cursors.entries()) {
        if ((await cursor.peek()) === ']') return;
        cells.push([wanted[i]?.name as string, parseRecord(await cursor.value(), row)]);
        cursor.records = row;
        if (!(await cursor.takes(',')) && (await cursor.peek()) !== ']') throw brokenOff(row);
      }
      told?.(row / length);
      yield cells;
    }
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}
