import encoder from '../../../assembly/encoder.ts?wasm';
import sharedEncoder from '../../../assembly/encoder.ts?wasm&shared';

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
  sumHalves(a: number, rows: number, depth: number, sums: number): void;
  halvePanels(w: number, depth: number, to: number): void;
  matmulOfHalves(
    a: number,
    aScales: number,
    sums: number,
    w: number,
    wScales: number,
    bias: number,
    out: number,
    stride: number,
    rows: number,
    columns: number,
    depth: number,
    scratch: number,
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
export const TILE_ROWS = 4;
/** Channels that lie together in packed weights. */
export const PANEL_COLUMNS = 8;
/** Bytes of WebAssembly memory come in pages of so many. */
const PAGE = 1 << 16;

/** Memory of its own of at least so many bytes, all zero, and the stages that work in it. */
export async function startStages(bytes: number): Promise<Started> {
  const memory = new WebAssembly.Memory({ initial: pagesOf(bytes) });
  return { stages: await instantiate(encoder, memory), memory };
}

export interface Started {
  stages: Stages;
  memory: WebAssembly.Memory;
}

/** The stages in memory that other threads' stages work in too: of at least `bytes`, and of at most `most` ever. */
export async function startSharedStages(
  bytes: number,
  most: number,
  there?: WebAssembly.Memory,
): Promise<Started> {
  const memory =
    there ?? new WebAssembly.Memory({ initial: pagesOf(bytes), maximum: pagesOf(most), shared: true });
  // Others may do the same at the same time: then it grows by more than it had to.
  const missing = pagesOf(bytes) - memory.buffer.byteLength / PAGE;
  if (missing > 0) memory.grow(missing);
  return { stages: await instantiate(sharedEncoder, memory), memory };
}

function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE);
}

async function instantiate(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Promise<Stages> {
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return instance.exports as unknown as Stages;
}
