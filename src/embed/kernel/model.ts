import { VecdropError } from '../../domain/errors.ts';
import { DEQUANTIZERS } from '../../gguf/dequantize.ts';
import { corrupt, unsupported } from '../../gguf/faults.ts';
import { ModelFile } from '../../gguf/model-file.ts';
import { readBytes, readGguf, type TensorInfo } from '../../gguf/read.ts';

/** For messages: the person knows which model is being opened. */
const NAME = 'The model';

/** Vocabularies are large: read at once, they would be in memory twice. */
const PIECE_BYTES = 8 * 2 ** 20;

/** Queries and keys have 13 bits each: 4095² · 128 < 2³¹. */
const MOST_HEAD_WIDTH = 128;

/** Architectures that are computed: the names that GGUF gives them. */
export const ARCHITECTURES: readonly string[] = ['bert', 'nomic-bert'];

/** The sizes of an encoder of BERT's kind. */
export interface EncoderShape {
  layers: number;
  /** Numbers a token: the vectors' dimensions. */
  width: number;
  heads: number;
  /** Numbers a token in the middle of the feed-forward part. */
  inner: number;
  /** Positions that were learnt, or that it was made for. */
  context: number;
  vocabulary: number;
  /** Of the layer norms. */
  epsilon: number;
  /** Where positions turn queries and keys instead of being added to tokens: the base of the angles' frequencies. */
  rotaryBase: number | undefined;
  /** Whether the feed-forward part is SwiGLU; else it is GELU. */
  gated: boolean;
}

/** An encoder's file: its sizes, and its tensors by name. */
export interface EncoderFile {
  shape: EncoderShape;
  /** A tensor's numbers, row-major. Throws 'model/corrupt' where there is none of so many numbers. */
  values(name: string, count: number): Promise<Float32Array>;
  has(name: string): boolean;
  /** What a tensor takes in the file. */
  storedBytes(name: string): number;
  /** Fills `into` with a tensor as it is stored. */
  readStored(name: string, into: Uint8Array): Promise<void>;
  /** A matrix of `width` numbers a row, read row by row from `stored`, where readStored has put it. */
  rows(name: string, width: number, stored: Uint8Array): Rows;
}

/** A matrix that stays as the file has it; `read` fills `into` with row `row`. */
export interface Rows {
  read(row: number, into: Float32Array): void;
}

/** Reads the head of a model's file, or of its parts in order. Throws 'model/corrupt' or 'model/unsupported'. */
export async function readEncoder(gguf: Blob | Blob[]): Promise<EncoderFile> {
  const parts = [gguf].flat();
  const tensors = new Map<string, { blob: Blob; tensor: TensorInfo }>();
  let file: ModelFile | undefined;
  for (const blob of parts) {
    const part = await readGguf(blob, NAME);
    file ??= new ModelFile(part, NAME);
    for (const tensor of part.tensors) tensors.set(tensor.name, { blob, tensor });
  }
  if (!file) throw new VecdropError('model/missing', 'The model has no file. Choose the file again.');
  const find = (name: string, count?: number) => {
    const found = tensors.get(name);
    if (!found) throw corrupt(NAME, `tensor “${name}” is missing`);
    const numbers = found.tensor.shape.reduce((a, b) => a * b, 1);
    if (count !== undefined && numbers !== count) {
      throw corrupt(NAME, `tensor “${name}” has ${numbers} numbers where ${count} are due`);
    }
    return found;
  };
  const read = async ({ blob, tensor }: { blob: Blob; tensor: TensorInfo }) =>
    readBytes(blob, tensor.offset, tensor.bytes, NAME);
  return {
    shape: readShape(file, find('token_embd.weight').tensor),
    has: name => tensors.has(name),
    storedBytes: name => find(name).tensor.bytes,
    async values(name, count) {
      const found = find(name, count);
      const values = new Float32Array(count);
      expander(found.tensor)(await read(found), values);
      return values;
    },
    async readStored(name, into) {
      const { blob, tensor } = find(name);
      for (let at = 0; at < tensor.bytes; at += PIECE_BYTES) {
        const bytes = Math.min(PIECE_BYTES, tensor.bytes - at);
        into.set(await readBytes(blob, tensor.offset + at, bytes, NAME), at);
      }
    },
    rows(name, width, stored) {
      const { tensor } = find(name);
      const expand = expander(tensor);
      const rowBytes = (width / tensor.type.block) * tensor.type.bytes;
      return {
        read: (row, into) => expand(stored.subarray(row * rowBytes, (row + 1) * rowBytes), into),
      };
    },
  };
}

function readShape(file: ModelFile, tokens: TensorInfo): EncoderShape {
  const architecture = file.text('general.architecture') ?? '';
  if (!ARCHITECTURES.includes(architecture))
    throw unsupported(NAME, `our own engine has no “${architecture}”`);
  const key = (name: string) => file.required(`${architecture}.${name}`, 1 << 24);
  const epsilon = file.value(`${architecture}.attention.layer_norm_epsilon`);
  const shape: EncoderShape = {
    layers: key('block_count'),
    width: key('embedding_length'),
    heads: key('attention.head_count'),
    inner: key('feed_forward_length'),
    context: key('context_length'),
    vocabulary: tokens.shape[1] ?? 0,
    epsilon: typeof epsilon === 'number' ? epsilon : 1e-12,
    rotaryBase: undefined,
    gated: architecture === 'nomic-bert',
  };
  // Else sums of 8 numbers at a time would read into the next row, and a score's could pass 2³¹.
  const headWidth = shape.width / shape.heads;
  if (headWidth % 8 !== 0 || headWidth > MOST_HEAD_WIDTH || shape.inner % 8 !== 0) {
    throw unsupported(
      NAME,
      'our own engine takes heads of up to 128 numbers and sizes that are multiples of 8',
    );
  }
  if (architecture === 'nomic-bert') shape.rotaryBase = readRotaryBase(file, architecture, headWidth);
  return shape;
}

/** Throws 'model/unsupported' where only a part of a head is turned, or angles are stretched for longer texts. */
function readRotaryBase(file: ModelFile, architecture: string, headWidth: number): number {
  const value = (name: string) => file.value(`${architecture}.rope.${name}`);
  const stretched = (value('scaling.type') ?? 'none') !== 'none' || (value('scaling.factor') ?? 1) !== 1;
  if (stretched || (value('dimension_count') ?? headWidth) !== headWidth) {
    throw unsupported(NAME, 'our own engine takes rotary positions of whole heads only, not stretched');
  }
  const base = value('freq_base') ?? 10_000;
  if (typeof base !== 'number' || !(base >= 1)) throw corrupt(NAME, 'its rotary frequencies have no base');
  return base;
}

/** How a tensor's bytes become numbers. */
function expander({ name, type }: TensorInfo): (source: Uint8Array, target: Float32Array) => void {
  const expand = type.name === 'F32' ? copy : DEQUANTIZERS.get(type.name);
  if (!expand)
    throw unsupported(NAME, `its tensor “${name}” is ${type.name}, which our own engine does not read`);
  return expand;
}

/** Floats may lie at any place of the file. */
function copy(source: Uint8Array, target: Float32Array): void {
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(source);
}
