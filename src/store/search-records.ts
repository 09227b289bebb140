import { TEXT_PAGE } from '../domain/document.ts';
import { recipeKey } from '../domain/recipe.ts';
import type { Database } from './database.ts';
import { readable } from './files.ts';
import type { CollectionRecord, FileRecord, Generation } from './schema.ts';

/** What a search needs to know of a file. */
export interface SearchableFile {
  id: string;
  path: string;
  format?: string;
  /** What readers see of it; absent where there is nothing yet, or the file is deleted. */
  generation?: Generation;
}

/** What changed of a collection. */
export interface SearchChanges {
  /** Absent where it is gone for good. */
  collection?: CollectionRecord;
  files: SearchableFile[];
  /** Ask for what changed after this. */
  revision: number;
}

/**
 * Files that changed after a revision and the collection, as of one moment. A recipe that took over makes every file
 * one that changed: ask with the key of the recipe that was seen last.
 */
export async function searchChanges(
  db: Database,
  collectionId: string,
  after: number,
  seenRecipe: string | undefined,
): Promise<SearchChanges> {
  const { collection, records } = await db.read(['collections', 'files'], async tx => {
    const collection = await tx.objectStore('collections').get(collectionId);
    const from = collection && recipeKey(collection.recipe) === seenRecipe ? after : 0;
    const range = IDBKeyRange.bound([collectionId, from], [collectionId, Number.POSITIVE_INFINITY], from > 0);
    return { collection, records: await tx.objectStore('files').index('byRevision').getAll(range) };
  });
  return {
    ...(collection ? { collection } : {}),
    files: records.map(record => searchable(record, collection)),
    revision: records.at(-1)?.revision ?? after,
  };
}

function searchable(file: FileRecord, collection: CollectionRecord | undefined): SearchableFile {
  const there = collection && file.deletedAt === undefined && !file.purged;
  const generation = there ? readable(file, collection) : undefined;
  return {
    id: file.id,
    path: file.path,
    ...(file.format === undefined ? {} : { format: file.format }),
    ...(generation ? { generation } : {}),
  };
}

/** A stretch of a document's text; offsets are UTF-16, end exclusive. */
export interface TextSpan {
  document: string;
  start: number;
  end: number;
}

/** Pages that are kept: 16 MB. */
const MOST_PAGES = 128;

/** Reads spans of many texts in one transaction, keeping the pages that were read last. What is gone reads as ''. */
export function createSpanReader(db: Database): (spans: readonly TextSpan[]) => Promise<string[]> {
  const kept = new Map<string, string>();
  const pagesOf = ({ start, end }: TextSpan) => {
    const first = Math.floor(start / TEXT_PAGE);
    const count = end > start ? Math.floor((end - 1) / TEXT_PAGE) - first + 1 : 0;
    return Array.from({ length: count }, (_, i) => first + i);
  };
  return async spans => {
    const pages = new Map<string, string>();
    const missing = new Map<string, [document: string, page: number]>();
    for (const span of spans) {
      for (const page of pagesOf(span)) {
        const key = `${span.document}/${page}`;
        const text = kept.get(key);
        if (text === undefined) missing.set(key, [span.document, page]);
        else pages.set(key, text);
      }
    }
    if (missing.size > 0) {
      await db.read(['documents'], async tx => {
        const store = tx.objectStore('documents');
        await Promise.all(
          Array.from(missing, async ([key, [document, page]]) => {
            const record = await store.get([document, page]);
            if (record && 'text' in record) pages.set(key, record.text);
          }),
        );
      });
    }
    for (const [key, text] of pages) {
      kept.delete(key);
      kept.set(key, text);
    }
    for (const key of [...kept.keys()].slice(0, -MOST_PAGES)) kept.delete(key);
    return spans.map(span => {
      const text = pagesOf(span).map(page => pages.get(`${span.document}/${page}`) ?? '');
      const before = Math.floor(span.start / TEXT_PAGE) * TEXT_PAGE;
      return text.join('').slice(span.start - before, span.end - before);
    });
  };
}
