import type { Pooling } from '../../domain/model.ts';
import type { Share } from '../embed-api.ts';
import { MOST_PLACES } from '../places.ts';
import { Layout } from './layout.ts';
import { type EncoderFile, type EncoderShape, readEncoder } from './model.ts';
import { type Stages, startSharedStages, startStages, TILE_ROWS } from './stages.ts';
import {
  type Layer,
  type Linear,
  loadWeights,
  placeWeights,
  stagingBytes,
  TOKENS,
  type Weights,
} from './weights.ts';
import { BLOCK_ROWS, type Packed, placeWorkspace, type Workspace } from './workspace.ts';

/** Queries of a text that attend at a time, a multiple of TILE_ROWS. */
const QUERY_ROWS = 32 * TILE_ROWS;
/** Largest absolute whole number of queries and keys: a product of heads of up to 128 numbers stays below 2³¹. */
const SCORE_MOST = 4095;

/** An encoder of BERT's kind. */
export interface Encoder {
  readonly shape: EncoderShape;
  readonly memory: WebAssembly.Memory;
  /** Takes texts of at most `rows` tokens together through all layers; stops after every piece of work. */
  encode(texts: readonly Int32Array[]): Generator<void>;
  /** The vector of a text of the last batch; read it before the next call. */
  pooled(text: number, pooling: Pooling): Float32Array;
}

/**
 * Loads an encoder for `rows` tokens at a time and texts of up to `tokens`; with `share`, into memory that others may
 * share, or beside the weights that are there. Throws as readEncoder does.
 */
export async function openEncoder(
  gguf: Blob | Blob[],
  rows: number,
  tokens: number,
  share?: Share,
): Promise<Encoder> {
  const file = await readEncoder(gguf);
  const { weights, workspace, staging, weightBytes, bytes } = plan(file, rows, tokens, share?.place);
  const workBytes = bytes - weightBytes;
  const { stages, memory } = share
    ? await startSharedStages(bytes, weightBytes + MOST_PLACES * workBytes, share.memory)
    : await startStages(bytes);
  if (!share?.memory) await loadWeights(file, weights, tokens, stages, memory.buffer, staging);
  return createEncoder(file, weights, workspace, stages, memory);
}

/** Bytes that such an encoder holds, and how many of them several may share. Reads the head of the file only. */
export async function encoderBytes(
  gguf: Blob | Blob[],
  rows: number,
  tokens: number,
): Promise<{ all: number; weights: number }> {
  const { bytes, weightBytes } = plan(await readEncoder(gguf), rows, tokens);
  return { all: bytes, weights: weightBytes };
}

/** Weights first, then work spaces, one behind the other. */
function plan(file: EncoderFile, rows: number, tokens: number, place = 0) {
  const shared = new Layout();
  const weights = placeWeights(shared, file, tokens);
  const first = new Layout(shared.end);
  placeWork(first, file, rows, tokens);
  const layout = new Layout(shared.end + place * (first.end - shared.end));
  return {
    weights,
    ...placeWork(layout, file, rows, tokens),
    weightBytes: shared.end,
    bytes: layout.end,
  };
}

function placeWork(layout: Layout, { shape }: EncoderFile, rows: number, tokens: number) {
  const workspace = placeWorkspace(layout, shape, rows, tokens);
  return { workspace, staging: layout.take(stagingBytes(shape)) };
}

