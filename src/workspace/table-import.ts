import { hashChunks } from '../chunk/text-hashes.ts';
import { type Chunk, toColumns } from '../domain/chunk.ts';
import { toPages } from '../domain/document.ts';
import type { ImportMapping } from '../domain/import.ts';
import { embeddingKey, type Recipe, recipeKey } from '../domain/recipe.ts';
import { type ImportedFile, type ReadProgress, readFiles } from '../import/documents.ts';
import type { ImportTable } from '../import/format.ts';
import { inTurns } from '../rpc/turns.ts';
import type { Database } from '../store/database.ts';
import {
  handOver,
  type StagingId,
  stageBlocks,
  stageColumns,
  stageDocuments,
  staged,
  stageFiles,
} from '../store/imports.ts';
import type { CollectionRecord, FileRecord, Generation } from '../store/schema.ts';
import { pacedProgress } from './import-progress.ts';
import type { ImportProgress, ImportReport } from './imports-api.ts';
import { sha256 } from './sha256.ts';

/** Vectors of a stored block, as the pipeline writes them. */
const BLOCK_CHUNKS = 64;
const BLOCKS_A_WRITE = 32;
const PAGES_A_WRITE = 64;
/** Chunks that are counted and hashed without a look at what else has happened. */
const CHUNKS_A_TURN = 100;
/** What reading takes of the whole, the rest being writing: at a guess. */
const READING = 0.5;

export interface TableImport {
  db: Database;
  table: ImportTable;
  mapping: ImportMapping;
  /** What the file of rows that name none is called. */
  defaultPath: string;
  /** Where it goes; stored with the files where it is not there yet. */
  collection: CollectionRecord;
  created: boolean;
  /** Tokens of a text as it would be embedded, for rows that say none. */
  countTokens: (text: string) => number;
}

/** Writes a table's texts and vectors as files that are done. What fails or is aborted leaves nothing. */
export async function importTable(
  { db, table, mapping, defaultPath, collection, created, countTokens }: TableImport,
  signal: AbortSignal,
  progress: (progress: ImportProgress) => void,
): Promise<ImportReport> {
  const { recipe } = collection;
  let [counted, done] = [0, 0];
  let read: ReadProgress = { share: 0 };
  const paced = pacedProgress(progress);
  const tell = () => {
    // Where the number of rows is not known they come in small parts, and writing is never far behind.
    const behind = done > 0 ? read.share : 0;
    const written = read.rows ? Math.min(1, (counted + done) / (2 * read.rows)) : behind;
    paced({ done, total: read.rows ?? 0, share: read.share * READING + written * (1 - READING) });
  };
  const told = (next: ReadProgress) => {
    read = next;
    tell();
  };
  const heard: WriteProgress = {
    counted(chunks) {
      counted += chunks;
      tell();
    },
    wrote(chunks) {
      done += chunks;
      tell();
    },
  };
  return staged(db, async staging => {
    const fileIds: string[] = [];
    for await (const file of readFiles(table, mapping, { defaultPath, signal, told })) {
      fileIds.push(await writeFile(db, staging, file, recipe, countTokens, signal, heard));
    }
    signal.throwIfAborted();
    const renamed = await handOver(db, staging, { collection, files: fileIds.length });
    return { collectionId: collection.id, created, fileIds, chunks: done, unchanged: 0, renamed };
  });
}

/** Hears how many chunks more are counted, and how many are written. */
interface WriteProgress {
  counted(chunks: number): void;
  wrote(chunks: number): void;
}

async function writeFile(
  db: Database,
  staging: StagingId,
  file: ImportedFile,
  recipe: Recipe,
  countTokens: (text: string) => number,
  signal: AbortSignal,
  { counted, wrote }: WriteProgress,
): Promise<string> {
  const { path, text, blocks } = file;
  const { documentPrefix } = recipe;
  const chunks: Chunk[] = [];
  // Of a file of many rows this takes seconds, in which a person may cancel.
  await inTurns(
    signal,
    (function* () {
      for (const [ordinal, { tokens, ...span }] of file.chunks.entries()) {
        const length = tokens ?? countTokens(documentPrefix + text.slice(span.start, span.end));
        chunks.push({ ...span, ordinal, tokens: length, unknown: 0, context: '' });
        if (chunks.length % CHUNKS_A_TURN > 0) continue;
        counted(CHUNKS_A_TURN);
        yield;
      }
    })(),
  );
  counted(chunks.length % CHUNKS_A_TURN);
  const content = new Blob([text]);
  const generation: Generation = {
    id: crypto.randomUUID(),
    document: crypto.randomUUID(),
    sha256: await sha256(content, signal),
    parser: recipe.versions.parser,
    recipeKey: recipeKey(recipe),
    embeddingKey: embeddingKey(recipe),
    chunks: chunks.length,
    done: chunks.length,
    tokens: chunks.reduce((sum, { tokens }) => sum + tokens, 0),
    unknown: 0,
    pages: chunks.reduce((most, { page = 0 }) => Math.max(most, page), 0),
  };
  const record: FileRecord = {
    id: crypto.randomUUID(),
    collectionId: staging,
    path,
    bytes: content.size,
    sha256: generation.sha256,
    state: 'done',
    attempts: 0,
    current: generation,
    addedAt: Date.now(),
    revision: 0,
  };
  await stageFiles(db, [record]);
  const { id, document } = generation;
  const records = [
    { document, page: -1 as const, length: text.length, blocks },
    ...toPages(text).map((page, i) => ({ document, page: i, text: page })),
  ];
  for (let at = 0; at < records.length; at += PAGES_A_WRITE) {
    signal.throwIfAborted();
    await stageDocuments(db, records.slice(at, at + PAGES_A_WRITE));
  }
  await stageColumns(db, id, toColumns(chunks, await hashChunks(text, chunks, documentPrefix)));
  const firsts: number[] = [];
  for (let first = 0; first < chunks.length; first += BLOCK_CHUNKS) firsts.push(first);
  for (let at = 0; at < firsts.length; at += BLOCKS_A_WRITE) {
    signal.throwIfAborted();
    const blocks = firsts.slice(at, at + BLOCKS_A_WRITE).map(first => {
      const count = Math.min(BLOCK_CHUNKS, chunks.length - first);
      return { generation: id, first, count, data: file.vectors(first, count) };
    });
    await stageBlocks(db, blocks);
    wrote(blocks.reduce((sum, { count }) => sum + count, 0));
  }
  return record.id;
}
