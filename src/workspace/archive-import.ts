import type { ArchivedFile, ArchivedGeneration, ArchiveManifest } from '../domain/archive.ts';
import type { ChunkColumns } from '../domain/chunk.ts';
import { TEXT_PAGE } from '../domain/document.ts';
import { VecdropError } from '../domain/errors.ts';
import { recipeKey } from '../domain/recipe.ts';
import { toBlob } from '../export/save.ts';
import { corrupt, type OpenArchive, openArchive } from '../import/archive.ts';
import { columnsFiller } from '../import/archive-columns.ts';
import { getCollection, listAllCollections } from '../store/collections.ts';
import type { Database } from '../store/database.ts';
import { liveFiles } from '../store/files.ts';
import {
  anyFileKnown,
  handOver,
  type StagingId,
  stageBlocks,
  stageColumns,
  stageDocuments,
  staged,
  stageFiles,
  stageOriginal,
} from '../store/imports.ts';
import type {
  CollectionRecord,
  DocumentHead,
  DocumentPage,
  FileRecord,
  Generation,
  VectorBlock,
} from '../store/schema.ts';
import { pacedProgress } from './import-progress.ts';
import type { ImportProgress, ImportReport } from './imports-api.ts';

/** Records of one transaction at the most. */
const FILES_A_WRITE = 500;
const LINES_A_WRITE = 64;
const BLOCKS_A_WRITE = 32;

/** Numbers of one stored block at the most: 64 vectors of the largest models are far below. */
const MAX_BLOCK_NUMBERS = 16 * 1024 * 1024;
/** Chunks of one file at the most: a browser's string, of which a text is made, holds no more. */
const MAX_CHUNKS = 16 * 1024 * 1024;

/** Whether an archive's files may join a collection: the same recipe made, and makes, the chunks and vectors of both. */
export function fitsInto(
  { collection }: ArchiveManifest,
  { recipe, nextRecipe }: Pick<CollectionRecord, 'recipe' | 'nextRecipe'>,
): boolean {
  return !collection.nextRecipe && !nextRecipe && recipeKey(collection.recipe) === recipeKey(recipe);
}

/**
 * Brings an archive back: as a collection of its own, with every id that is still free, or into one that is there.
 * Rejects with 'import/corrupt', 'import/unsupported', 'import/mismatch', 'storage/quota'; then nothing was imported.
 */
export async function importArchive(
  db: Database,
  file: Blob,
  target: { name: string } | { collectionId: string },
  signal: AbortSignal,
  progress: (progress: ImportProgress) => void,
): Promise<ImportReport> {
  const archive = await openArchive(file, signal);
  const collection = await targetOf(db, archive.manifest, target);
  const merged = 'collectionId' in target;
  const all = await listed(archive.files());
  const there = merged ? await sameFiles(db, collection.id, all) : new Set<string>();
  const files = all.filter(({ id }) => !there.has(id));
  const fresh =
    merged ||
    (await anyFileKnown(
      db,
      files.map(({ id }) => id),
    ));
  const plan = await planImport(archive, files, fresh);

  const { chunks, vectors } = archive.manifest.counts;
  const count = { done: 0, total: chunks + vectors + files.filter(({ original }) => original).length };
  const paced = pacedProgress(progress);
  const told = (more: number) => {
    signal.throwIfAborted();
    count.done += more;
    paced({ ...count, share: count.total > 0 ? count.done / count.total : 0 });
  };
  return staged(db, async staging => {
    await writeFiles(db, staging, plan);
    await writeDocuments(db, archive, plan, told);
    await writeColumns(db, archive, plan, told);
    await writeVectors(db, archive, plan, told);
    await writeOriginals(db, archive, plan, told);
    signal.throwIfAborted();
    const renamed = await handOver(db, staging, { collection, files: files.length });
    const made = [...plan.generations.values()].filter(({ wanted }) => wanted);
    return {
      collectionId: collection.id,
      created: !merged,
      fileIds: files.map(({ id }) => plan.idOf(id)),
      chunks: made.reduce((sum, { line }) => sum + line.chunks, 0),
      unchanged: there.size,
      renamed,
    };
  });
}

