import { chunkAt } from '../domain/chunk.ts';
import { VecdropError } from '../domain/errors.ts';
import type { ExportFormat, ExportHeader, ExportRecord } from '../export/format.ts';
import { exportFormats } from '../export/registry.ts';
import { spanReader } from '../export/span-reader.ts';
import { toBlob } from '../export/to-blob.ts';
import { getCollection } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { readText } from '../store/documents.ts';
import { liveFiles, readable } from '../store/files.ts';
import type { CollectionRecord, FileRecord, Generation } from '../store/schema.ts';
import { readColumns, vectorBlocks } from '../store/vectors.ts';
import type { AddProgress, ExportFormatId, ExportPreview } from './api.ts';
import type { Models } from './models.ts';

/** Records whose size is measured for the estimate. */
const SAMPLE = 20;
const PROGRESS_EVERY = 200;

interface Readable {
  file: FileRecord;
  generation: Generation;
}

/** Every record of a collection, files by path, chunks by ordinal: the same collection gives the same order. */
async function* recordsOf(
  db: Database,
  files: readonly Readable[],
  signal: AbortSignal,
): AsyncGenerator<ExportRecord> {
  let index = 0;
  for (const { file, generation } of files) {
    const columns = await readColumns(db, generation.id);
    if (!columns) continue;
    const located = spanReader((start, end) => readText(db, generation.document, start, end));
    for await (const { first, count, data } of vectorBlocks(db, generation.id)) {
      signal.throwIfAborted();
      const dimensions = data.length / count;
      for (let i = 0; i < count; i++) {
        const { start, end, tokens, page, headings } = chunkAt(columns, first + i);
        yield {
          index: index++,
          embedding: data.subarray(i * dimensions, (i + 1) * dimensions),
          ...(await located(start, end)),
          file: file.path,
          start,
          end,
          tokens,
          headings,
          ...(page === undefined ? {} : { page }),
        };
      }
    }
  }
}

async function openExport(db: Database, models: Models, collectionId: string) {
  const collection = await getCollection(db, collectionId);
  const all = await liveFiles(db, collectionId);
  const files = readableFiles(all, collection);
  const { recipe } = collection;
  const { name } = await models.info(recipe.modelId);
  const header: ExportHeader = { model: name, dimensions: recipe.dimensions, recipe };
  const records = files.reduce((sum, { generation }) => sum + generation.done, 0);
  return { files, header, records, unfinished: all.filter(file => file.queue !== undefined).length };
}

function readableFiles(files: readonly FileRecord[], collection: CollectionRecord): Readable[] {
  return files.flatMap(file => {
    const generation = readable(file, collection);
    return generation ? [{ file, generation }] : [];
  });
}

function formatOf(id: ExportFormatId): ExportFormat {
  const format = exportFormats.find(candidate => candidate.id === id);
  if (!format)
    throw new VecdropError('input/invalid', `There is no export format “${id}”. Choose one of the list.`);
  return format;
}

/** The first record, and about how large the whole will be. */
export async function previewExport(
  db: Database,
  models: Models,
  collectionId: string,
  id: ExportFormatId,
): Promise<ExportPreview> {
  const format = formatOf(id);
  const { files, records, unfinished } = await openExport(db, models, collectionId);
  let first = '';
  let sampled = 0;
  let bytes = 0;
  for await (const record of recordsOf(db, files, new AbortController().signal)) {
    const text = format.preview(record);
    if (sampled === 0) first = text;
    bytes += new Blob([text]).size + 1;
    sampled += 1;
    if (sampled === SAMPLE) break;
  }
  return { first, records, bytes: sampled === 0 ? 0 : Math.round((bytes / sampled) * records), unfinished };
}

/** Writes a whole collection in a format. */
export async function exportCollection(
  db: Database,
  models: Models,
  collectionId: string,
  id: ExportFormatId,
  signal: AbortSignal,
  progress: (progress: AddProgress) => void,
): Promise<Blob> {
  const format = formatOf(id);
  const { files, header, records: total } = await openExport(db, models, collectionId);
  async function* counted() {
    let done = 0;
    for await (const record of recordsOf(db, files, signal)) {
      yield record;
      done += 1;
      if (done % PROGRESS_EVERY === 0 || done === total) progress({ done, total });
    }
  }
  return toBlob(format.encode(header, counted()), format.mediaType);
}
