import { TEXT_PAGE } from '../domain/document.ts';
import type { Database } from './database.ts';
import type { DocumentHead, DocumentPage } from './schema.ts';
import { blockRange } from './sweep.ts';

/** Pages of text a transaction: 4 MB, so that a long text does not fill the browser's memory. */
const PAGES_A_WRITE = 64;

/**
 * Writes a document's text and head. Until a generation refers to it (see `commitChunks`) it is a draft, so that
 * nothing is left behind by a crash.
 */
export async function writeDocument(
  db: Database,
  head: DocumentHead,
  pages: readonly string[],
): Promise<void> {
  const { document } = head;
  await db.write(['documents', 'meta'], async tx => {
    await tx.objectStore('meta').put({ key: `draft:${document}`, document });
    await tx.objectStore('documents').put(head);
  });
  for (let at = 0; at < pages.length; at += PAGES_A_WRITE) {
    await db.write(['documents'], async tx => {
      const batch = pages.slice(at, at + PAGES_A_WRITE);
      await Promise.all(
        batch.map((text, i) => tx.objectStore('documents').put({ document, page: at + i, text })),
      );
    });
  }
}

export async function readHead(db: Database, document: string): Promise<DocumentHead | undefined> {
  const record = await db.read(['documents'], tx => tx.objectStore('documents').get([document, -1]));
  return record && 'length' in record ? record : undefined;
}

/** All pages of a text, in order. */
export async function readPages(db: Database, document: string): Promise<string[]> {
  const records = await db.read(['documents'], tx =>
    tx.objectStore('documents').getAll(blockRange(document)),
  );
  return records.map(record => ('text' in record ? record.text : ''));
}

/** A document's stored records, head first, a few pages in memory at once; none where it is not there. */
export async function* documentRecords(
  db: Database,
  document: string,
): AsyncGenerator<DocumentHead | DocumentPage> {
  let next = -1;
  for (;;) {
    const range = blockRange(document, next);
    const records = await db.read(['documents'], tx =>
      tx.objectStore('documents').getAll(range, PAGES_A_WRITE),
    );
    yield* records;
    const last = records.at(-1);
    if (!last || records.length < PAGES_A_WRITE) return;
    next = last.page + 1;
  }
}

/** UTF-16 units [start, end) of a text; what lies outside it is left out. */
export async function readText(db: Database, document: string, start: number, end: number): Promise<string> {
  if (end <= start) return '';
  const first = Math.floor(start / TEXT_PAGE);
  const range = IDBKeyRange.bound([document, first], [document, Math.floor((end - 1) / TEXT_PAGE)]);
  const records = await db.read(['documents'], tx => tx.objectStore('documents').getAll(range));
  const text = records.map(record => ('text' in record ? record.text : '')).join('');
  return text.slice(start - first * TEXT_PAGE, end - first * TEXT_PAGE);
}

/** Reads spans of a text that are asked for roughly in order, keeping the last stretch of pages in memory. */
export function textReader(db: Database, document: string): (start: number, end: number) => Promise<string> {
  let from = 0;
  let held = '';
  return async (start, end) => {
    if (start < from || end > from + held.length) {
      from = Math.floor(start / TEXT_PAGE) * TEXT_PAGE;
      held = await readText(db, document, from, Math.ceil(end / TEXT_PAGE) * TEXT_PAGE + TEXT_PAGE);
    }
    return held.slice(start - from, end - from);
  };
}