/** The collection to import into, or a new one. */
async function targetOf(
  db: Database,
  manifest: ArchiveManifest,
  target: { name: string } | { collectionId: string },
): Promise<CollectionRecord> {
  if ('collectionId' in target) {
    const collection = await getCollection(db, target.collectionId);
    if (fitsInto(manifest, collection)) return collection;
    throw new VecdropError(
      'import/mismatch',
      `“${collection.name}” has another recipe than this archive: its chunks and vectors cannot stand together with these. Import it as a collection of its own.`,
    );
  }
  const { id, createdAt, recipe, nextRecipe } = manifest.collection;
  const taken = (await listAllCollections(db)).some(collection => collection.id === id);
  return {
    id: taken ? crypto.randomUUID() : id,
    name: target.name,
    createdAt: taken ? Date.now() : createdAt,
    recipe,
    ...(nextRecipe ? { nextRecipe } : {}),
  };
}

/** Ids of the archive's files that a collection has already: the same content under the same path. */
async function sameFiles(
  db: Database,
  collectionId: string,
  files: readonly ArchivedFile[],
): Promise<Set<string>> {
  const there = new Map((await liveFiles(db, collectionId)).map(({ path, sha256 }) => [path, sha256]));
  return new Set(files.filter(({ path, sha256 }) => there.get(path) === sha256).map(({ id }) => id));
}

/** What of an archive is written, and under which ids. */
interface Plan {
  files: readonly ArchivedFile[];
  idOf: (id: string) => string;
  /** All of the archive, in its order: vectors of those that are not wanted are passed over. */
  generations: Map<string, { line: ArchivedGeneration; wanted: boolean }>;
  /** Lengths of the documents that are wanted, once their heads were read. */
  documents: Map<string, number | undefined>;
}

async function planImport(
  archive: OpenArchive,
  files: readonly ArchivedFile[],
  fresh: boolean,
): Promise<Plan> {
  const wanted = new Set(files.flatMap(({ current, growing }) => [current, growing]));
  const generations: Plan['generations'] = new Map();
  const documents: Plan['documents'] = new Map();
  for await (const line of archive.generations()) {
    checkGeneration(line);
    generations.set(line.id, { line, wanted: wanted.has(line.id) });
    if (wanted.has(line.id)) documents.set(line.document, undefined);
  }
  for (const id of wanted) {
    if (id !== undefined && !generations.has(id))
      throw corrupt('Chunks of a file are missing in this archive.');
  }
  const ids = new Map<string, string>();
  const freshId = (id: string) => {
    const known = ids.get(id) ?? crypto.randomUUID();
    ids.set(id, known);
    return known;
  };
  return { files, generations, documents, idOf: fresh ? freshId : id => id };
}

function checkGeneration({ chunks, done, dimensions, blocks }: ArchivedGeneration): void {
  const vectors = blocks.reduce((sum, count) => sum + count, 0);
  const sound =
    vectors === done &&
    done <= chunks &&
    chunks <= MAX_CHUNKS &&
    blocks.every(count => Number.isInteger(count) && count > 0 && count * dimensions <= MAX_BLOCK_NUMBERS) &&
    (done === 0 || dimensions > 0);
  if (!sound) throw corrupt('The numbers of chunks and vectors in this archive do not agree.');
}

async function writeFiles(
  db: Database,
  staging: StagingId,
  { files, generations, idOf }: Plan,
): Promise<void> {
  const generationOf = (id: string | undefined): Generation | undefined => {
    const line = id === undefined ? undefined : generations.get(id)?.line;
    if (!line) return undefined;
    const {
      dimensions: _,
      blocks: _blocks,
      headingPaths: _paths,
      contexts: _contexts,
      picked: _picked,
      ...rest
    } = line;
    return { ...rest, id: idOf(line.id), document: idOf(line.document) };
  };
  const records = files.map(({ queued, original: _, current, growing, ...file }): FileRecord => {
    const made = { current: generationOf(current), growing: generationOf(growing) };
    return {
      ...file,
      id: idOf(file.id),
      collectionId: staging,
      ...(made.current ? { current: made.current } : {}),
      ...(made.growing ? { growing: made.growing } : {}),
      ...(queued ? { state: 'waiting', queue: 0 } : {}),
      revision: 0,
    };
  });
  for (let at = 0; at < records.length; at += FILES_A_WRITE) {
    await stageFiles(db, records.slice(at, at + FILES_A_WRITE));
  }
}

