import type { Database } from './database.ts';
import { findFile, folderOf, openForWriting, removeFile, removeFolder, writeAll } from './folders.ts';

/** Pieces of bytes that belong together, in order. */
export type Section = Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>;

/** Ends with the collection's id, so that two collections never wait for each other. */
const LOCK = 'vecdrop-search-file:';
const MAGIC = 0x56445349;
/** Magic, and the revision of the database that the file is of; written when all else is there. */
const HEAD_BYTES = 16;

/** An index is written beside the one before, which goes when the new one is whole: the later revision counts. */
const namesOf = (collectionId: string): [string, string] => [
  `${collectionId}.index`,
  `${collectionId}.next.index`,
];

/**
 * Keeps a collection's search index: sections of pieces, each with its length before it, 0 for a section's end. What is
 * there of as late a revision, or is being written by another tab, stays. Returns false where nothing was written, or
 * `going` said that the sections were about to change; then what was there stays, as when writing fails.
 */
export async function writeSearchFile(
  collectionId: string,
  revision: number,
  sections: () => Iterable<Section>,
  going: () => boolean,
): Promise<boolean> {
  return navigator.locks.request(`${LOCK}${collectionId}`, { ifAvailable: true }, async lock => {
    if (!lock) return false;
    const [newest, other] = await byRevision(collectionId);
    if (newest.revision >= revision) return false;
    const file = await openForWriting('search', other.name);
    const done = await writeSections(file, revision, sections, going).finally(() => file.close());
    await removeFile('search', done ? newest.name : other.name);
    return done;
  });
}

async function writeSections(
  file: FileSystemSyncAccessHandle,
  revision: number,
  sections: () => Iterable<Section>,
  going: () => boolean,
): Promise<boolean> {
  try {
    file.truncate(0);
    let at = writeAll(file, new Uint8Array(HEAD_BYTES), 0);
    const length = new Uint32Array(1);
    for (const section of sections()) {
      for await (const piece of section) {
        if (!going()) return false;
        length[0] = piece.byteLength;
        at += writeAll(file, new Uint8Array(length.buffer), at);
        at += writeAll(file, piece, at);
      }
      length[0] = 0;
      at += writeAll(file, new Uint8Array(length.buffer), at);
    }
    file.flush();
    writeAll(file, headOf(revision), 0);
    file.flush();
    return true;
  } catch (error) {
    file.truncate(0);
    throw error;
  }
}

/**
 * Reads what was kept: `read` takes sections one after the other, each piece before it asks for the next. Undefined where there is no file, or none that was
 * written to its end. Rejects with what `read` throws, and then the file is of no use and emptied.
 */
export async function readSearchFile<R>(
  collectionId: string,
  read: (next: () => Iterable<Uint8Array<ArrayBuffer>>) => Promise<R>,
): Promise<R | undefined> {
  return navigator.locks.request(`${LOCK}${collectionId}`, async () => {
    const [newest] = await byRevision(collectionId);
    const found = newest.revision >= 0 && (await findFile('search', newest.name));
    if (!found) return undefined;
    const file = await found.createSyncAccessHandle();
    try {
      let at = HEAD_BYTES;
      const size = file.getSize();
      const length = new Uint32Array(1);
      let held = new Uint8Array(0);
      function* next() {
        for (;;) {
          at += file.read(length, { at });
          const bytes = length[0] as number;
          if (bytes === 0 || bytes > size - at) return;
          // One buffer for all: hundreds of megabytes that are thrown away are held for a while.
          if (held.length < bytes) held = new Uint8Array(bytes);
          const piece = held.subarray(0, bytes);
          at += file.read(piece, { at });
          yield piece;
        }
      }
      return await read(next);
    } catch (error) {
      file.truncate(0);
      throw error;
    } finally {
      file.close();
    }
  });
}

/** The files of a collection's index, the one that counts first; of revision -1 is what is not there, or not whole. */
async function byRevision(collectionId: string) {
  const [first, second] = namesOf(collectionId);
  const one = { name: first, revision: await revisionIn(first) };
  const other = { name: second, revision: await revisionIn(second) };
  return one.revision > other.revision ? ([one, other] as const) : ([other, one] as const);
}

async function revisionIn(name: string): Promise<number> {
  const found = await findFile('search', name);
  if (!found) return -1;
  const file = await found.createSyncAccessHandle();
  try {
    const head = new DataView(new ArrayBuffer(HEAD_BYTES));
    const whole = file.read(head, { at: 0 }) === HEAD_BYTES && head.getUint32(0, true) === MAGIC;
    return whole ? head.getFloat64(8, true) : -1;
  } finally {
    file.close();
  }
}

/** Removes the indexes of collections that are gone for good. */
export async function sweepSearchFiles(db: Database): Promise<void> {
  const ids = await db.read(['collections'], tx => tx.objectStore('collections').getAllKeys());
  const kept = new Set(ids.flatMap(id => namesOf(id)));
  const folder = await folderOf('search');
  for await (const name of folder.keys()) {
    // One that is open just now goes with the next sweep.
    if (!kept.has(name)) await folder.removeEntry(name).catch(() => {});
  }
}

export function removeSearchFiles(): Promise<void> {
  return removeFolder('search');
}

function headOf(revision: number): Uint8Array<ArrayBuffer> {
  const head = new DataView(new ArrayBuffer(HEAD_BYTES));
  head.setUint32(0, MAGIC, true);
  head.setFloat64(8, revision, true);
  return new Uint8Array(head.buffer);
}
