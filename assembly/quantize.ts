import { largest, ROUNDER, total } from './functions';
import { PANEL_COLUMNS, PANEL_STEP, TILE_ROWS, TILE_STEP } from './matmul';

/** Where row `row` of a packed operand begins. */
export function packedRow(packed: usize, row: i32, depth: i32): usize {
  return packed + <usize>(row / TILE_ROWS) * (<usize>(depth >> 1) * TILE_STEP) + <usize>(row % TILE_ROWS) * 4;
}

/**
 * Rounds a row of `depth` numbers (a multiple of 8) to whole ones of at most `most` and packs them for matmul;
 * returns what one is worth. `peak` is the largest absolute value of the row, `to` from packedRow.
 */
export function quantizeRow(from: usize, depth: i32, peak: f32, most: f32, to: usize): f32 {
  // A row of nothing, or of values too small to divide by.
  if (peak < 1e-30) {
    for (let i = 0; i < depth; i += 2, to += TILE_STEP) store<i32>(to, 0);
    return 0;
  }
  const factor = f32x4.splat(most / peak);
  for (let i = 0; i < depth; i += 8) {
    const v = rounded8(from, factor);
    v128.store_lane<i32>(to, v, 0);
    v128.store_lane<i32>(to, v, 1, TILE_STEP);
    v128.store_lane<i32>(to, v, 2, 2 * TILE_STEP);
    v128.store_lane<i32>(to, v, 3, 3 * TILE_STEP);
    from += 32;
    to += 4 * TILE_STEP;
  }
  return peak / most;
}

/** Eight floats times `factor`, as eight int16. */
export function rounded8(from: usize, factor: v128): v128 {
  return i16x8.narrow_i32x4_s(rounded4(v128.load(from), factor), rounded4(v128.load(from, 16), factor));
}

/** Four floats times `factor`, rounded to int32. */
export function rounded4(v: v128, factor: v128): v128 {
  const shifted = f32x4.add(f32x4.mul(v, factor), f32x4.splat(ROUNDER));
  return i32x4.sub(shifted, i32x4.splat(reinterpret<i32>(ROUNDER)));
}

/** The largest absolute value of a row of `count` floats, a multiple of 4. NaN where one is. */
export function peakOf(from: usize, count: i32): f32 {
  let most = f32x4.splat(0);
  for (const end = from + ((<usize>count) << 2); from < end; from += 16) {
    most = f32x4.pmax(f32x4.abs(v128.load(from)), most);
  }
  return largest(most);
}

/** Rounds and packs rows of floats that lie one behind the other. `depth`: a multiple of 8. */
export function quantize(from: usize, rows: i32, depth: i32, most: f32, packed: usize, scales: usize): void {
  for (let row = 0; row < rows; row++) {
    const scale = quantizeRow(from, depth, peakOf(from, depth), most, packedRow(packed, row, depth));
    store<f32>(scales + ((<usize>row) << 2), scale);
    from += (<usize>depth) << 2;
  }
}

/** What matmulOfHalves adds up of weights must stay in 16 bits. */
const WEIGHT_MOST: f32 = 8191;

/**
 * Packs 8 output channels of a weight matrix, each `depth` floats one behind the other (a multiple of 8), to a panel
 * of int16, each channel as finely as the sum allows: activations of at most `most` cannot take a sum of its products
 * to 2³¹. Returns the largest Σ |w| of the 8, by which the caller makes sure of it.
 */
export function packPanel(from: usize, depth: i32, most: i32, panel: usize, scales: usize): i32 {
  const bytes = (<usize>depth) << 2;
  // Rounding adds a half at most to each.
  const room: f32 = 2147483647 / <f32>most - <f32>depth * 0.5 - 1;
  let worst: i32 = 0;
  for (let column = 0; column < PANEL_COLUMNS; column++) {
    let sums = f32x4.splat(0);
    let peaks = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      const w = f32x4.abs(v128.load(from + at));
      sums = f32x4.add(sums, w);
      peaks = f32x4.pmax(w, peaks);
    }
    const peak = largest(peaks);
    // Adding up floats is right to four digits at least.
    const factor: f32 = peak < 1e-30 ? 0 : min<f32>(room / (total(sums) * 1.0001), WEIGHT_MOST / peak);
    store<f32>(scales + ((<usize>column) << 2), factor === 0 ? 0 : 1 / factor);
    let counts = i32x4.splat(0);
    let to = panel + ((<usize>column) << 2);
    for (const end = from + bytes; from < end; from += 32) {
      const w = rounded8(from, f32x4.splat(factor));
      counts = i32x4.add(counts, i32x4.dot_i16x8_s(i16x8.abs(w), i16x8.splat(1)));
      v128.store_lane<i32>(to, w, 0);
      v128.store_lane<i32>(to, w, 1, PANEL_STEP);
      v128.store_lane<i32>(to, w, 2, 2 * PANEL_STEP);
      v128.store_lane<i32>(to, w, 3, 3 * PANEL_STEP);
      to += 4 * PANEL_STEP;
    }
    worst = max(
      worst,
      i32x4.extract_lane(counts, 0) +
        i32x4.extract_lane(counts, 1) +
        i32x4.extract_lane(counts, 2) +
        i32x4.extract_lane(counts, 3),
    );
  }
  return worst;
}