async function writeDocuments(
  db: Database,
  archive: OpenArchive,
  { documents, idOf }: Plan,
  told: (done: number) => void,
): Promise<void> {
  let batch: (DocumentHead | DocumentPage)[] = [];
  const flush = async () => {
    await stageDocuments(db, batch);
    batch = [];
    told(0);
  };
  /** The document whose pages come now, and how many units of its text are still to come. */
  let open = { document: '', page: 0, left: 0 };
  const closed = () => {
    if (open.left > 0) throw corrupt('A text in this archive is cut off.');
  };
  for await (const line of archive.documents()) {
    if (!documents.has(line.document)) continue;
    const document = idOf(line.document);
    if ('text' in line) {
      const { page, text } = line;
      const due = Math.min(TEXT_PAGE, open.left);
      if (line.document !== open.document || page !== open.page || text.length !== due || due === 0)
        throw corrupt('Pages of a text in this archive are missing or out of order.');
      open = { document: line.document, page: page + 1, left: open.left - text.length };
      batch.push({ document, page, text });
    } else {
      closed();
      open = { document: line.document, page: 0, left: line.length };
      documents.set(line.document, line.length);
      batch.push({ ...line, document, page: -1 });
    }
    if (batch.length === LINES_A_WRITE) await flush();
  }
  closed();
  await flush();
  if ([...documents.values()].includes(undefined)) throw corrupt('A text is missing in this archive.');
}

async function writeColumns(
  db: Database,
  archive: OpenArchive,
  { generations, documents, idOf }: Plan,
  told: (done: number) => void,
): Promise<void> {
  const write = async (id: string, columns: ChunkColumns) => {
    await stageColumns(db, idOf(id), columns);
    told(columns.count);
  };
  const filler = columnsFiller();
  const written = new Set<string>();
  for await (const chunk of archive.chunks()) {
    const { line, wanted } = generations.get(chunk.generation) ?? {};
    if (!line || !wanted) continue;
    const columns = filler.add(chunk, line, documents.get(line.document) ?? 0);
    if (!columns) continue;
    await write(line.id, columns);
    written.add(line.id);
  }
  for (const { line, wanted } of generations.values()) {
    if (!wanted || written.has(line.id)) continue;
    if (line.chunks > 0) throw corrupt('Chunks are missing in this archive.');
    await write(line.id, filler.none(line));
  }
}

async function writeVectors(
  db: Database,
  archive: OpenArchive,
  { generations, idOf }: Plan,
  told: (done: number) => void,
): Promise<void> {
  const take = archive.vectors();
  let batch: VectorBlock[] = [];
  const flush = async () => {
    await stageBlocks(db, batch);
    told(batch.reduce((sum, { count }) => sum + count, 0));
    batch = [];
  };
  for (const { line, wanted } of generations.values()) {
    let first = 0;
    for (const count of line.blocks) {
      const data = await take(count, line.dimensions);
      if (wanted) batch.push({ generation: idOf(line.id), first, count, data });
      first += count;
      if (batch.length === BLOCKS_A_WRITE) await flush();
    }
  }
  await flush();
}

async function writeOriginals(
  db: Database,
  archive: OpenArchive,
  { files, idOf }: Plan,
  told: (done: number) => void,
): Promise<void> {
  for (const { id, path, bytes, original } of files) {
    if (!original) continue;
    const found = archive.original(original.entry);
    if (!found) throw corrupt(`The original of “${path}” is missing in this archive.`);
    // Fewer or more than these are not unpacked: an archive is held to what it says.
    if (found.bytes !== bytes) throw corrupt(`The original of “${path}” in this archive has another size.`);
    const { pieces } = found;
    await stageOriginal(db, idOf(id), original.plain ? await inMemory(pieces) : await toBlob(pieces, ''));
    told(1);
  }
}

/** What is kept as bytes is small. */
async function inMemory(pieces: AsyncIterable<Uint8Array>): Promise<ArrayBuffer> {
  return new Blob((await listed(pieces)) as Uint8Array<ArrayBuffer>[]).arrayBuffer();
}

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
