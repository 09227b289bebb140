import { Deflate } from 'fflate';
import { createCRC32 } from 'hash-wasm';
import { descriptor, directoryHeader, ending, FULL_32, localHeader, type WrittenEntry } from './records.ts';

export interface ZippedFile {
  name: string;
  pieces: AsyncIterable<Uint8Array>;
  /** Deflated where true, for texts; else stored as it is: vectors hardly shrink. */
  pack?: boolean;
  /** About how many bytes will come, where that can be told: from 4 GB on they are announced as such. */
  expected?: number;
}

/** Of 9: texts come to a third, at 50 MB/s. */
const LEVEL = 4;
/** Of the directory, in which an entry has some hundred bytes. */
const DIRECTORY_PIECE = 64 * 1024;

/**
 * A zip in pieces, of files of any number and size; of those nothing is held but their lines of the directory. The same
 * files and time give the same bytes. Throws RangeError where a name is longer than a zip can hold.
 */
export async function* zipped(
  files: Iterable<ZippedFile> | AsyncIterable<ZippedFile>,
  modified: Date,
): AsyncGenerator<Uint8Array> {
  const checksum = await createCRC32();
  const directory = new Directory();
  let offset = 0;
  const out = (piece: Uint8Array) => {
    offset += piece.length;
    return piece;
  };
  for await (const { name, pieces, pack = false, expected = 0 } of files) {
    // Behind 4 GB the directory has a Zip64 field for it, and Info-ZIP's unzip compares names read with and without one.
    const large = expected >= FULL_32 || offset >= FULL_32;
    const head = { name, packed: pack, modified, large };
    const entry: WrittenEntry = { ...head, offset, crc: 0, packedBytes: 0, bytes: 0 };
    yield out(localHeader(entry));
    checksum.init();
    async function* counted() {
      for await (const piece of pieces) {
        entry.bytes += piece.length;
        checksum.update(piece);
        yield piece;
      }
    }
    const from = offset;
    for await (const piece of pack ? deflated(counted()) : counted()) yield out(piece);
    entry.packedBytes = offset - from;
    entry.crc = Number.parseInt(checksum.digest('hex'), 16);
    yield out(descriptor(entry));
    directory.add(directoryHeader(entry));
  }
  const place = { offset, count: directory.count, size: directory.bytes };
  yield* directory.pieces();
  yield ending(place);
}

async function* deflated(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const stream = new Deflate({ level: LEVEL }, piece => ready.push(piece));
  for await (const piece of pieces) {
    stream.push(piece);
    yield* ready.splice(0);
  }
  stream.push(new Uint8Array(0), true);
  yield* ready.splice(0);
}

/** The directory while it grows: kept as bytes, which of a million entries are a hundred megabytes. */
class Directory {
  count = 0;
  bytes = 0;
  readonly #full: Uint8Array[] = [];
  #piece = new Uint8Array(DIRECTORY_PIECE);
  #filled = 0;

  add(header: Uint8Array): void {
    this.count += 1;
    this.bytes += header.length;
    if (this.#filled + header.length > this.#piece.length) {
      this.#full.push(this.#piece.subarray(0, this.#filled));
      this.#piece = new Uint8Array(Math.max(DIRECTORY_PIECE, header.length));
      this.#filled = 0;
    }
    this.#piece.set(header, this.#filled);
    this.#filled += header.length;
  }

  pieces(): Uint8Array[] {
    return [...this.#full, this.#piece.subarray(0, this.#filled)];
  }
}
