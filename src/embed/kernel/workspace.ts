import type { Layout } from './layout.ts';
import type { EncoderShape } from './model.ts';
import { PANEL_COLUMNS, TILE_ROWS } from './stages.ts';

/** Rows that go through the feed-forward part at a time: a few milliseconds, and near caches hold what lies between. */
export const BLOCK_ROWS = 96;

/** The seven products of a pair of tiles with a pair of panels. */
const SEVEN_BYTES = 7 * TILE_ROWS * PANEL_COLUMNS * Int32Array.BYTES_PER_ELEMENT;

/** Whole numbers with what each row's are worth. */
export interface Packed {
  at: number;
  scales: number;
}

/** Where an encoder computes. Rows are tokens of all texts of a batch, one text behind the other. */
export interface Workspace {
  /** What each layer adds to: `width` numbers a row. */
  x: number;
  packedX: Packed;
  /** Queries, keys and values: three times `width` numbers a row. */
  qkv: number;
  /** What attention found: `width` numbers a row. */
  context: number;
  packedContext: Packed;
  /** Results of a block, before they are added. */
  added: number;
  /** The middle of the feed-forward part, of a block; where it is gated, a row is twice as long. */
  inner: number;
  packedInner: Packed;
  /** Of one head of one text. */
  keys: Packed;
  mask: number;
  values: Packed;
  zeros: number;
  scratch: number;
  /** For `sumHalves` and `matmulOfHalves`, of a block. */
  sums: number;
  sevens: number;
  /** One vector. */
  pooled: number;
}

/** Places to work on up to `rows` rows at a time, with texts of up to `tokens` tokens. */
export function placeWorkspace(
  layout: Layout,
  { width, heads, inner, gated }: EncoderShape,
  rows: number,
  tokens: number,
): Workspace {
  // Stages write whole tiles.
  const allRows = rows + TILE_ROWS;
  const blockRows = BLOCK_ROWS + TILE_ROWS;
  const headWidth = width / heads;
  const tokens8 = Math.ceil(tokens / 8) * 8;
  const packed = (count: number, scales: number): Packed => ({
    at: layout.int16s(count),
    scales: layout.floats(scales),
  });
  return {
    x: layout.floats(allRows * width),
    packedX: packed(allRows * width, allRows),
    qkv: layout.floats(allRows * 3 * width),
    context: layout.floats(allRows * width),
    packedContext: packed(allRows * width, allRows),
    added: layout.floats(blockRows * width),
    inner: layout.floats(blockRows * inner * (gated ? 2 : 1)),
    packedInner: packed(blockRows * inner, blockRows),
    keys: packed(tokens8 * headWidth, tokens8),
    mask: layout.floats(tokens8),
    values: packed(tokens8 * headWidth, headWidth),
    zeros: layout.floats(headWidth),
    // A tile of queries, its scores and its weights, with the queries' and the weights' scales.
    scratch: layout.take(TILE_ROWS * (2 * headWidth + 4 * tokens8 + 2 * tokens8) + 64),
    sums: layout.int16s(BLOCK_ROWS * Math.max(width, inner)),
    sevens: layout.take((BLOCK_ROWS / (2 * TILE_ROWS)) * SEVEN_BYTES),
    pooled: layout.floats(width),
  };
}
