import { largest, power4, total } from './functions';
import { matmul, PANEL_COLUMNS, PANEL_STEP, TILE_ROWS, TILE_STEP } from './matmul';
import { packedRow, peakOf, quantizeRow, rounded4, rounded8 } from './quantize';

/** A score that is no key's: its weight is 0. */
const NOTHING: f32 = -1e30;
/** Largest absolute whole number of a value; weights of one query then add up to at most WEIGHTS. */
const VALUE_MOST: f32 = 2047;
const WEIGHTS: f32 = 1048576;

/**
 * One head's keys and values of a text, packed for `attend`.
 *
 * `k`, `v`: the head's first number in the first token's row, rows `stride` bytes apart; `width` numbers a head, a
 * multiple of 8. `tokens8` below is `tokens` rounded up to 8. Writes `keys` (tokens8 × width int16), `keyScales`
 * (tokens8 floats), `mask` (tokens8 floats), `values` (tokens8 × width int16), `valueScales` (width floats).
 */
export function packHead(
  k: usize,
  v: usize,
  stride: usize,
  tokens: i32,
  width: i32,
  most: f32,
  keys: usize,
  keyScales: usize,
  mask: usize,
  values: usize,
  valueScales: usize,
): void {
  const tokens8 = (tokens + 7) & -8;
  memory.fill(keys, 0, <usize>tokens8 * <usize>width * 2);
  for (let token = 0; token < tokens8; token++) {
    const at = (<usize>token) << 2;
    const real = token < tokens;
    store<f32>(mask + at, real ? 0 : NOTHING);
    const scale = real ? packKey(k + <usize>token * stride, token, width, most, keys) : 0;
    store<f32>(keyScales + at, scale);
  }
  packValues(v, stride, tokens, tokens8, width, values, valueScales);
}

/** One token's key, as a column of its panel; returns what one is worth. */
function packKey(from: usize, token: i32, width: i32, most: f32, keys: usize): f32 {
  const peak = peakOf(from, width);
  if (peak < 1e-30) return 0;
  const factor = f32x4.splat(most / peak);
  let to =
    keys +
    <usize>(token / PANEL_COLUMNS) * (<usize>(width >> 1) * PANEL_STEP) +
    <usize>(token % PANEL_COLUMNS) * 4;
  for (let i = 0; i < width; i += 8) {
    const whole = rounded8(from, factor);
    v128.store_lane<i32>(to, whole, 0);
    v128.store_lane<i32>(to, whole, 1, PANEL_STEP);
    v128.store_lane<i32>(to, whole, 2, 2 * PANEL_STEP);
    v128.store_lane<i32>(to, whole, 3, 3 * PANEL_STEP);
    from += 32;
    to += 4 * PANEL_STEP;
  }
  return peak / most;
}

/** The values as panels of 8 dimensions, two tokens a step: one scale a dimension, of this text alone. */
function packValues(
  v: usize,
  stride: usize,
  tokens: i32,
  tokens8: i32,
  width: i32,
  values: usize,
  valueScales: usize,
): void {
  const panelBytes = <usize>(tokens8 >> 1) * PANEL_STEP;
  for (let dimension = 0; dimension < width; dimension += 4) {
    const from = v + ((<usize>dimension) << 2);
    let peak = f32x4.splat(0);
    for (let token = 0; token < tokens; token++) {
      peak = f32x4.pmax(f32x4.abs(v128.load(from + <usize>token * stride)), peak);
    }
    v128.store(valueScales + ((<usize>dimension) << 2), f32x4.div(peak, f32x4.splat(VALUE_MOST)));
    // A dimension of nothing is divided by its least allowed peak.
    const factor = f32x4.div(f32x4.splat(VALUE_MOST), f32x4.pmax(peak, f32x4.splat(1e-30)));
    let to = values + <usize>(dimension >> 3) * panelBytes + <usize>(dimension & 4) * 4;
    for (let token = 0; token < tokens8; token += 2) {
      let pair = i32x4.splat(0);
      if (token < tokens) {
        const row = from + <usize>token * stride;
        pair = v128.and(rounded4(v128.load(row), factor), i32x4.splat(0xffff));
        if (token + 1 < tokens) {
          pair = v128.or(pair, i32x4.shl(rounded4(v128.load(row + stride), factor), 16));
        }
      }
      v128.store(to, pair);
      to += PANEL_STEP;
    }
  }
}

