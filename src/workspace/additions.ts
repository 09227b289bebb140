import { isAbort, toVecdropError, VecdropError } from '../domain/errors.ts';
import { groupParts, isModelPath } from '../domain/split.ts';
import { isArchive } from '../ingest/archive.ts';
import { holdsNoText } from '../ingest/detect.ts';
import type { Database, Stamp, Transaction } from '../store/database.ts';
import { type Content, createFile, replaceContent } from '../store/files.ts';
import { touchBelow } from '../store/folder-files.ts';
import type { Addition, AddProgress, AddReport } from './api.ts';
import { hasNoText } from './look.ts';
import { sha256 } from './sha256.ts';
import { type BatchLimits, fileCount, unpackedBatches } from './unpack.ts';

/** What one file may weigh: a browser's string ends at half a billion characters. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
/** Files up to this size are copied before they are stored, so that one changed meanwhile on disk harms no other. */
const COPY_BYTES = 8 * 1024 * 1024;
const BATCH: BatchLimits = { files: 100, bytes: 32 * 1024 * 1024 };
const READ_AT_ONCE = 8;

interface Added extends Content {
  addition: Addition;
}

/** A file that is an archive of others. */
interface Archive {
  addition: Addition;
  archive: Uint8Array;
}

/** A file that holds no text, in a folder that holds others. */
interface LeftOut {
  addition: Addition;
  binary: true;
}

/**
 * Puts files into a collection's queue, those of zip archives in the archive's place. Reading and hashing run ahead in
 * small batches, each batch is one transaction: what was reported as added stays added, whatever happens to the rest.
 */
export async function addFiles(
  db: Database,
  collectionId: string,
  additions: readonly Addition[],
  addModel: (files: File[]) => Promise<{ name: string }>,
  signal: AbortSignal,
  progress: (progress: AddProgress) => void,
): Promise<AddReport> {
  const report: AddReport = {
    added: 0,
    unchanged: 0,
    changed: 0,
    renamed: [],
    failed: [],
    models: [],
    binary: { files: 0, of: [] },
  };
  const fail = (path: string, error: unknown) => {
    const { code, message } = unreadable(path, error);
    report.failed.push({ path, error: { code, message } });
  };
  const count: AddProgress = { done: 0, total: additions.length };
  const said = (more: number) => {
    count.done += more;
    progress({ ...count });
  };
  const [models, files] = [additions.filter(isModel), additions.filter(addition => !isModel(addition))];
  for (const parts of groupParts(models, ({ path }) => path)) {
    signal.throwIfAborted();
    try {
      report.models.push((await addModel(parts.map(({ file }) => file))).name);
    } catch (error) {
      for (const { path } of parts) fail(path, error);
    }
    said(parts.length);
  }
  const write = async (contents: readonly Added[]) => {
    try {
      await writeBatch(db, collectionId, contents, report);
    } catch (error) {
      if (toVecdropError(error, 'storage/failed', '').code === 'storage/quota') throw error;
      // One Blob that cannot be stored fails its whole transaction: write one at a time, and no Blobs.
      for (const content of contents) {
        try {
          await writeBatch(db, collectionId, [await inMemory(content)], report);
        } catch (reason) {
          fail(content.addition.path, reason);
        }
      }
    }
  };
  /** Adds what is no archive, and gives back what is. `source` is the archive that the batch came out of. */
  const addBatch = async (batch: readonly Addition[], source?: string): Promise<Archive[]> => {
    signal.throwIfAborted();
    const contents = await readAll(batch, signal, fail);
    const archives = contents.filter(content => 'archive' in content);
    leaveOut(
      report,
      contents.filter(content => 'binary' in content),
      source,
    );
    await write(contents.filter(content => 'blob' in content));
    said(batch.length - archives.length);
    return archives;
  };
  const addArchive = async ({ addition, archive }: Archive) => {
    const before = { ...count };
    count.total += fileCount(archive);
    let taken = 0;
    for (const batch of unpackedBatches(archive, addition, BATCH, fail)) {
      await addBatch(batch, addition.path);
      taken += batch.length;
    }
    if (addition.fromFolder) await touchBelow(db, collectionId, addition.path, addition.file.lastModified);
    // What was foreseen counts files that were refused, and archives within for one.
    Object.assign(count, { done: before.done + taken, total: before.total + taken });
    said(1);
  };
  let at = 0;
  while (at < files.length) {
    const batch = takeBatch(files, at);
    at += batch.length;
    for (const archive of await addBatch(batch)) await addArchive(archive);
  }
  return report;
}

function leaveOut({ binary }: AddReport, files: readonly LeftOut[], source: string | undefined): void {
  binary.files += files.length;
  for (const path of files.map(({ addition }) => source ?? addition.path)) {
    if (binary.of.at(-1) !== path) binary.of.push(path);
  }
}

