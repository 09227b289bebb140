import { ARCHIVE_FILES, type ArchiveSource, ORIGINALS_FOLDER } from '../domain/archive.ts';
import { type ZippedFile, zipped } from '../zip/write.ts';
import { eachLine } from './pieces.ts';

/** Vecdrop's archive of a collection as docs/FORMAT.md describes it: a zip of lines and one file of vectors. */
export function archivePieces(source: ArchiveSource): AsyncGenerator<Uint8Array> {
  return zipped(entries(source), new Date(source.manifest.madeAt));
}

async function* entries(source: ArchiveSource): AsyncGenerator<ZippedFile> {
  const lines = (items: AsyncIterable<unknown>) => eachLine(items, item => JSON.stringify(item));
  async function* manifest() {
    yield new TextEncoder().encode(`${JSON.stringify(source.manifest, null, 2)}\n`);
  }
  yield { name: ARCHIVE_FILES.manifest, pieces: manifest() };
  yield { name: ARCHIVE_FILES.generations, pieces: lines(source.generations()), pack: true };
  yield { name: ARCHIVE_FILES.documents, pieces: lines(source.documents()), pack: true };
  yield { name: ARCHIVE_FILES.chunks, pieces: lines(source.chunks()), pack: true };
  yield {
    name: ARCHIVE_FILES.vectors,
    pieces: littleEndian(source.vectors()),
    expected: vectorBytes(source),
  };
  for await (const { entry, bytes, pieces } of source.originals()) {
    yield { name: entry, pieces, pack: true, expected: bytes };
  }
  yield { name: ARCHIVE_FILES.files, pieces: lines(source.files()), pack: true };
}

/** Where vectors of two models stand side by side, about so many. */
function vectorBytes({ manifest: { counts, model } }: ArchiveSource): number {
  return counts.vectors * model.dimensions * Float32Array.BYTES_PER_ELEMENT;
}

/** As they lie in memory: browsers and Node run on little-endian machines alone. */
async function* littleEndian(vectors: AsyncIterable<Float32Array>): AsyncGenerator<Uint8Array> {
  for await (const { buffer, byteOffset, byteLength } of vectors) {
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}

/** UTF-16 units; a name in a zip has 65,535 bytes at the most. */
const MAX_PATH = 20_000;

/** Name of an original's entry: its path where that is a harmless one that UTF-8 keeps, else its id. */
export function originalEntry(path: string, id: string): string {
  const harmless = path
    .split('/')
    .every(part => part !== '' && part !== '.' && part !== '..' && !/[\p{Cc}\p{Cs}\\:]/u.test(part));
  return ORIGINALS_FOLDER + (harmless && path.length <= MAX_PATH ? path : id);
}
