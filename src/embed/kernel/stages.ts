import encoder from '../../../assembly/encoder.ts?wasm';

/**
 * The stages of an encoder as assembly/ exports them: pointers are bytes into the memory they were started with,
 * widths and depths count numbers. What each reads and writes is said there.
 */
export interface Stages {
  packPanel(from: number, depth: number, most: number, panel: number, scales: number): number;
  quantize(from: number, rows: number, depth: number, most: number, packed: number, scales: number): void;
  matmul(
    a: number,
    aScales: number,
    w: number,
    wScales: number,
    bias: number,
    out: number,
    stride: number,
    rows: number,
    columns: number,
    depth: number,
  ): void;
  addNorm(
    x: number,
    y: number,
    gamma: number,
    beta: number,
    epsilon: number,
    rows: number,
    width: number,
    most: number,
    packed: number,
    scales: number,
  ): void;
  gelu(x: number, rows: number, width: number, most: number, packed: number, scales: number): void;
  swiglu(x: number, rows: number, width: number, most: number, packed: number, scales: number): void;
  rotate(x: number, stride: number, rows: number, heads: number, width: number, table: number): void;
  packHead(
    k: number,
    v: number,
    stride: number,
    tokens: number,
    width: number,
    most: number,
    keys: number,
    keyScales: number,
    mask: number,
    values: number,
    valueScales: number,
  ): void;
  attend(
    q: number,
    stride: number,
    tokens: number,
    width: number,
    from: number,
    to: number,
    scale: number,
    most: number,
    keys: number,
    keyScales: number,
    mask: number,
    values: number,
    valueScales: number,
    zeros: number,
    scratch: number,
    out: number,
    outStride: number,
  ): void;
  meanRow(from: number, rows: number, width: number, out: number): void;
}

/** Rows that lie together in packed operands; what stages overwrite behind the last row is less than this. */
export const TILE_ROWS = 6;
/** Channels that lie together in packed weights. */
export const PANEL_COLUMNS = 8;
/** Bytes of WebAssembly memory come in pages of so many. */
const PAGE = 1 << 16;

/** Memory of at least so many bytes, all zero, and the stages that work in it. */
export async function startStages(bytes: number): Promise<{ stages: Stages; memory: ArrayBuffer }> {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { instance } = await WebAssembly.instantiate(encoder, { env: { memory } });
  return { stages: instance.exports as unknown as Stages, memory: memory.buffer };
}
