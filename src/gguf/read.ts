import { VecdropError } from '../domain/errors.ts';
import { Cursor, MoreNeeded } from './cursor.ts';
import { type MetadataEntry, quoted, readMetadata } from './metadata.ts';
import { TENSOR_TYPES, type TensorType } from './tensor-types.ts';

export interface TensorInfo {
  name: string;
  type: TensorType;
  /** Fastest dimension first, as GGUF has it: [columns, rows]. */
  shape: number[];
  /** From the start of the file, in bytes. */
  offset: number;
  bytes: number;
}

/** What a GGUF file says of itself. */
export interface Gguf {
  version: number;
  metadata: Map<string, MetadataEntry>;
  /** In the file's order. */
  tensors: TensorInfo[];
  /** Of the tensors' data, in bytes. */
  alignment: number;
  /** Where the metadata ends and the list of tensors begins. */
  metadataEnd: number;
  /** Where the tensors' data begins. */
  dataStart: number;
}

/** Bytes read at first: enough for the metadata of most BERT models. */
const FIRST_READ = 1 << 20;
/** The longest metadata in use (256k tokens with merges) is some 20 MB. */
const LONGEST_HEADER = 1 << 26;
const MAGIC = 0x46554747;
/** Fewest bytes a tensor's entry takes: an empty name, dimensions, type, offset. */
const SMALLEST_TENSOR = 8 + 4 + 4 + 8;
/** Fewest bytes a metadata entry takes: an empty name, a type, a value of one byte. */
const SMALLEST_ENTRY = 8 + 4 + 1;
/** Models have some hundred tensors and some dozen entries. */
const MOST_ENTRIES = 1 << 16;
const LONGEST_TENSOR_NAME = 64;
const MOST_DIMENSIONS = 4;
const LARGEST_ALIGNMENT = 1 << 20;

/**
 * Reads and checks the head of a GGUF file (version 2 or 3, little-endian); tensor data is not touched.
 * `name` is for messages. Trusts nothing: every count, length and offset is checked against the file's size.
 * Throws 'model/corrupt' or 'model/unsupported'. Format: ggml's docs/gguf.md.
 */
export async function readGguf(blob: Blob, name: string): Promise<Gguf> {
  let size = Math.min(blob.size, FIRST_READ);
  for (;;) {
    const bytes = await readBytes(blob, 0, size, name);
    const cursor = new Cursor(bytes, blob.size, name);
    try {
      return readHead(cursor, blob.size);
    } catch (error) {
      if (!(error instanceof MoreNeeded)) throw error;
      if (size >= blob.size) throw cursor.corrupt('it ends too early');
      if (size >= LONGEST_HEADER) throw cursor.unsupported('its metadata is larger than 64 MB');
      size = Math.min(blob.size, size * 16, LONGEST_HEADER);
    }
  }
}

/** Bytes of a blob. Throws 'model/corrupt' where it can no longer be read. */
export async function readBytes(
  blob: Blob,
  offset: number,
  length: number,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
  } catch (error) {
    throw new VecdropError(
      'model/corrupt',
      `“${name}” can no longer be read: it was moved, changed or removed. Choose the file again.`,
      error,
    );
  }
}

function readHead(cursor: Cursor, fileSize: number): Gguf {
  if (fileSize < 4 || cursor.u32() !== MAGIC) throw cursor.unsupported('it is not a GGUF file');
  const version = cursor.u32();
  if (version !== 0 && (version & 0xffff) === 0) {
    throw cursor.unsupported('it is a big-endian GGUF; convert the model to little-endian');
  }
  if (version !== 2 && version !== 3) {
    throw cursor.unsupported(`its GGUF version ${version} is unknown; convert the model to version 3`);
  }
  const tensorCount = cursor.count(SMALLEST_TENSOR, 'the count of tensors');
  const metadataCount = cursor.count(SMALLEST_ENTRY, 'the count of metadata entries');
  if (tensorCount > MOST_ENTRIES || metadataCount > MOST_ENTRIES) {
    throw cursor.corrupt(`it claims ${tensorCount} tensors and ${metadataCount} metadata entries`);
  }
  const metadata = readMetadata(cursor, metadataCount);
  const metadataEnd = cursor.at;
  const alignment = readAlignment(cursor, metadata);
  const tensors: TensorInfo[] = [];
  for (let i = 0; i < tensorCount; i++) tensors.push(readTensor(cursor, alignment, fileSize));
  const dataStart = aligned(cursor.at, alignment);
  for (const tensor of tensors) tensor.offset += dataStart;
  checkPlaces(cursor, tensors, fileSize);
  return { version, metadata, tensors, alignment, metadataEnd, dataStart };
}

/** The next multiple of `alignment`. */
export function aligned(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

function readAlignment(cursor: Cursor, metadata: Map<string, MetadataEntry>): number {
  const alignment = metadata.get('general.alignment')?.value ?? 32;
  if (
    typeof alignment !== 'number' ||
    !Number.isInteger(alignment) ||
    alignment < 1 ||
    alignment > LARGEST_ALIGNMENT ||
    (alignment & (alignment - 1)) !== 0
  ) {
    throw cursor.corrupt(`its alignment is not a power of two up to ${LARGEST_ALIGNMENT}`);
  }
  return alignment;
}

/** One entry of the list of tensors; its offset is still relative to the data's start. */
function readTensor(cursor: Cursor, alignment: number, fileSize: number): TensorInfo {
  const name = cursor.string();
  const label = `tensor ${quoted(name)}`;
  if (name === '' || name.length > LONGEST_TENSOR_NAME) throw cursor.corrupt(`${label} has no proper name`);
  const dimensions = cursor.u32();
  if (dimensions > MOST_DIMENSIONS) throw cursor.corrupt(`${label} has ${dimensions} dimensions`);
  const shape: number[] = [];
  let values = 1;
  for (let i = 0; i < dimensions; i++) {
    const length = cursor.u64();
    if (length === 0) throw cursor.corrupt(`${label} is empty`);
    shape.push(length);
    values *= length;
    // No type takes less than an eighth of a byte a value.
    if (values > fileSize * 8) throw cursor.corrupt(`${label} is larger than the file`);
  }
  const typeId = cursor.u32();
  const type = TENSOR_TYPES.get(typeId);
  if (type === undefined) throw cursor.unsupported(`${label} is of the unknown type ${typeId}`);
  if ((shape[0] ?? 1) % type.block !== 0) throw cursor.corrupt(`${label} does not fill its blocks`);
  const offset = cursor.u64();
  if (offset > fileSize) throw cursor.corrupt(`${label} lies behind the file's end`);
  if (offset % alignment !== 0) throw cursor.corrupt(`${label} is not aligned`);
  return { name, type, shape, offset, bytes: (values / type.block) * type.bytes };
}

function checkPlaces(cursor: Cursor, tensors: readonly TensorInfo[], fileSize: number): void {
  const names = new Set<string>();
  let end = 0;
  for (const tensor of [...tensors].sort((a, b) => a.offset - b.offset)) {
    const label = `tensor ${quoted(tensor.name)}`;
    if (names.has(tensor.name)) throw cursor.corrupt(`it holds ${label} twice`);
    names.add(tensor.name);
    if (tensor.offset < end) throw cursor.corrupt(`${label} overlaps another`);
    end = tensor.offset + tensor.bytes;
    if (end > fileSize) throw cursor.corrupt(`it ends within ${label}`);
  }
}
