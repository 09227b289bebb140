import { Inflate } from 'fflate';
import { VecdropError } from '../domain/errors.ts';
import { findDirectory, MAX_ENTRIES, readDirectory, type ZipEntry } from '../zip/directory.ts';
import { broken, encrypted, MAX_ENTRY_BYTES, MAX_RATIO, MIN_RATIO_BYTES, tooLarge } from './limits.ts';

/** Packed bytes given to the inflater at once: each becomes 1032 at the most, so 16 MB are seen before a limit is. */
const STEP = 16_384;

/** The entries of a zip, folders left out. Throws 'file/broken' where its directory is not whole or entries overlap, 'file/too-large' above MAX_ENTRIES. */
export function zipDirectory(bytes: Uint8Array): ZipEntry[] {
  try {
    const place = findDirectory(bytes);
    if (place.count > MAX_ENTRIES)
      throw tooLarge(`holds more than ${MAX_ENTRIES.toLocaleString('en')} files`);
    return readDirectory(bytes, place.offset, place);
  } catch (error) {
    if (error instanceof VecdropError) throw error;
    throw broken('a zip archive', error);
  }
}

/**
 * An entry's bytes. Throws 'file/encrypted', 'file/too-large' (its size, or its size for what it is packed in),
 * 'file/unsupported' for other methods than deflate, 'file/broken' where it is not what its directory says.
 */
export function unzipEntry(archive: Uint8Array, entry: ZipEntry, maxBytes = MAX_ENTRY_BYTES): Uint8Array {
  const { name, bytes, packedBytes, offset } = entry;
  if (entry.isEncrypted) throw encrypted('an archive');
  if (bytes > maxBytes) throw tooLarge(`holds “${name}”, which unpacks to more than fits into memory`);
  if (bytes > MIN_RATIO_BYTES && bytes > packedBytes * MAX_RATIO) {
    throw tooLarge(`holds “${name}”, which unpacks to more than ${MAX_RATIO} times its size`);
  }
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  if (offset + 30 > archive.length || view.getUint32(offset, true) !== 0x04034b50)
    throw broken('a zip archive');
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const packed = archive.subarray(start, start + packedBytes);
  if (packed.length < packedBytes) throw broken('a zip archive');
  if (entry.method === 0) {
    if (bytes !== packedBytes) throw broken('a zip archive');
    return packed;
  }
  if (entry.method !== 8) {
    throw new VecdropError(
      'file/unsupported',
      `This file holds “${name}”, which is packed by a method that Vecdrop does not know. Unpack it and add the files inside.`,
    );
  }
  return inflate(packed, bytes);
}

/** Deflated bytes that must come to `size`: unpacking ends as soon as they come to more. */
function inflate(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let length = 0;
  const stream = new Inflate(chunk => {
    if (length + chunk.length > size) throw new RangeError('More was packed than the directory says.');
    out.set(chunk, length);
    length += chunk.length;
  });
  try {
    for (let at = 0; at < packed.length; at += STEP) {
      stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
    }
  } catch (error) {
    throw broken('a zip archive', error);
  }
  if (length !== size) throw broken('a zip archive');
  return out;
}