/**
 * softmax(q kᵀ · scale) v for queries `from` … `to` (from a multiple of 4) of one head, against what packHead made.
 *
 * `q`: the head's first number in the text's first row, rows `stride` bytes apart, readable up to 3 rows behind the
 * last. `out`: likewise, rows `outStride` apart, and up to 3 rows behind the last are overwritten. `scratch`:
 * 4 × (2 width + 6 tokens8) + 64 bytes. `zeros`: `width` floats of 0.
 */
export function attend(
  q: usize,
  stride: usize,
  tokens: i32,
  width: i32,
  from: i32,
  to: i32,
  scale: f32,
  most: f32,
  keys: usize,
  keyScales: usize,
  mask: usize,
  values: usize,
  valueScales: usize,
  zeros: usize,
  scratch: usize,
  out: usize,
  outStride: usize,
): void {
  const tokens8 = (tokens + 7) & -8;
  const rowBytes = (<usize>tokens8) << 2;
  const packedQ = scratch;
  const qScales = packedQ + <usize>(width >> 1) * TILE_STEP;
  const scores = qScales + 32;
  const weights = scores + <usize>TILE_ROWS * rowBytes;
  const weightScales = weights + <usize>(tokens8 >> 1) * TILE_STEP;
  for (let first = from; first < to; first += TILE_ROWS) {
    let row = q + <usize>first * stride;
    for (let r = 0; r < TILE_ROWS; r++) {
      const worth = quantizeRow(row, width, peakOf(row, width), most, packedRow(packedQ, r, width));
      store<f32>(qScales + ((<usize>r) << 2), worth * scale * <f32>Math.LOG2E);
      row += stride;
    }
    matmul(packedQ, qScales, keys, keyScales, mask, scores, rowBytes, TILE_ROWS, tokens8, width);
    for (let r = 0; r < TILE_ROWS; r++) {
      const worth = softmaxRow(scores + <usize>r * rowBytes, tokens8, packedRow(weights, r, tokens8));
      store<f32>(weightScales + ((<usize>r) << 2), worth);
    }
    matmul(
      weights,
      weightScales,
      values,
      valueScales,
      zeros,
      out + <usize>first * outStride,
      outStride,
      TILE_ROWS,
      width,
      tokens8,
    );
  }
}

/**
 * Scores, as powers of 2, to weights in whole numbers, packed as a row for matmul; returns what one is worth, so that they add up to
 * 1 exactly. The largest score is taken off first. `count`: a multiple of 8. Spoils the scores.
 */
function softmaxRow(scores: usize, count: i32, to: usize): f32 {
  const end = scores + ((<usize>count) << 2);
  let peak = f32x4.splat(NOTHING);
  for (let at = scores; at < end; at += 16) peak = f32x4.pmax(v128.load(at), peak);
  const top = f32x4.splat(largest(peak));
  let sum = f32x4.splat(0);
  for (let at = scores; at < end; at += 16) {
    const e = power4(f32x4.sub(v128.load(at), top));
    v128.store(at, e);
    sum = f32x4.add(sum, e);
  }
  // As finely as the sum of products allows: all together at most WEIGHTS, with half a one for each rounding.
  const factor = f32x4.splat(min<f32>(32767, (WEIGHTS - <f32>count) / total(sum)));
  let whole = i32x4.splat(0);
  for (let at = scores; at < end; at += 32) {
    const v = rounded8(at, factor);
    whole = i32x4.add(whole, i32x4.dot_i16x8_s(v, i16x8.splat(1)));
    v128.store_lane<i32>(to, v, 0);
    v128.store_lane<i32>(to, v, 1, TILE_STEP);
    v128.store_lane<i32>(to, v, 2, 2 * TILE_STEP);
    v128.store_lane<i32>(to, v, 3, 3 * TILE_STEP);
    to += 4 * TILE_STEP;
  }
  const all =
    i32x4.extract_lane(whole, 0) +
    i32x4.extract_lane(whole, 1) +
    i32x4.extract_lane(whole, 2) +
    i32x4.extract_lane(whole, 3);
  // Whole numbers hide what is not a number.
  return total(sum) < Infinity ? 1 / <f32>all : NaN;
}
