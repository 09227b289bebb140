import { DEQUANTIZERS } from './dequantize.ts';
import { UINT16, UINT32 } from './metadata.ts';
import { aligned, type Gguf, readBytes, type TensorInfo } from './read.ts';
import { type ModelBytes, readParts } from './split.ts';
import { TENSOR_TYPES, type TensorType } from './tensor-types.ts';

/** Values expanded at a time: 4 MB of F32. A multiple of every block. */
const STEP = 1 << 20;
const ALL_F32 = 0;
const NOT_SPLIT = 0;
/** Behind the magic and the version. */
const TENSOR_COUNT_AT = 8;

/**
 * The same model with every quantized (or 16-bit) tensor as F32: a CPU in a browser computes with these some three
 * times as fast. Metadata is kept byte for byte but for general.file_type. The parts of a split model become one
 * file. What was given comes back as it is where nothing is quantized, a type is not known to DEQUANTIZERS, or the
 * result would be over `limitBytes`. Holds 4 MB of values at a time besides the result, which is a Blob of parts.
 * `name` is for messages. Throws as readGguf and readParts do.
 */
export async function expandToF32<Given extends ModelBytes>(
  given: Given,
  limitBytes: number,
  name = 'the model',
): Promise<Given | Blob> {
  const parts = await readParts(given, name);
  const [first] = parts as [(typeof parts)[0]];
  const stored = parts.flatMap(({ blob, gguf }) => gguf.tensors.map(tensor => ({ blob, tensor })));
  const { alignment } = first.gguf;
  const f32 = TENSOR_TYPES.get(0) as TensorType;
  let offset = 0;
  let changed = false;
  const tensors: TensorInfo[] = [];
  for (const { tensor } of stored) {
    const type = isQuantized(tensor.type) ? f32 : tensor.type;
    if (type !== tensor.type) {
      if (!DEQUANTIZERS.has(tensor.type.name)) return given;
      changed = true;
    }
    const bytes = (tensor.bytes / tensor.type.bytes) * tensor.type.block * type.bytes;
    const expanded = type === f32 ? bytes : tensor.bytes;
    tensors.push({ ...tensor, type, offset, bytes: expanded });
    offset = aligned(offset + expanded, alignment);
  }
  if (!changed) return given;
  const head = await expandedHead(first.blob, first.gguf, tensors, name);
  if (head.byteLength + offset > limitBytes) return given;
  const pieces: BlobPart[] = [head];
  const room = new Float32Array(STEP);
  for (const [i, { blob, tensor }] of stored.entries()) {
    if (tensor.type === tensors[i]?.type) {
      pieces.push(blob.slice(tensor.offset, tensor.offset + tensor.bytes));
    } else for await (const piece of expandedTensor(blob, tensor, room, name)) pieces.push(piece);
    const size = tensors[i]?.bytes ?? 0;
    pieces.push(new Uint8Array(aligned(size, alignment) - size));
  }
  return new Blob(pieces);
}

/** Integers and 64-bit floats are no weights: they stay. */
function isQuantized(type: TensorType): boolean {
  return type.block > 1 || type.name === 'F16' || type.name === 'BF16';
}

/** `room`: written over again and again; a Blob copies what it is made of. */
async function* expandedTensor(
  blob: Blob,
  tensor: TensorInfo,
  room: Float32Array<ArrayBuffer>,
  name: string,
): AsyncGenerator<Blob> {
  const { block, bytes } = tensor.type;
  const dequantize = DEQUANTIZERS.get(tensor.type.name);
  const values = (tensor.bytes / bytes) * block;
  for (let from = 0; from < values && dequantize; from += room.length) {
    const target = room.subarray(0, Math.min(room.length, values - from));
    const offset = tensor.offset + (from / block) * bytes;
    dequantize(await readBytes(blob, offset, (target.length / block) * bytes, name), target);
    yield new Blob([target]);
  }
}

/** Everything before the data: the metadata as it is, the list of tensors anew. Offsets count from the data's start. */
async function expandedHead(
  blob: Blob,
  gguf: Gguf,
  tensors: readonly TensorInfo[],
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const kept = await readBytes(blob, 0, gguf.metadataEnd, name);
  const fileType = gguf.metadata.get('general.file_type');
  const view = new DataView(kept.buffer);
  if (fileType?.type === UINT32) view.setUint32(fileType.offset, ALL_F32, true);
  const parts = gguf.metadata.get('split.count');
  if (parts?.type === UINT16) view.setUint16(parts.offset, NOT_SPLIT, true);
  view.setBigUint64(TENSOR_COUNT_AT, BigInt(tensors.length), true);
  const encoder = new TextEncoder();
  const entries = tensors.map(tensor => {
    const label = encoder.encode(tensor.name);
    const entry = new DataView(new ArrayBuffer(8 + label.length + 4 + 8 * tensor.shape.length + 4 + 8));
    entry.setUint32(0, label.length, true);
    new Uint8Array(entry.buffer).set(label, 8);
    let at = 8 + label.length;
    entry.setUint32(at, tensor.shape.length, true);
    at += 4;
    for (const length of tensor.shape) {
      entry.setBigUint64(at, BigInt(length), true);
      at += 8;
    }
    entry.setUint32(at, tensor.type.id, true);
    entry.setBigUint64(at + 4, BigInt(tensor.offset), true);
    return new Uint8Array(entry.buffer);
  });
  const end = entries.reduce((sum, entry) => sum + entry.length, kept.length);
  const head = new Uint8Array(aligned(end, gguf.alignment));
  head.set(kept);
  let at = kept.length;
  for (const entry of entries) {
    head.set(entry, at);
    at += entry.length;
  }
  return head;
}
