import type { ChunkColumns } from '../domain/chunk.ts';
import { errorCode, VecdropError } from '../domain/errors.ts';
import { embeddingKey, type Recipe, recipeKey } from '../domain/recipe.ts';
import type { Database } from '../store/database.ts';
import { readHead, readPages, writeDocument } from '../store/documents.ts';
import { readBlob, sameContentFiles } from '../store/files.ts';
import { dropDraft } from '../store/meta.ts';
import { beginAttempt, commitChunks, failFile, MAX_ATTEMPTS } from '../store/queue.ts';
import type { FileRecord, Generation } from '../store/schema.ts';
import type { OpenModel } from './models.ts';
import type { KnownText, Reader } from './reader.ts';
import type { SentenceVectorStore } from './sentence-vectors.ts';

export interface PrepareOptions {
  db: Database;
  reader: Reader;
  sentences: SentenceVectorStore;
  file: FileRecord;
  recipe: Recipe;
  model: OpenModel;
  signal: AbortSignal;
}

/**
 * Reads and chunks one file, as often as its reader dies, three times at the most, and commits a new generation.
 * Undefined when the file failed for that, or is no longer wanted.
 */
export async function prepare(options: PrepareOptions): Promise<Generation | undefined> {
  const { db, file, signal } = options;
  for (let attempts = file.attempts; attempts < MAX_ATTEMPTS; attempts++) {
    if (!(await beginAttempt(db, file.id, 'reading'))) return undefined;
    try {
      return await readOnce(options);
    } catch (error) {
      signal.throwIfAborted();
      const code = errorCode(error);
      const mayPass = code === 'worker/died' || code === 'worker/timeout' || code === 'internal';
      if (!mayPass || (code === 'internal' && attempts === MAX_ATTEMPTS - 1)) throw error;
    }
  }
  await failFile(db, file.id, {
    code: 'worker/died',
    message:
      'The reader stopped three times at this file. It is set aside; the others go on. Retry it if you changed something.',
  });
  return undefined;
}

async function readOnce({
  db,
  reader,
  sentences,
  file,
  recipe,
  model,
  signal,
}: PrepareOptions): Promise<Generation | undefined> {
  const known = await storedText(db, file, recipe);
  let document: string;
  let columns: ChunkColumns;
  let format: string | undefined;
  let notice: string | undefined;
  if (known) {
    document = known.document;
    notice = known.notice;
    columns = await sentences.rechunk(reader, known, recipe, model, signal);
  } else {
    const blob = await readBlob(db, file.id);
    if (!blob) {
      throw new VecdropError(
        'file/unreadable',
        'The original of this file was not kept, so it cannot be read again. Add the file again.',
      );
    }
    const read = await sentences.read(
      reader,
      { blob, path: file.path, textId: textId(file, recipe) },
      recipe,
      model,
      signal,
    );
    const { pages, columns: made, format: detected, ...head } = read;
    document = crypto.randomUUID();
    columns = made;
    format = detected;
    notice = head.notice;
    await writeDocument(db, { document, page: -1, ...head }, pages);
  }
  const generation: Generation = {
    id: crypto.randomUUID(),
    document,
    sha256: file.sha256,
    parser: recipe.versions.parser,
    recipeKey: recipeKey(recipe),
    embeddingKey: embeddingKey(recipe),
    chunks: columns.count,
    done: 0,
    tokens: sum(columns.tokens),
    unknown: sum(columns.unknown),
    pages: columns.pages.reduce((most, page) => Math.max(most, page), 0),
    ...(notice ? { notice } : {}),
  };
  const committed = await commitChunks(db, file.id, generation, columns, format);
  if (!committed && !known) await dropDraft(db, document);
  return committed && generation;
}

/** The text from an earlier reading, where the same content was read by the same parsers. */
export async function storedText(
  db: Database,
  file: FileRecord,
  recipe: Recipe,
): Promise<(KnownText & { document: string; notice: string | undefined }) | undefined> {
  const { current } = file;
  if (!current || current.sha256 !== file.sha256 || current.parser !== recipe.versions.parser)
    return undefined;
  const head = await readHead(db, current.document);
  if (!head) return undefined;
  const { document, page: _, ...rest } = head;
  return {
    id: textId(file, recipe),
    document,
    notice: rest.notice,
    length: rest.length,
    parts: async () => ({ ...rest, pages: await readPages(db, document) }),
  };
}

/** What decides a file's text, as its name: it stays when the file is read again. */
function textId({ sha256, path }: FileRecord, { versions }: Recipe): string {
  return JSON.stringify([sha256, path, versions.parser]);
}

/** Finished generations of other files with the same content. */
export async function sameContent(db: Database, sha256: string, except: string): Promise<Generation[]> {
  const files = await sameContentFiles(db, sha256);
  return files.flatMap(file => (file.id !== except && file.current ? [file.current] : []));
}

function sum(values: Uint32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
