import {
  ARCHIVE_FILES,
  ARCHIVE_VERSION,
  type ArchivedChunk,
  type ArchivedDocument,
  type ArchivedFile,
  type ArchivedGeneration,
  type ArchiveManifest,
  beginsAsArchive,
} from '../domain/archive.ts';
import { VecdropError } from '../domain/errors.ts';
import { type OpenZip, openZip } from '../zip/blob.ts';
import type { ZipEntry } from '../zip/directory.ts';
import {
  readManifest,
  reviveChunk,
  reviveDocument,
  reviveFile,
  reviveGeneration,
} from './archive-records.ts';
import { linesOf } from './bytes.ts';

/** An archive that is open: each part can be read any number of times, none is held. */
export interface OpenArchive {
  manifest: ArchiveManifest;
  files(): AsyncGenerator<ArchivedFile>;
  generations(): AsyncGenerator<ArchivedGeneration>;
  documents(): AsyncGenerator<ArchivedDocument>;
  chunks(): AsyncGenerator<ArchivedChunk>;
  /** Reads `count` vectors of so many dimensions, one batch after the other. Throws 'import/corrupt' where they end. */
  vectors(): (count: number, dimensions: number) => Promise<Float32Array>;
  /** An original, and how many bytes it has; undefined where it is not in the archive. */
  original(entry: string): { bytes: number; pieces: AsyncIterable<Uint8Array> } | undefined;
}

/** Whether a file is an archive of Vecdrop's, as far as its directory tells, or else its beginning. */
export async function isVecdropArchive(blob: Blob): Promise<boolean> {
  try {
    return (await openZip(blob)).entries.has(ARCHIVE_FILES.manifest);
  } catch {
    return beginsAsArchive(blob);
  }
}

/**
 * Opens an archive. Rejects with 'import/corrupt' where it is damaged or cut off, 'import/unsupported' where a newer
 * Vecdrop wrote it.
 */
export async function openArchive(blob: Blob, signal: AbortSignal): Promise<OpenArchive> {
  const zip = await openZip(blob).catch(error => {
    throw corrupt('This archive is cut off or no zip at all.', error);
  });
  const manifest = readManifest(await wholeText(zip, ARCHIVE_FILES.manifest, signal));
  if (manifest.version > ARCHIVE_VERSION) {
    throw new VecdropError(
      'import/unsupported',
      `This archive was written by a newer Vecdrop (${manifest.madeBy}). Reload the page to get that version, then import it again.`,
    );
  }

  async function* records<T>(name: string, revive: (value: unknown) => T): AsyncGenerator<T> {
    const utf8 = new TextDecoder('utf-8', { fatal: true });
    for await (const { line, number } of linesOf(pieces(zip, entryOf(zip, name), signal), MAX_LINE)) {
      let record: T;
      try {
        record = revive(JSON.parse(utf8.decode(line)));
      } catch (error) {
        throw corrupt(`Line ${number} of ${name} in this archive makes no sense.`, error);
      }
      yield record;
    }
  }

  return {
    manifest,
    files: () => records(ARCHIVE_FILES.files, reviveFile),
    generations: () => records(ARCHIVE_FILES.generations, reviveGeneration),
    documents: () => records(ARCHIVE_FILES.documents, reviveDocument),
    chunks: () => records(ARCHIVE_FILES.chunks, reviveChunk),
    vectors: () => vectorSource(pieces(zip, entryOf(zip, ARCHIVE_FILES.vectors), signal)),
    original(name) {
      const entry = zip.entries.get(name);
      return entry && { bytes: entry.bytes, pieces: pieces(zip, entry, signal) };
    },
  };
}

function entryOf(zip: OpenZip, name: string): ZipEntry {
  const entry = zip.entries.get(name);
  if (!entry) throw corrupt(`There is no ${name} in this archive.`);
  return entry;
}

async function* pieces(zip: OpenZip, entry: ZipEntry, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of zip.read(entry)) {
      signal.throwIfAborted();
      yield piece;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw corrupt(`${entry.name} in this archive is damaged.`, error);
  }
}

async function wholeText(zip: OpenZip, name: string, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of pieces(zip, entryOf(zip, name), signal)) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > MAX_MANIFEST) throw corrupt(`${name} in this archive is too long.`);
  }
  return text + decoder.decode();
}

/** Bytes of one line: more than any record, and less than what a browser's string holds. */
const MAX_LINE = 128 * 1024 * 1024;

/** UTF-16 units; ours are some 2,000. */
const MAX_MANIFEST = 1_000_000;

/** Takes vectors off a stream of bytes whose pieces end anywhere. */
function vectorSource(stream: AsyncGenerator<Uint8Array>) {
  let held: Uint8Array = new Uint8Array(0);
  return async (count: number, dimensions: number): Promise<Float32Array> => {
    const data = new Float32Array(count * dimensions);
    const bytes = new Uint8Array(data.buffer);
    let filled = 0;
    while (filled < bytes.length) {
      if (held.length === 0) {
        const { done, value } = await stream.next();
        if (done) throw corrupt('There are fewer vectors in this archive than it says.');
        held = value;
      }
      const part = held.subarray(0, bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
      held = held.subarray(part.length);
    }
    return data;
  };
}

/** What is said of a damaged archive; nothing of it was imported. */
export function corrupt(what: string, cause?: unknown): VecdropError {
  return new VecdropError(
    'import/corrupt',
    `${what} Nothing was imported. Export it again, or take another copy of the file.`,
    cause,
  );
}
