/** Items in groups of `size`; the last group may be smaller. */
export async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Texts as UTF-8, gathered so that each piece is worth handing on. */
export async function* utf8(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let held = '';
  for await (const text of texts) {
    held += text;
    if (held.length < PIECE) continue;
    yield encoder.encode(held);
    held = '';
  }
  if (held !== '') yield encoder.encode(held);
}

/** UTF-16 units. */
const PIECE = 65_536;

/** One line a group of records; of `size` records each. */
export function batchLines<T>(
  items: AsyncIterable<T>,
  size: number,
  line: (batch: T[]) => string,
): AsyncGenerator<Uint8Array> {
  async function* lines() {
    for await (const batch of batches(items, size)) yield `${line(batch)}\n`;
  }
  return utf8(lines());
}

/** One line an item. */
export function eachLine<T>(items: AsyncIterable<T>, line: (item: T) => string): AsyncGenerator<Uint8Array> {
  async function* lines() {
    for await (const item of items) yield `${line(item)}\n`;
  }
  return utf8(lines());
}

/** Items between an opening and an end, one a line, with commas between them. */
export function enclosed<T>(
  open: string,
  items: AsyncIterable<T>,
  text: (item: T) => string,
  end: string,
): AsyncGenerator<Uint8Array> {
  async function* parts() {
    yield open;
    let first = true;
    for await (const item of items) {
      yield `${first ? '' : ','}\n${text(item)}`;
      first = false;
    }
    yield `\n${end}\n`;
  }
  return utf8(parts());
}
