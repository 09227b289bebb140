/** Rows of a packed operand that lie together: with 8 columns 8 sums, which leave registers for what they are made of. */
export const TILE_ROWS: i32 = 4;
/** Columns of a packed operand that lie together. */
export const PANEL_COLUMNS: i32 = 8;
/** Bytes of one pair of numbers along `depth` in a tile of rows, and in a panel of columns. */
export const TILE_STEP: usize = 16;
export const PANEL_STEP: usize = 32;

/**
 * out[r][c] = (Σ a[r][k] · w[k][c]) · aScales[r] · wScales[c] + bias[c], with the sum in whole numbers.
 *
 * `a`: int16 in tiles of 4 rows, [tile][depth / 2][4][2]. `w`: int16 in panels of 8 columns, [panel][depth / 2][8][2].
 * `depth` is even, `columns` a multiple of 8. Writes whole tiles: up to 3 rows behind the last are overwritten.
 * Whoever packs answers for Σ |a·w| < 2³¹ in every row and column. `stride`: bytes from one row of `out` to the next.
 */
export function matmul(
  a: usize,
  aScales: usize,
  w: usize,
  wScales: usize,
  bias: usize,
  out: usize,
  stride: usize,
  rows: i32,
  columns: i32,
  depth: i32,
): void {
  const tileBytes = <usize>(depth >> 1) * TILE_STEP;
  const panelBytes = <usize>(depth >> 1) * PANEL_STEP;
  const end = w + <usize>(columns / PANEL_COLUMNS) * panelBytes;
  // A panel stays in the nearest cache while all tiles pass by it.
  while (w < end) {
    let tile = a;
    let scales = aScales;
    let to = out;
    for (let row = 0; row < rows; row += TILE_ROWS) {
      multiplyTile(tile, w, w + panelBytes, to, stride);
      scaleTile(scales, wScales, bias, to, stride);
      tile += tileBytes;
      scales += TILE_ROWS * 4;
      to += <usize>TILE_ROWS * stride;
    }
    w += panelBytes;
    wScales += PANEL_COLUMNS * 4;
    bias += PANEL_COLUMNS * 4;
    out += PANEL_COLUMNS * 4;
  }
}

/**
 * One tile of 4 × 8 sums, as int32 to rows of `out`: two numbers of a row, in all lanes, times two each of four
 * columns, step by step. Unrolled, or with scaling in the same function, the compilers of browsers run out of
 * registers, and it is a tenth to a third slower.
 */
export function multiplyTile(a: usize, w: usize, end: usize, out: usize, stride: usize): void {
  let s00 = i32x4.splat(0);
  let s01 = i32x4.splat(0);
  let s10 = i32x4.splat(0);
  let s11 = i32x4.splat(0);
  let s20 = i32x4.splat(0);
  let s21 = i32x4.splat(0);
  let s30 = i32x4.splat(0);
  let s31 = i32x4.splat(0);
  while (w < end) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    let pair = v128.load32_splat(a);
    s00 = i32x4.add(s00, i32x4.dot_i16x8_s(pair, w0));
    s01 = i32x4.add(s01, i32x4.dot_i16x8_s(pair, w1));
    pair = v128.load32_splat(a, 4);
    s10 = i32x4.add(s10, i32x4.dot_i16x8_s(pair, w0));
    s11 = i32x4.add(s11, i32x4.dot_i16x8_s(pair, w1));
    pair = v128.load32_splat(a, 8);
    s20 = i32x4.add(s20, i32x4.dot_i16x8_s(pair, w0));
    s21 = i32x4.add(s21, i32x4.dot_i16x8_s(pair, w1));
    pair = v128.load32_splat(a, 12);
    s30 = i32x4.add(s30, i32x4.dot_i16x8_s(pair, w0));
    s31 = i32x4.add(s31, i32x4.dot_i16x8_s(pair, w1));
    a += TILE_STEP;
    w += PANEL_STEP;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  out += stride;
  v128.store(out, s10);
  v128.store(out, s11, 16);
  out += stride;
  v128.store(out, s20);
  v128.store(out, s21, 16);
  out += stride;
  v128.store(out, s30);
  v128.store(out, s31, 16);
}

/** A tile's sums to floats, in place. */
function scaleTile(aScales: usize, wScales: usize, bias: usize, out: usize, stride: usize): void {
  const w0 = v128.load(wScales);
  const w1 = v128.load(wScales, 16);
  const b0 = v128.load(bias);
  const b1 = v128.load(bias, 16);
  for (const end = aScales + TILE_ROWS * 4; aScales < end; aScales += 4) {
    const scale = v128.load32_splat(aScales);
    v128.store(out, scaled(v128.load(out), scale, w0, b0));
    v128.store(out, scaled(v128.load(out, 16), scale, w1, b1), 16);
    out += stride;
  }
}

/** A sum of whole numbers as what it is worth. */
export function scaled(sum: v128, aScale: v128, wScale: v128, bias: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), wScale), aScale), bias);
}