const isModel = ({ path }: Addition) => isModelPath(path);

function takeBatch(additions: readonly Addition[], from: number): Addition[] {
  const batch: Addition[] = [];
  let bytes = 0;
  for (let i = from; i < additions.length && batch.length < BATCH.files; i++) {
    const addition = additions[i] as Addition;
    bytes += addition.file.size;
    if (batch.length > 0 && bytes > BATCH.bytes) break;
    batch.push(addition);
  }
  return batch;
}

async function readAll(
  batch: readonly Addition[],
  signal: AbortSignal,
  fail: (path: string, error: unknown) => void,
): Promise<(Added | Archive | LeftOut)[]> {
  const contents: (Added | Archive | LeftOut | undefined)[] = new Array(batch.length);
  let next = 0;
  const readNext = async (): Promise<void> => {
    for (let i = next++; i < batch.length; i = next++) {
      const addition = batch[i] as Addition;
      try {
        contents[i] = await readContent(addition, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (isAbort(error)) throw error;
        fail(addition.path, error);
      }
    }
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, readNext));
  return contents.filter(content => content !== undefined);
}

async function readContent(addition: Addition, signal: AbortSignal): Promise<Added | Archive | LeftOut> {
  const { file, path } = addition;
  const mayLeaveOut = addition.fromFolder && !addition.asked;
  const isLarge = file.size > COPY_BYTES;
  if (isLarge && mayLeaveOut && (await hasNoText(file))) return { addition, binary: true };
  if (file.size > MAX_FILE_BYTES) {
    const advice = path.toLowerCase().endsWith('.zip')
      ? 'Unpack it and add the files inside.'
      : 'Split it and add the parts.';
    throw new VecdropError(
      'file/too-large',
      `“${path}” is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB. ${advice}`,
    );
  }
  // A large file is read whole only where it may be an archive: there is hardly more than one in a batch.
  const bytes = isLarge && !(await beginsLikeZip(file)) ? undefined : await file.arrayBuffer();
  if (bytes && isArchive(new Uint8Array(bytes))) return { addition, archive: new Uint8Array(bytes) };
  const modifiedAt = file.lastModified;
  if (!bytes || isLarge) return { addition, blob: file, modifiedAt, sha256: await sha256(file, signal) };
  if (mayLeaveOut && holdsNoText(new Uint8Array(bytes))) return { addition, binary: true };
  const blob = new Blob([bytes]);
  return { addition, blob, bytes, modifiedAt, sha256: await sha256(blob, signal) };
}

async function beginsLikeZip(file: File): Promise<boolean> {
  return (await file.slice(0, 2).text()) === 'PK';
}

async function inMemory(content: Added): Promise<Added> {
  return { ...content, bytes: content.bytes ?? (await content.blob.arrayBuffer()) };
}

function unreadable(path: string, error: unknown): VecdropError {
  const sentence = `“${path}” could not be read: it was moved, changed or locked meanwhile. Add it again.`;
  return toVecdropError(error, 'file/unreadable', sentence);
}

async function writeBatch(
  db: Database,
  collectionId: string,
  contents: readonly Added[],
  report: AddReport,
): Promise<void> {
  const outcomes = await db.write(['files', 'blobs', 'meta'], async (tx, stamp) => {
    const results: Outcome[] = [];
    for (const content of contents) results.push(await writeOne(tx, stamp, collectionId, content));
    return results;
  });
  for (const { kind, renamed } of outcomes) {
    report[kind] += 1;
    if (renamed) report.renamed.push(renamed);
  }
}

interface Outcome {
  kind: 'added' | 'unchanged' | 'changed';
  renamed?: [string, string];
}

/** A path within a folder is a file's identity; loose files of one name and other content are both kept. */
async function writeOne(
  tx: Transaction<'readwrite'>,
  stamp: Stamp,
  collectionId: string,
  content: Added,
): Promise<Outcome> {
  const { path, fromFolder } = content.addition;
  const samePath = await tx.objectStore('files').index('byPath').getAll([collectionId, path]);
  const there = samePath.find(file => file.deletedAt === undefined);
  if (there && (there.sha256 === content.sha256 || fromFolder)) {
    const stopped = there.state === 'failed' || there.state === 'cancelled';
    if (there.sha256 === content.sha256 && !stopped) {
      const { modifiedAt } = content;
      if (there.modifiedAt !== modifiedAt) await tx.objectStore('files').put({ ...there, modifiedAt });
      return { kind: 'unchanged' };
    }
    await replaceContent(tx, there, content, stamp);
    return { kind: 'changed' };
  }
  const { path: free } = await createFile(tx, collectionId, path, content, stamp);
  return free === path ? { kind: 'added' } : { kind: 'added', renamed: [path, free] };
}
