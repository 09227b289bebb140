/**
 * The records that a zip is written from (APPNOTE 6.3.10). A number that its field does not hold is written as all ones,
 * and whole into a Zip64 record; where every number fits there is none.
 */

/** What is known of an entry before its bytes are. */
interface EntryHead {
  /** '/' between folders; 65,535 bytes of UTF-8 at the most. */
  name: string;
  /** Deflated where true, else stored. */
  packed: boolean;
  /** In the time of the machine's own zone, as a zip has it; even seconds from 1980 to 2107. */
  modified: Date;
  /** Its sizes are announced with 64 bits: a program that reads from the front must know it before they come. */
  large: boolean;
}

/** What is known of an entry once all of it is written. */
export interface WrittenEntry extends EntryHead {
  /** CRC-32 of its bytes. */
  crc: number;
  packedBytes: number;
  bytes: number;
  /** Where its local header stands. */
  offset: number;
}

/** What fields of four and of two bytes hold at the most; all ones mean that the number is in a Zip64 record. */
export const FULL_32 = 0xffffffff;
export const FULL_16 = 0xffff;

/** Sizes and checksum follow the entry; its name is UTF-8. */
const FLAG_DESCRIPTOR = 0x0008;
const FLAG_UTF8 = 0x0800;
/** How hard was packed, in two bits that nothing depends on. */
const FLAG_FAST = 0x0004;

/** The version that a program needs to read it: 2.0 for deflate, 4.5 for Zip64. */
const VERSION = 20;
const VERSION_ZIP64 = 45;
const ZIP64_FIELD = 0x0001;

/** What stands before an entry's bytes. Throws RangeError where its name is too long. */
export function localHeader(entry: EntryHead): Uint8Array {
  const name = nameOf(entry);
  const extra = entry.large ? zip64Field([0, 0]) : NOTHING;
  const size = entry.large ? FULL_32 : 0;
  return laidOut(
    [
      [4, 0x04034b50],
      [2, entry.large ? VERSION_ZIP64 : VERSION],
      ...commonFields(entry, name),
      // The checksum and the sizes are not known yet.
      [4, 0],
      [4, size],
      [4, size],
      [2, name.length],
      [2, extra.length],
    ],
    name,
    extra,
  );
}

/** What stands behind an entry's bytes. */
export function descriptor({ crc, packedBytes, bytes, large }: WrittenEntry): Uint8Array {
  const width = large || packedBytes >= FULL_32 || bytes >= FULL_32 ? 8 : 4;
  return laidOut([
    [4, 0x08074b50],
    [4, crc],
    [width, packedBytes],
    [width, bytes],
  ]);
}

/** An entry's place in the directory. */
export function directoryHeader(entry: WrittenEntry): Uint8Array {
  const name = nameOf(entry);
  const { crc, packedBytes, bytes, offset } = entry;
  const full = [bytes, packedBytes, offset].filter(value => value >= FULL_32);
  const extra = full.length > 0 ? zip64Field(full) : NOTHING;
  const version = entry.large || full.length > 0 ? VERSION_ZIP64 : VERSION;
  return laidOut(
    [
      [4, 0x02014b50],
      [2, version],
      [2, version],
      ...commonFields(entry, name),
      [4, crc],
      [4, Math.min(packedBytes, FULL_32)],
      [4, Math.min(bytes, FULL_32)],
      [2, name.length],
      [2, extra.length],
      // No comment, one disk, no attributes of a system.
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, Math.min(offset, FULL_32)],
    ],
    name,
    extra,
  );
}

/** What a zip ends with: where its directory of `count` entries stands, and how many bytes it has. */
export function ending({ count, offset, size }: { count: number; offset: number; size: number }): Uint8Array {
  const fits = count < FULL_16 && offset < FULL_32 && size < FULL_32;
  const end = laidOut([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, Math.min(count, FULL_16)],
    [2, Math.min(count, FULL_16)],
    [4, Math.min(size, FULL_32)],
    [4, Math.min(offset, FULL_32)],
    [2, 0],
  ]);
  if (fits) return end;
  const record = laidOut([
    [4, 0x06064b50],
    // Of this record, its first twelve bytes left out.
    [8, 44],
    [2, VERSION_ZIP64],
    [2, VERSION_ZIP64],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, size],
    [8, offset],
  ]);
  const locator = laidOut([
    [4, 0x07064b50],
    [4, 0],
    [8, offset + size],
    [4, 1],
  ]);
  return laidOut([], record, locator, end);
}

/** Flags, method and time, which stand alike before an entry and in the directory. */
function commonFields({ name, packed, modified }: EntryHead, { length }: Uint8Array): Field[] {
  const flags = FLAG_DESCRIPTOR | (packed ? FLAG_FAST : 0) | (length === name.length ? 0 : FLAG_UTF8);
  return [
    [2, flags],
    [2, packed ? 8 : 0],
    [4, dosTime(modified)],
  ];
}

const encoder = new TextEncoder();

function nameOf({ name }: EntryHead): Uint8Array {
  const bytes = encoder.encode(name);
  if (bytes.length > FULL_16) throw new RangeError('A name in a zip is longer than 65,535 bytes.');
  return bytes;
}

function dosTime(date: Date): number {
  const year = date.getFullYear() - 1980;
  if (year < 0) return (1 << 21) | (1 << 16);
  const day = (Math.min(year, 127) << 25) | ((date.getMonth() + 1) << 21) | (date.getDate() << 16);
  return (day | (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1)) >>> 0;
}

function zip64Field(values: readonly number[]): Uint8Array {
  return laidOut([[2, ZIP64_FIELD], [2, values.length * 8], ...values.map((value): Field => [8, value])]);
}

/** A number and how many bytes it takes. */
type Field = readonly [width: 2 | 4 | 8, value: number];

const NOTHING = new Uint8Array(0);

/** Numbers one after the other, little-endian, then bytes as they are. */
function laidOut(fields: readonly Field[], ...rest: readonly Uint8Array[]): Uint8Array {
  const numbers = fields.reduce((sum, [width]) => sum + width, 0);
  const bytes = new Uint8Array(rest.reduce((sum, { length }) => sum + length, numbers));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  for (const part of rest) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
