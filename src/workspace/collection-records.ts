import { chunkAt } from '../domain/chunk.ts';
import { EXPORT_COLUMNS } from '../domain/export.ts';
import type { ChunkPlace } from '../domain/search.ts';
import type { ExportHeader, ExportRecord } from '../export/format.ts';
import { roundVector } from '../export/precision.ts';
import { spanReader } from '../export/span-reader.ts';
import { getCollection } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { readText } from '../store/documents.ts';
import { liveFiles, readable } from '../store/files.ts';
import type { CollectionRecord, FileRecord, Generation } from '../store/schema.ts';
import { readColumns, vectorBlocks } from '../store/vectors.ts';
import type { ExportOptions } from './exports-api.ts';
import type { Models } from './models.ts';
import { recordIds } from './record-ids.ts';

/** Which records of a collection are read, and how finely. */
export type RecordSelection = Pick<ExportOptions, 'precision' | 'columns' | 'fileIds' | 'places' | 'idSpace'>;

interface Readable {
  file: FileRecord;
  generation: Generation;
}

/** What an export or a database gets: the same collection gives the same records in the same order, files by path, chunks by ordinal. */
export interface OpenRecords {
  header: ExportHeader;
  records(signal: AbortSignal): AsyncGenerator<ExportRecord>;
  /** Files not yet whole, whose vectors so far are among the records. */
  unfinished: number;
  /** Chunks with a vector by the path of their file; of one that is not yet whole there is no saying: Infinity. */
  chunksOf: ReadonlyMap<string, number>;
}

/** A model that is gone has no name any more: its id tells which it was. */
export async function modelName(models: Models, id: string): Promise<string> {
  try {
    return (await models.info(id)).name;
  } catch {
    return id;
  }
}

/** Opens a collection for reading by records. Rejects with 'input/invalid' for what is not there. */
export async function openRecords(
  db: Database,
  models: Models,
  collectionId: string,
  options: RecordSelection,
): Promise<OpenRecords> {
  const collection = await getCollection(db, collectionId);
  const wanted = options.fileIds && new Set(options.fileIds);
  const all = (await liveFiles(db, collectionId)).filter(({ id }) => !wanted || wanted.has(id));
  const chosen = options.places && byFile(options.places);
  const files = readableFiles(all, collection).filter(({ file }) => !chosen || chosen.has(file.id));
  const { recipe } = collection;
  const precision = options.precision ?? 'float32';
  const idOf = await recordIds(options.idSpace ?? collectionId);
  const countOf = ({ file, generation }: Readable) =>
    chosen ? ordinalsBelow(chosen.get(file.id), generation.done) : generation.done;
  const header: ExportHeader = {
    collection: collection.name,
    model: await modelName(models, recipe.modelId),
    dimensions: recipe.dimensions,
    recipe,
    records: files.reduce((sum, each) => sum + countOf(each), 0),
    precision,
    columns: new Set(options.columns ?? EXPORT_COLUMNS),
  };

  async function* records(signal: AbortSignal): AsyncGenerator<ExportRecord> {
    let index = 0;
    for (const { file, generation } of files) {
      const columns = await readColumns(db, generation.id);
      if (!columns) continue;
      const ordinals = chosen?.get(file.id);
      const located = spanReader((start, end) => readText(db, generation.document, start, end));
      for await (const { first, count, data } of vectorBlocks(db, generation.id)) {
        signal.throwIfAborted();
        const dimensions = data.length / count;
        for (let i = 0; i < count; i++) {
          const ordinal = first + i;
          if (ordinals && !ordinals.has(ordinal)) continue;
          const { start, end, tokens, page, headings } = chunkAt(columns, ordinal);
          yield {
            id: idOf(file.path, ordinal),
            index: index++,
            ...roundVector(data.subarray(i * dimensions, (i + 1) * dimensions), precision),
            ...(await located(start, end)),
            file: file.path,
            ordinal,
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
  const unfinished = all.filter(file => file.queue !== undefined);
  const chunksOf = new Map(files.map(({ file, generation }) => [file.path, generation.done]));
  for (const { path } of unfinished) chunksOf.set(path, Number.POSITIVE_INFINITY);
  return { header, records, unfinished: unfinished.length, chunksOf };
}

function readableFiles(files: readonly FileRecord[], collection: CollectionRecord): Readable[] {
  return files.flatMap(file => {
    const generation = readable(file, collection);
    return generation ? [{ file, generation }] : [];
  });
}

function byFile(places: readonly ChunkPlace[]): Map<string, Set<number>> {
  const files = new Map<string, Set<number>>();
  for (const { fileId, ordinal } of places) {
    const ordinals = files.get(fileId);
    if (ordinals) ordinals.add(ordinal);
    else files.set(fileId, new Set([ordinal]));
  }
  return files;
}

function ordinalsBelow(ordinals: ReadonlySet<number> | undefined, done: number): number {
  let count = 0;
  for (const ordinal of ordinals ?? []) if (ordinal < done) count += 1;
  return count;
}
