import { createCRC32, type IHasher } from 'hash-wasm';
import { findDirectory, readDirectory, type ZipEntry } from './directory.ts';

/** The end record and its comment are in the last bytes, and so is the directory of most archives. */
const TAIL_BYTES = 256 * 1024;
/** What a directory may list and weigh: more than a collection has files, and less than fills the memory. */
const MAX_ENTRIES = 2_000_000;
const MAX_DIRECTORY_BYTES = 512 * 1024 * 1024;

/** A zip that lies in a file: its entries are read one by one, and nothing is held. */
export interface OpenZip {
  /** By name; of two of one name the last. */
  entries: ReadonlyMap<string, ZipEntry>;
  /**
   * The bytes of an entry in pieces. Throws RangeError at the end where they are not as many as the directory says or
   * have another checksum, and at once where they are encrypted or packed by another method than deflate.
   */
  read(entry: ZipEntry): AsyncGenerator<Uint8Array>;
}

/** Opens a zip. Rejects with RangeError where it is none, or is cut off. */
export async function openZip(blob: Blob): Promise<OpenZip> {
  const bytesFrom = async (start: number, end?: number) =>
    new Uint8Array(await blob.slice(start, end).arrayBuffer());
  const start = Math.max(0, blob.size - TAIL_BYTES);
  const tail = await bytesFrom(start);
  const place = findDirectory(tail, start);
  if (place.count > MAX_ENTRIES || place.size > MAX_DIRECTORY_BYTES) {
    throw new RangeError('The directory is too long.');
  }
  const entries =
    place.offset >= 0
      ? readDirectory(tail, place.offset, place)
      : readDirectory(await bytesFrom(start + place.offset, start + place.offset + place.size), 0, place);

  /** Those that no entry is read with now: two may be read at once, and most are small. */
  const idle: IHasher[] = [];

  async function* read(entry: ZipEntry): AsyncGenerator<Uint8Array> {
    if (entry.isEncrypted) throw new RangeError(`“${entry.name}” is encrypted.`);
    if (entry.method !== 0 && entry.method !== 8) {
      throw new RangeError(`“${entry.name}” is packed by an unknown method.`);
    }
    const head = new DataView((await bytesFrom(entry.offset, entry.offset + 30)).buffer);
    if (head.byteLength < 30 || head.getUint32(0, true) !== 0x04034b50) {
      throw new RangeError(`“${entry.name}” does not begin where it should.`);
    }
    const from = entry.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
    const packed = blob.slice(from, from + entry.packedBytes).stream();
    const stream = entry.method === 0 ? packed : packed.pipeThrough(new DecompressionStream('deflate-raw'));
    const checksum = idle.pop() ?? (await createCRC32());
    checksum.init();
    let bytes = 0;
    try {
      for await (const piece of piecesOf(stream)) {
        bytes += piece.byteLength;
        // A bomb ends here, not where memory does.
        if (bytes > entry.bytes) throw new RangeError(`“${entry.name}” is larger than it should be.`);
        checksum.update(piece);
        yield piece;
      }
      const crc = Number.parseInt(checksum.digest('hex'), 16);
      if (bytes !== entry.bytes || crc !== entry.crc) {
        throw new RangeError(`“${entry.name}” is not what it was when it was packed.`);
      }
    } finally {
      idle.push(checksum);
    }
  }
  return { entries: new Map(entries.map(entry => [entry.name, entry])), read };
}

/** A stream's pieces; given up, it is cancelled. Not every browser can iterate a stream by itself. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