function createEncoder(
  file: EncoderFile,
  weights: Weights,
  space: Workspace,
  stages: Stages,
  memory: WebAssembly.Memory,
): Encoder {
  const { shape } = file;
  const floats = new Float32Array(memory.buffer);
  const { tokens, added } = weights;
  const rows = file.rows(TOKENS, shape.width, new Uint8Array(memory.buffer, tokens.at, tokens.bytes));
  const { width, heads, inner, epsilon, rotaryBase, gated } = shape;
  const headWidth = width / heads;
  const rowBytes = width * 4;
  /** Where each text's rows begin, and the last one's end. */
  let starts: number[] = [0];

  function embedTokens(texts: readonly Int32Array[]): void {
    starts = [0];
    let row = 0;
    for (const ids of texts) {
      for (const [position, id] of ids.entries()) {
        const at = space.x / 4 + row * width;
        const to = floats.subarray(at, at + width);
        const from = added.at / 4 + (rotaryBase === undefined ? position * width : 0);
        rows.read(id, to);
        for (let i = 0; i < width; i++) to[i] = (to[i] as number) + (floats[from + i] as number);
        row++;
      }
      starts.push(row);
    }
  }

  /** Blocks of rows from 0 to the last text's end: first row and count. */
  function* blocks(): Generator<[number, number]> {
    const rows = starts.at(-1) ?? 0;
    for (let row = 0; row < rows; row += BLOCK_ROWS) yield [row, Math.min(BLOCK_ROWS, rows - row)];
  }

  /** The product of rows with a matrix; `first` is the row of `input` that `out` begins with. */
  function multiply(input: Packed, first: number, count: number, linear: Linear, out: number): void {
    const { halved, packed, scales, bias, depth, columns } = linear;
    const { sums, sevens } = space;
    const a = input.at + first * depth * 2;
    const aScales = input.scales + first * 4;
    const stride = columns * 4;
    if (!halved) stages.matmul(a, aScales, packed, scales, bias, out, stride, count, columns, depth);
    else {
      stages.sumHalves(a, count, depth, sums);
      stages.matmulOfHalves(
        a,
        aScales,
        sums,
        packed,
        scales,
        bias,
        out,
        stride,
        count,
        columns,
        depth,
        sevens,
      );
    }
  }

  /** Adds a block's `added` to its rows, normalises them, and packs them for the next product. */
  function addAndNormalize(first: number, count: number, y: number, norm: Layer['norm'], most: number): void {
    const { x, packedX } = space;
    const packed = packedX.at + first * width * 2;
    const { gamma, beta } = norm;
    const scales = packedX.scales + first * 4;
    stages.addNorm(x + first * rowBytes, y, gamma, beta, epsilon, count, width, most, packed, scales);
  }

  function* attention(): Generator<void> {
    const { qkv, keys, values, mask, zeros, scratch, context } = space;
    const stride = 3 * rowBytes;
    const scale = 1 / Math.sqrt(headWidth);
    for (let text = 0; text + 1 < starts.length; text++) {
      const start = starts[text] as number;
      const tokens = (starts[text + 1] as number) - start;
      // Queries and keys are neighbours.
      if (rotaryBase !== undefined) {
        stages.rotate(qkv + start * stride, stride, tokens, 2 * heads, headWidth, weights.rotary);
      }
      for (let head = 0; head < heads; head++) {
        const q = qkv + start * stride + head * headWidth * 4;
        const k = q + rowBytes;
        const v = k + rowBytes;
        const out = context + start * rowBytes + head * headWidth * 4;
        stages.packHead(
          k,
          v,
          stride,
          tokens,
          headWidth,
          SCORE_MOST,
          keys.at,
          keys.scales,
          mask,
          values.at,
          values.scales,
        );
        for (let from = 0; from < tokens; from += QUERY_ROWS) {
          stages.attend(
            q,
            stride,
            tokens,
            headWidth,
            from,
            Math.min(tokens, from + QUERY_ROWS),
            scale,
            SCORE_MOST,
            keys.at,
            keys.scales,
            mask,
            values.at,
            values.scales,
            zeros,
            scratch,
            out,
            rowBytes,
          );
          yield;
        }
      }
    }
  }

  function* layer({ qkv, output, outputNorm, up, down, norm }: Layer, mostAfter: number): Generator<void> {
    for (const [first, count] of blocks()) {
      multiply(space.packedX, first, count, qkv, space.qkv + first * 3 * rowBytes);
      yield;
    }
    yield* attention();
    for (const [first, count] of blocks()) {
      const packed = space.packedContext.at + first * width * 2;
      const scales = space.packedContext.scales + first * 4;
      stages.quantize(space.context + first * rowBytes, count, width, output.most, packed, scales);
      multiply(space.packedContext, first, count, output, space.added);
      addAndNormalize(first, count, space.added, outputNorm, up.most);
      multiply(space.packedX, first, count, up, space.inner);
      const activate = gated ? stages.swiglu : stages.gelu;
      activate(space.inner, count, inner, down.most, space.packedInner.at, space.packedInner.scales);
      multiply(space.packedInner, 0, count, down, space.added);
      addAndNormalize(first, count, space.added, norm, mostAfter);
      yield;
    }
  }

  return {
    shape,
    memory,
    *encode(texts) {
      embedTokens(texts);
      const [rows] = starts.slice(-1) as [number];
      const most = (n: number) => weights.layers[n]?.qkv.most ?? 1;
      addAndNormalize(0, rows, 0, weights.embeddingNorm, most(0));
      yield;
      for (const [n, each] of weights.layers.entries()) yield* layer(each, most(n + 1));
    },
    pooled(text, pooling) {
      const [start = 0, end = 0] = starts.slice(text, text + 2);
      let at = space.x + (pooling === 'last' ? end - 1 : start) * rowBytes;
      if (pooling === 'mean') {
        stages.meanRow(at, end - start, width, space.pooled);
        at = space.pooled;
      }
      return floats.slice(at / 4, at / 4 + width);
    },
  };
}
