import { hashChunks } from '../chunk/text-hashes.ts';
import { toColumns } from '../domain/chunk.ts';
import { toPages } from '../domain/document.ts';
import type { ImportMapping } from '../domain/import.ts';
import { embeddingKey, type Recipe, recipeKey } from '../domain/recipe.ts';
import { type ImportedFile, readFiles } from '../import/documents.ts';
import type { ImportTable } from '../import/format.ts';
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
import type { AddProgress } from './api.ts';
import type { ImportReport } from './imports-api.ts';
import { sha256 } from './sha256.ts';

/** Vectors of a stored block, as the pipeline writes them. */
const BLOCK_CHUNKS = 64;
const BLOCKS_A_WRITE = 32;
const PAGES_A_WRITE = 64;

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
  progress: (progress: AddProgress) => void,
): Promise<ImportReport> {
  const { recipe } = collection;
  return staged(db, async staging => {
    const fileIds: string[] = [];
    let done = 0;
    for await (const file of readFiles(table, mapping, { defaultPath, signal })) {
      fileIds.push(await writeFile(db, staging, file, recipe, countTokens, signal));
      done += file.chunks.length;
      progress({ done, total: Math.max(done, table.rows ?? 0) });
    }
    signal.throwIfAborted();
    const renamed = await handOver(db, staging, { collection, files: fileIds.length });
    return { collectionId: collection.id, created, fileIds, chunks: done, unchanged: 0, renamed };
  });
}

async function writeFile(
  db: Database,
  staging: StagingId,
  file: ImportedFile,
  recipe: Recipe,
  countTokens: (text: string) => number,
  signal: AbortSignal,
): Promise<string> {
  const { path, text, blocks, vectors } = file;
  const chunks = file.chunks.map(({ tokens, ...chunk }, ordinal) => ({
    ...chunk,
    ordinal,
    tokens: tokens ?? countTokens(recipe.documentPrefix + text.slice(chunk.start, chunk.end)),
    unknown: 0,
    context: '',
  }));
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
  await stageColumns(db, id, toColumns(chunks, await hashChunks(text, chunks, recipe.documentPrefix)));
  const firsts: number[] = [];
  for (let first = 0; first < chunks.length; first += BLOCK_CHUNKS) firsts.push(first);
  for (let at = 0; at < firsts.length; at += BLOCKS_A_WRITE) {
    signal.throwIfAborted();
    const blocks = firsts.slice(at, at + BLOCKS_A_WRITE).map(first => {
      const count = Math.min(BLOCK_CHUNKS, chunks.length - first);
      const { dimensions } = recipe;
      return {
        generation: id,
        first,
        count,
        data: vectors.slice(first * dimensions, (first + count) * dimensions),
      };
    });
    await stageBlocks(db, blocks);
  }
  return record.id;
}
