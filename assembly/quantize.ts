import { largest, ROUNDER } from './functions';
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

/**
 * Packs 8 output channels of a weight matrix, each `depth` floats one behind the other, to a panel of int16, each
 * channel as finely as the sum allows: activations of at most `most` cannot take a sum of its products to 2³¹.
 * Returns the largest Σ |w| of the 8, by which the caller makes sure of it.
 */
export function packPanel(from: usize, depth: i32, most: i32, panel: usize, scales: usize): i32 {
  let worst: i32 = 0;
  for (let column = 0; column < PANEL_COLUMNS; column++) {
    let sum: f64 = 0;
    let peak: f64 = 0;
    for (let k = 0; k < depth; k++) {
      const w = Math.abs(<f64>load<f32>(from + ((<usize>k) << 2)));
      sum += w;
      peak = Math.max(peak, w);
    }
    // Rounding adds a half at most to each.
    const room = 2147483647 / <f64>most - <f64>depth * 0.5 - 1;
    const factor = peak < 1e-30 ? 0 : Math.min(room / sum, 32767 / peak);
    store<f32>(scales + ((<usize>column) << 2), factor === 0 ? 0 : <f32>(1 / factor));
    let count: i32 = 0;
    let to = panel + ((<usize>column) << 2);
    for (let k = 0; k < depth; k += 2) {
      const left = <i32>nearest(<f64>load<f32>(from) * factor);
      const right = <i32>nearest(<f64>load<f32>(from, 4) * factor);
      count += abs(left) + abs(right);
      store<i32>(to, (left & 0xffff) | (right << 16));
      from += 8;
      to += PANEL_STEP;
    }
    worst = max(worst, count);
  }
  return worst;
}
