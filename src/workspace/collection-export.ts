import { chunkAt } from '../domain/chunk.ts';
import { VecdropError } from '../domain/errors.ts';
import { EXPORT_COLUMNS } from '../domain/export.ts';
import type { ChunkPlace } from '../domain/search.ts';
import type { ExportFile, ExportFormat, ExportHeader, ExportRecord, Records } from '../export/format.ts';
import { roundingError, roundVector } from '../export/precision.ts';
import { exportFormats } from '../export/registry.ts';
import { spanReader } from '../export/span-reader.ts';
import { zipped } from '../export/zipped.ts';
import { getCollection } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { readText } from '../store/documents.ts';
import { liveFiles, readable } from '../store/files.ts';
import type { CollectionRecord, FileRecord, Generation } from '../store/schema.ts';
import { readColumns, vectorBlocks } from '../store/vectors.ts';
import type { AddProgress } from './api.ts';
import type { ExportOptions, ExportPreview } from './exports-api.ts';
import type { Models } from './models.ts';
import { recordIds } from './record-ids.ts';

/** Records that the preview encodes: their size tells that of all, their rounding what a precision costs. */
const SAMPLE = 20;
const PROGRESS_EVERY = 200;

interface Readable {
  file: FileRecord;
  generation: Generation;
}

/** What an export reads: the same collection gives the same records in the same order, files by path, chunks by ordinal. */
export interface OpenExport {
  header: ExportHeader;
  records(signal: AbortSignal): AsyncGenerator<ExportRecord>;
  /** Files not yet whole, whose vectors so far are among the records. */
  unfinished: number;
}

/** Opens a collection for reading by records. Rejects with 'input/invalid' for what is not there. */
async function openExport(
  db: Database,
  models: Models,
  collectionId: string,
  options: ExportOptions,
): Promise<OpenExport> {
  const collection = await getCollection(db, collectionId);
  const wanted = options.fileIds && new Set(options.fileIds);
  const all = (await liveFiles(db, collectionId)).filter(({ id }) => !wanted || wanted.has(id));
  const chosen = options.places && byFile(options.places);
  const files = readableFiles(all, collection).filter(({ file }) => !chosen || chosen.has(file.id));
  const { recipe } = collection;
  const { name } = await models.info(recipe.modelId);
  const precision = options.precision ?? 'float32';
  const idOf = await recordIds(options.idSpace ?? collectionId);
  const countOf = ({ file, generation }: Readable) =>
    chosen ? ordinalsBelow(chosen.get(file.id), generation.done) : generation.done;
  const header: ExportHeader = {
    collection: collection.name,
    model: name,
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
  return { header, records, unfinished: all.filter(file => file.queue !== undefined).length };
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

function formatOf({ format: id, precision = 'float32' }: ExportOptions): ExportFormat {
  const format = exportFormats.find(candidate => candidate.id === id);
  if (!format)
    throw new VecdropError('input/invalid', `There is no export format “${id}”. Choose one of the list.`);
  if (!format.precisions.includes(precision)) {
    throw new VecdropError(
      'input/invalid',
      `${format.name} cannot hold vectors as ${precision}. Choose ${format.precisions.join(' or ')}.`,
    );
  }
  return format;
}

/** The first record, about how large the whole will be, and what the precision costs. */
export async function previewExport(
  db: Database,
  models: Models,
  collectionId: string,
  options: ExportOptions,
): Promise<ExportPreview> {
  const format = formatOf(options);
  const exact = await openExport(db, models, collectionId, { ...options, precision: 'float32' });
  const { header, records, unfinished } = await openExport(db, models, collectionId, options);
  const signal = new AbortController().signal;
  const [sample, originals] = await Promise.all([
    firstOf(records(signal), SAMPLE),
    firstOf(exact.records(signal), SAMPLE),
  ]);
  const [first] = sample;
  return {
    first: first ? format.preview(first, header) : '',
    records: header.records,
    bytes: await estimate(format, header, sample),
    unfinished,
    ...(header.precision === 'float32' ? {} : { error: roundingError(originals, sample) }),
  };
}

async function firstOf<T>(items: AsyncIterable<T>, most: number): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
    if (found.length === most) break;
  }
  return found;
}

/** Bytes of all records, by what a sample of them takes over none. */
async function estimate(
  format: ExportFormat,
  header: ExportHeader,
  sample: readonly ExportRecord[],
): Promise<number> {
  if (sample.length === 0) return 0;
  let bytes = 0;
  for (const file of format.files) {
    const none = await sizeOf(file, header, []);
    const some = await sizeOf(file, header, sample);
    bytes += none + ((some - none) / sample.length) * header.records;
  }
  return Math.round(bytes);
}

async function sizeOf(file: ExportFile, header: ExportHeader, sample: readonly ExportRecord[]) {
  let bytes = 0;
  const records: Records = async function* () {
    yield* sample;
  };
  for await (const piece of file.encode({ ...header, records: sample.length }, records))
    bytes += piece.length;
  return bytes;
}

/** The bytes of a collection in a format; of several files a zip, or the one whose ending is asked for. */
export async function exportPieces(
  db: Database,
  models: Models,
  collectionId: string,
  options: ExportOptions,
  signal: AbortSignal,
  progress: (progress: AddProgress) => void,
): Promise<{ pieces: AsyncIterable<Uint8Array>; mediaType: string }> {
  const format = formatOf(options);
  const { header, records } = await openExport(db, models, collectionId, options);
  const files = options.only === undefined ? format.files : format.files.filter(byEnding(options.only));
  const total = header.records * files.length;
  let done = 0;
  async function* counted() {
    for await (const record of records(signal)) {
      yield record;
      done += 1;
      if (done % PROGRESS_EVERY === 0 || done === total) progress({ done, total });
    }
  }
  const [first] = files;
  if (!first) throw new VecdropError('input/invalid', `${format.name} has no file .${options.only}.`);
  if (files.length === 1) return { pieces: first.encode(header, counted), mediaType: format.mediaType };
  const entries = files.map(file => ({
    name: `vectors.${file.extension}`,
    pieces: file.encode(header, counted),
  }));
  return { pieces: zipped(entries), mediaType: 'application/zip' };
}

function byEnding(extension: string) {
  return (file: ExportFile) => file.extension === extension;
}
