import { ALIGNMENT, type Bytes, join, padded, string, u32, u64 } from './bytes.ts';

const F32 = 0;
const Q8_0 = 8;

export interface Tensor {
  name: string;
  type: number;
  /** Fastest dimension first: [columns, rows]. */
  shape: number[];
  /** Padded to the alignment. */
  data: Bytes;
}

/** Makes tensors of seeded random weights, always the same for a seed. */
export interface Weights {
  /** Columns × rows (× how many) in Q8_0, with '.weight' behind the name; columns a multiple of 32. */
  matrix(name: string, columns: number, rows: number, count?: number): Tensor;
  /** Numbers around `middle`, in F32; the name is whole. */
  floats(name: string, shape: number[], middle: number): Tensor;
  /** A norm's '.weight' around 1. */
  scale(name: string, width: number): Tensor;
  /** A norm's '.weight' and '.bias'. */
  norm(name: string, width: number): Tensor[];
  /** A matrix with its '.bias'. */
  linear(name: string, columns: number, rows: number): Tensor[];
}

export function weights(seed: number): Weights {
  const random = generator(seed);
  const matrix = (name: string, ...shape: number[]): Tensor => ({
    name: `${name}.weight`,
    type: Q8_0,
    shape,
    data: padded(q8Blocks(shape.reduce((a, b) => a * b) / 32, random)),
  });
  const floats = (name: string, shape: number[], middle: number): Tensor => {
    const values = new Float32Array(shape.reduce((a, b) => a * b));
    for (let i = 0; i < values.length; i++) values[i] = middle + (random() - 0.5) / 5;
    return { name, type: F32, shape, data: padded(new Uint8Array(values.buffer)) };
  };
  const scale = (name: string, width: number) => floats(`${name}.weight`, [width], 1);
  return {
    matrix,
    floats,
    scale,
    norm: (name, width) => [scale(name, width), floats(`${name}.bias`, [width], 0)],
    linear: (name, columns, rows) => [matrix(name, columns, rows), floats(`${name}.bias`, [rows], 0)],
  };
}

/** A whole GGUF file of version 3. */
export function assemble(metadata: readonly Bytes[], tensors: readonly Tensor[]): Bytes {
  let offset = 0;
  const infos = tensors.map(({ name, type, shape, data }) => {
    const info = join([string(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)]);
    offset += Math.ceil(data.length / ALIGNMENT) * ALIGNMENT;
    return info;
  });
  const head = join([
    u32(0x46554747),
    u32(3),
    u64(tensors.length),
    u64(metadata.length),
    ...metadata,
    ...infos,
  ]);
  return join([padded(head), ...tensors.map(tensor => tensor.data)]);
}

/** Blocks of 32 signed bytes, each with the scale 2^-9 as a 16-bit float before it. */
function q8Blocks(count: number, random: () => number): Bytes {
  const bytes = new Uint8Array(count * 34);
  for (let at = 0; at < bytes.length; at += 34) {
    bytes.set([0x00, 0x18], at);
    for (let i = 2; i < 34; i++) bytes[at + i] = Math.floor(random() * 255) - 127;
  }
  return bytes;
}

/** Numbers in [0, 1), always the same for a seed: a linear congruential generator (Numerical Recipes' constants). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
