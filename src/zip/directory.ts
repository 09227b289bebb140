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

/** Entries that a directory may list. */
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
export function readDirectory(bytes: Uint8Array, at: number, { count, base }: DirectoryPlace): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new RangeError('An entry is missing.');
    const flags = view.getUint16(at + 8, true);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const rawName = bytes.subarray(at + 46, at + 46 + nameLength);
    const extra = new DataView(view.buffer, view.byteOffset + at + 46 + nameLength, extraLength);
    const sizes = zip64(extra, [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ]);
    const name = entryName(rawName, extra).replaceAll('\\', '/');
    if (!name.endsWith('/')) {
      entries.push({
        name,
        bytes: sizes[0],
        packedBytes: sizes[1],
        offset: base + sizes[2],
        isEncrypted: (flags & 1) === 1,
        method: view.getUint16(at + 10, true),
        crc: view.getUint32(at + 16, true),
      });
    }
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
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

/** The end record, behind which a comment of at most 65,535 bytes stands. */
function findEnd(
  view: DataView,
  start: number,
): { count: number; size: number; offset: number; end: number } {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 65_557); at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const count = view.getUint16(at + 10, true);
    const size = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    const locator = at - 20;
    if (locator >= 0 && view.getUint32(locator, true) === 0x07064b50) {
      const record = Number(view.getBigUint64(locator + 8, true)) - start;
      if (record >= 0 && view.getUint32(record, true) === 0x06064b50) {
        const long = (from: number) => Number(view.getBigUint64(record + from, true));
        return { count: long(32), size: long(40), offset: long(48), end: record };
      }
    }
    return { count, size, offset, end: at };
  }
  throw new RangeError('There is no directory.');
}

/** Fields that are full are in the Zip64 extra field, in this order. */
function zip64(extra: DataView, fields: [number, number, number]): [number, number, number] {
  const field = extraField(extra, 0x0001);
  let at = 0;
  return fields.map(value => {
    if (value !== 0xffffffff || !field) return value;
    at += 8;
    return Number(field.getBigUint64(at - 8, true));
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
