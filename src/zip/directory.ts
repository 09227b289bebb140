import { FULL_16, FULL_32 } from './records.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** One file in a zip, as its directory says it. */
export interface ZipEntry {
  /** '/' between folders, as written: it may be absolute or climb, and is a name and nothing else. */
  name: string;
  packedBytes: number;
  bytes: number;
  isEncrypted: boolean;
  /** 0 stored, 8 deflated. */
  method: number;
  /** CRC-32 of its bytes. */
  crc: number;
  /** Where its local header stands. */
  offset: number;
}

/** Entries that the directory of a document, or of an archive of documents, may list. */
export const MAX_ENTRIES = 100_000;

/** Where a directory lies: `offset` and `size` in bytes, from the beginning of what was looked at; below 0 it begins before that. */
export interface DirectoryPlace {
  count: number;
  size: number;
  /** Of what its offsets count from: a program that unpacks itself has its code before the archive. */
  base: number;
  offset: number;
}

/**
 * Finds the directory of a zip (APPNOTE 6.3.10, Zip64 included) from its last bytes; `start` is where they begin in
 * the file. Throws RangeError where there is none.
 */
export function findDirectory(tail: Uint8Array, start = 0): DirectoryPlace {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const { count, size, offset, end } = findEnd(view, start);
  const base = start + end - size - offset;
  if (base < 0) throw new RangeError('The directory lies before the file.');
  return { count, size, base, offset: end - size };
}

/**
 * The entries that a directory lists, folders left out; `at` is where it begins in `bytes`, offsets are counted from
 * the file's beginning. Throws RangeError where it is not whole, or entries overlap.
 */
export function readDirectory(
  bytes: Uint8Array,
  at: number,
  { count, size, base }: DirectoryPlace,
): ZipEntry[] {
  const directory = bytes.subarray(at, at + size);
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const entries: ZipEntry[] = [];
  let from = 0;
  for (let i = 0; i < count; i++) {
    if (view.getUint32(from, true) !== 0x02014b50) throw new RangeError('An entry is missing.');
    const flags = view.getUint16(from + 8, true);
    const nameEnd = from + 46 + view.getUint16(from + 28, true);
    const extraEnd = nameEnd + view.getUint16(from + 30, true);
    if (extraEnd > directory.length) throw new RangeError('An entry is cut off.');
    const extra = new DataView(directory.buffer, directory.byteOffset + nameEnd, extraEnd - nameEnd);
    const sizes = zip64(extra, [
      view.getUint32(from + 24, true),
      view.getUint32(from + 20, true),
      view.getUint32(from + 42, true),
    ]);
    const name = entryName(directory.subarray(from + 46, nameEnd), extra).replaceAll('\\', '/');
    if (!name.endsWith('/')) {
      entries.push({
        name,
        bytes: sizes[0],
        packedBytes: sizes[1],
        offset: base + sizes[2],
        isEncrypted: (flags & 1) === 1,
        method: view.getUint16(from + 10, true),
        crc: view.getUint32(from + 16, true),
      });
    }
    from = extraEnd + view.getUint16(from + 32, true);
  }
  if (overlap(entries)) throw new RangeError('Entries overlap.');
  return entries;
}

/** Zip bombs pack one stretch of bytes for many entries. */
function overlap(entries: readonly ZipEntry[]): boolean {
  const sorted = entries.toSorted((a, b) => a.offset - b.offset);
  return sorted.some((entry, i) => {
    const next = sorted[i + 1];
    return next !== undefined && entry.offset + 30 + entry.packedBytes > next.offset;
  });
}

interface End {
  count: number;
  size: number;
  offset: number;
  /** Where the directory ends. */
  end: number;
}

/** The end record, behind which a comment of at most 65,535 bytes stands. */
function findEnd(view: DataView, start: number): End {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 65_557); at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const count = view.getUint16(at + 10, true);
    const size = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    const isFull = count === FULL_16 || size === FULL_32 || offset === FULL_32;
    return (isFull && findZip64End(view, start, at)) || { count, size, offset, end: at };
  }
  throw new RangeError('There is no directory.');
}

/** The Zip64 record before an end record that is full; undefined where no locator points to one. */
function findZip64End(view: DataView, start: number, end: number): End | undefined {
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) return undefined;
  // Where something was put before the archive the record is not where it was: it stands right before its locator.
  const places = [longAt(view, locator + 8) - start, locator - 56];
  const at = places.find(
    place => place >= 0 && place + 56 <= locator && view.getUint32(place, true) === 0x06064b50,
  );
  if (at === undefined) throw new RangeError('The directory’s place is not where it should be.');
  return {
    count: longAt(view, at + 32),
    size: longAt(view, at + 40),
    offset: longAt(view, at + 48),
    end: at,
  };
}

/** A number of 64 bits. Throws RangeError where it is more than any file has. */
function longAt(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('A number is larger than any file.');
  return Number(value);
}

/** Fields that are full are in the Zip64 extra field, in this order. */
function zip64(extra: DataView, fields: [number, number, number]): [number, number, number] {
  const field = fields.includes(FULL_32) ? extraField(extra, 0x0001) : undefined;
  let at = 0;
  return fields.map(value => {
    if (value !== FULL_32 || !field) return value;
    at += 8;
    return longAt(field, at - 8);
  }) as [number, number, number];
}

function extraField(extra: DataView, id: number): DataView | undefined {
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const length = extra.getUint16(at + 2, true);
    if (at + 4 + length > extra.byteLength) return undefined;
    if (extra.getUint16(at, true) === id)
      return new DataView(extra.buffer, extra.byteOffset + at + 4, length);
    at += 4 + length;
  }
  return undefined;
}

/** The upper half of code page 437, which a name is in where nothing else is said. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** UTF-8 where the bytes are that, marked or not; else Info-ZIP's Unicode field; else code page 437. */
function entryName(raw: Uint8Array, extra: DataView): string {
  try {
    return utf8.decode(raw);
  } catch {
    const field = extraField(extra, 0x7075);
    if (field && field.byteLength > 5) {
      return new TextDecoder().decode(
        new Uint8Array(field.buffer, field.byteOffset + 5, field.byteLength - 5),
      );
    }
    return Array.from(raw, byte => (byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80])).join('');
  }
}
