import {
  ARCHIVE_VERSION,
  type ArchivedChunk,
  type ArchivedDocument,
  type ArchivedFile,
  type ArchivedGeneration,
  type ArchiveSource,
} from '../domain/archive.ts';
import { chunkAt, hashKey } from '../domain/chunk.ts';
import { VecdropError } from '../domain/errors.ts';
import { originalEntry } from '../export/archive.ts';
import { getCollection } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { documentRecords } from '../store/documents.ts';
import { keptOriginals, liveFiles, readOriginal } from '../store/files.ts';
import type { FileRecord, Generation } from '../store/schema.ts';
import { blockSizes, readColumns, vectorBlocks } from '../store/vectors.ts';
import type { AddProgress } from './api.ts';
import { modelName } from './collection-records.ts';
import type { Models } from './models.ts';

/** Chunks and vectors between two words of progress. */
const PROGRESS_EVERY = 64;

export interface ArchiveOptions {
  /** Only these files. */
  fileIds?: string[];
  /** Whether the original files go along, as far as they are kept. */
  originals?: boolean;
  /** Chunks, vectors and originals that were written, of all. */
  onProgress?: (progress: AddProgress) => void;
}

/** A collection as its archive holds it, with all that is stored of it. What changes while it is read is an error at the end. */
export async function archiveSource(
  db: Database,
  models: Models,
  collectionId: string,
  { fileIds, originals = false, onProgress = () => {} }: ArchiveOptions,
  signal: AbortSignal,
): Promise<ArchiveSource> {
  const { id, name, createdAt, recipe, nextRecipe } = await getCollection(db, collectionId);
  const wanted = fileIds && new Set(fileIds);
  const files = (await liveFiles(db, collectionId)).filter(file => !wanted || wanted.has(file.id));
  const generations = files.flatMap(({ current, growing }) =>
    [current, growing].filter(one => one !== undefined),
  );
  const documents = [...new Set(generations.map(generation => generation.document))];
  const kept = originals ? await keptOriginals(db, files) : new Set<string>();
  const sum = (of: (generation: Generation) => number) =>
    generations.reduce((total, generation) => total + of(generation), 0);
  const [chunks, vectorCount] = [sum(one => one.chunks), sum(one => one.done)];
  const total = chunks + vectorCount + kept.size;
  let done = 0;
  const told = (more: number) => {
    signal.throwIfAborted();
    done += more;
    if (done % PROGRESS_EVERY === 0 || done === total) onProgress({ done, total });
  };

  /** Of the originals that were written: whether they are kept as bytes, and not as a Blob. */
  const plain = new Map<string, boolean>();

  async function* documentLines(): AsyncGenerator<ArchivedDocument> {
    for (const document of documents) {
      let length = -1;
      for await (const record of documentRecords(db, document)) {
        told(0);
        if ('text' in record) yield { document, page: record.page, text: record.text };
        else {
          const { page: _, ...head } = record;
          length = head.length;
          yield head;
        }
      }
      if (length < 0) throw changed();
    }
  }

  async function* generationLines(): AsyncGenerator<ArchivedGeneration> {
    for (const generation of generations) {
      const [columns, blocks] = await Promise.all([
        readColumns(db, generation.id),
        blockSizes(db, generation.id, generation.done),
      ]);
      if (!columns) throw changed();
      const { headingPaths, contexts, picked } = columns;
      yield {
        ...generation,
        dimensions: blocks.length > 0 ? await dimensionsOf(db, generation) : 0,
        blocks,
        headingPaths,
        ...(contexts ? { contexts } : {}),
        ...(picked === undefined ? {} : { picked }),
      };
    }
  }

  async function* chunkLines(): AsyncGenerator<ArchivedChunk> {
    for (const { id: generation, chunks } of generations) {
      const columns = await readColumns(db, generation);
      if (columns?.count !== chunks) throw changed();
      for (let ordinal = 0; ordinal < chunks; ordinal++) {
        const { start, end, tokens, unknown, page = 0 } = chunkAt(columns, ordinal);
        yield {
          generation,
          ordinal,
          start,
          end,
          tokens,
          unknown,
          page,
          heading: columns.headingOf[ordinal] ?? 0,
          ...(columns.contextOf ? { context: columns.contextOf[ordinal] ?? 0 } : {}),
          hash: hashKey(columns, ordinal),
        };
        told(1);
      }
    }
  }

  async function* vectors(): AsyncGenerator<Float32Array> {
    for (const generation of generations) {
      let left = generation.done;
      for await (const { count, data } of vectorBlocks(db, generation.id)) {
        if (left === 0) break;
        // One that is being made may have grown since.
        const taken = Math.min(left, count);
        yield data.subarray(0, (data.length / count) * taken);
        left -= taken;
        told(taken);
      }
      if (left > 0) throw changed();
    }
  }

  return {
    manifest: {
      format: 'vecdrop-archive',
      version: ARCHIVE_VERSION,
      madeBy: __VERSION__,
      madeAt: Date.now(),
      collection: { id, name, createdAt, recipe, ...(nextRecipe ? { nextRecipe } : {}) },
      model: {
        id: recipe.modelId,
        name: await modelName(models, recipe.modelId),
        dimensions: recipe.dimensions,
      },
      counts: {
        files: files.length,
        generations: generations.length,
        documents: documents.length,
        chunks,
        vectors: vectorCount,
        originals: kept.size,
        originalBytes: files.reduce((sum, file) => sum + (kept.has(file.id) ? file.bytes : 0), 0),
      },
    },
    generations: generationLines,
    documents: documentLines,
    chunks: chunkLines,
    vectors,
    async *originals() {
      for (const { id: fileId, path } of files) {
        if (!kept.has(fileId)) continue;
        const original = await readOriginal(db, fileId);
        if (!original) throw changed();
        plain.set(fileId, !(original instanceof Blob));
        const blob = original instanceof Blob ? original : new Blob([original]);
        yield { entry: originalEntry(path, fileId), bytes: blob.size, pieces: piecesOf(blob, signal) };
        told(1);
      }
    },
    async *files() {
      for (const file of files) yield archived(file, plain.get(file.id));
    },
  };
}

function archived(file: FileRecord, plain: boolean | undefined): ArchivedFile {
  const { id, path, bytes, sha256, modifiedAt, addedAt, format, state, attempts, error, upload } = file;
  return {
    id,
    path,
    bytes,
    sha256,
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    addedAt,
    ...(format === undefined ? {} : { format }),
    state,
    queued: file.queue !== undefined,
    attempts,
    ...(error ? { error } : {}),
    ...(upload ? { upload } : {}),
    ...(file.current ? { current: file.current.id } : {}),
    ...(file.growing ? { growing: file.growing.id } : {}),
    ...(plain === undefined ? {} : { original: { entry: originalEntry(path, id), plain } }),
  };
}

async function dimensionsOf(db: Database, { id }: Generation): Promise<number> {
  for await (const { count, data } of vectorBlocks(db, id)) return data.length / count;
  throw changed();
}

const PIECE = 1024 * 1024;

async function* piecesOf(blob: Blob, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += PIECE) {
    signal.throwIfAborted();
    yield new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer());
  }
}

function changed(): VecdropError {
  return new VecdropError(
    'storage/failed',
    'The collection changed while it was written. Try again, best when no files are being worked on.',
  );
}
