import { VecdropError } from '../domain/errors.ts';
import type {
  ExportFile,
  ExportFormat,
  ExportHeader,
  ExportParts,
  ExportRecord,
  Records,
} from '../export/format.ts';
import { roundingError } from '../export/precision.ts';
import { exportFormats } from '../export/registry.ts';
import type { Database } from '../store/database.ts';
import { zipped } from '../zip/write.ts';
import type { AddProgress } from './api.ts';
import { measured, type PartsFor } from './app-parts.ts';
import { archiveSource } from './archive-source.ts';
import { openRecords } from './collection-records.ts';
import type { ExportOptions, ExportPreview } from './exports-api.ts';
import type { Models } from './models.ts';

/** Records that the preview encodes: their size tells that of all, their rounding what a precision costs. */
const SAMPLE = 20;
const PROGRESS_EVERY = 200;

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
  partsFor: PartsFor,
  collectionId: string,
  options: ExportOptions,
): Promise<ExportPreview> {
  const format = formatOf(options);
  const exact = await openRecords(db, models, collectionId, { ...options, precision: 'float32' });
  const { header, records, unfinished } = await openRecords(db, models, collectionId, options);
  const signal = new AbortController().signal;
  const [sample, originals] = await Promise.all([
    firstOf(records(signal), SAMPLE),
    firstOf(exact.records(signal), SAMPLE),
  ]);
  const [first] = sample;
  const app = partsFor(header.recipe.modelId);
  const parts = {
    ...measured(app),
    archive: () => archiveSource(db, models, collectionId, options, signal),
  };
  return {
    first: first ? format.preview(first, header) : '',
    records: header.records,
    bytes: await estimate(format, header, sample, parts),
    unfinished,
    modelComes: app.model !== undefined,
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
  parts: ExportParts,
): Promise<number> {
  if (sample.length === 0) return 0;
  let bytes = 0;
  for (const file of format.files) {
    if (file.bytes) {
      bytes += await file.bytes(header, parts);
      continue;
    }
    const none = await sizeOf(file, header, [], parts);
    const some = await sizeOf(file, header, sample, parts);
    bytes += none + ((some - none) / sample.length) * header.records;
  }
  return Math.round(bytes);
}

async function sizeOf(
  file: ExportFile,
  header: ExportHeader,
  sample: readonly ExportRecord[],
  parts: ExportParts,
) {
  let bytes = 0;
  const records: Records = async function* () {
    yield* sample;
  };
  for await (const piece of file.encode({ ...header, records: sample.length }, records, parts))
    bytes += piece.length;
  return bytes;
}

/** The bytes of a collection in a format; of several files a zip, or the one whose ending is asked for. */
export async function exportPieces(
  db: Database,
  models: Models,
  partsFor: PartsFor,
  collectionId: string,
  options: ExportOptions,
  signal: AbortSignal,
  progress: (progress: AddProgress) => void,
): Promise<{ pieces: AsyncIterable<Uint8Array>; mediaType: string }> {
  const format = formatOf(options);
  const { header, records } = await openRecords(db, models, collectionId, options);
  const files: readonly ExportFile[] =
    options.only === undefined ? format.files : format.files.filter(byEnding(options.only));
  const app: ExportParts = {
    ...partsFor(header.recipe.modelId),
    archive: () => archiveSource(db, models, collectionId, { ...options, onProgress: progress }, signal),
  };
  const passes = files.reduce((sum, file) => sum + (file.passes?.(header, app) ?? 1), 0);
  const total = header.records * passes;
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
  if (files.length === 1) return { pieces: first.encode(header, counted, app), mediaType: format.mediaType };
  const entries = files.map(file => ({
    name: `vectors.${file.extension}`,
    pieces: file.encode(header, counted, app),
  }));
  return { pieces: zipped(entries, new Date()), mediaType: 'application/zip' };
}

function byEnding(extension: string) {
  return (file: ExportFile) => file.extension === extension;
}
