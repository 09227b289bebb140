import type { Cursor } from './cursor.ts';

/** Arrays of numbers keep the type they are stored in. */
export type MetadataArray =
  | string[]
  | boolean[]
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | BigUint64Array
  | BigInt64Array
  | Float64Array;

/** 64-bit integers are bigint. */
export type MetadataValue = string | number | bigint | boolean | MetadataArray;

export interface MetadataEntry {
  value: MetadataValue;
  /** GGUF's id of the value's type. */
  type: number;
  /** Where the value begins in the file, in bytes. */
  offset: number;
}

/** GGUF's ids of value types that are treated apart. */
export const UINT16 = 2;
export const UINT32 = 4;
const BOOL = 7;
const STRING = 8;
const ARRAY = 9;

/** The longest lists of texts in use, merges of byte-pair encodings, have some half a million. */
const MOST_STRINGS = 1 << 20;

/** Numbers by GGUF's id of their type: bytes, how to read one, how to keep many. */
interface NumberType {
  bytes: number;
  read(view: DataView): number | bigint;
  array(buffer: ArrayBuffer): MetadataArray;
}

const NUMBERS: ReadonlyMap<number, NumberType> = new Map<number, NumberType>([
  [0, { bytes: 1, read: view => view.getUint8(0), array: buffer => new Uint8Array(buffer) }],
  [1, { bytes: 1, read: view => view.getInt8(0), array: buffer => new Int8Array(buffer) }],
  [UINT16, { bytes: 2, read: view => view.getUint16(0, true), array: buffer => new Uint16Array(buffer) }],
  [3, { bytes: 2, read: view => view.getInt16(0, true), array: buffer => new Int16Array(buffer) }],
  [UINT32, { bytes: 4, read: view => view.getUint32(0, true), array: buffer => new Uint32Array(buffer) }],
  [5, { bytes: 4, read: view => view.getInt32(0, true), array: buffer => new Int32Array(buffer) }],
  [6, { bytes: 4, read: view => view.getFloat32(0, true), array: buffer => new Float32Array(buffer) }],
  [10, { bytes: 8, read: view => view.getBigUint64(0, true), array: buffer => new BigUint64Array(buffer) }],
  [11, { bytes: 8, read: view => view.getBigInt64(0, true), array: buffer => new BigInt64Array(buffer) }],
  [12, { bytes: 8, read: view => view.getFloat64(0, true), array: buffer => new Float64Array(buffer) }],
]);

/** Reads `count` keys with their values. */
export function readMetadata(cursor: Cursor, count: number): Map<string, MetadataEntry> {
  const metadata = new Map<string, MetadataEntry>();
  for (let i = 0; i < count; i++) {
    const key = cursor.string();
    if (key === '') throw cursor.corrupt('a metadata entry has no name');
    if (metadata.has(key)) throw cursor.corrupt(`it names ${quoted(key)} twice`);
    const type = cursor.u32();
    const offset = cursor.at;
    metadata.set(key, { type, offset, value: readValue(cursor, type, key) });
  }
  return metadata;
}

/** A name from a file as it may stand in a message: printable and short. */
export function quoted(name: string): string {
  const clean = name.replace(/[\p{C}\p{Z}]+/gu, ' ');
  return `“${clean.length > 60 ? `${clean.slice(0, 60)}…` : clean}”`;
}

function readValue(cursor: Cursor, type: number, key: string): MetadataValue {
  if (type === STRING) return cursor.string();
  if (type === BOOL) return readBoolean(cursor, key);
  if (type === ARRAY) return readArray(cursor, key);
  const number = NUMBERS.get(type);
  if (number === undefined) throw cursor.corrupt(`${quoted(key)} is of the unknown type ${type}`);
  return number.read(cursor.viewOf(number.bytes));
}

function readArray(cursor: Cursor, key: string): MetadataArray {
  const type = cursor.u32();
  const what = `the array length of ${quoted(key)}`;
  if (type === ARRAY) throw cursor.unsupported(`${quoted(key)} holds arrays within an array`);
  if (type === STRING) {
    const length = cursor.count(8, what);
    if (length > MOST_STRINGS) throw cursor.corrupt(`${quoted(key)} claims ${length} texts`);
    const strings: string[] = [];
    for (let i = 0; i < length; i++) strings.push(cursor.string());
    return strings;
  }
  if (type === BOOL) {
    const length = cursor.count(1, what);
    const booleans: boolean[] = [];
    for (let i = 0; i < length; i++) booleans.push(readBoolean(cursor, key));
    return booleans;
  }
  const number = NUMBERS.get(type);
  if (number === undefined) throw cursor.corrupt(`${quoted(key)} is an array of the unknown type ${type}`);
  const length = cursor.count(number.bytes, what);
  return number.array(cursor.copy(length * number.bytes));
}

function readBoolean(cursor: Cursor, key: string): boolean {
  const value = cursor.u8();
  if (value > 1) throw cursor.corrupt(`${quoted(key)} is neither true nor false`);
  return value === 1;
}
