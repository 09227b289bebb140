import { multiplyTile, PANEL_COLUMNS, PANEL_STEP, scaled, TILE_ROWS, TILE_STEP } from './matmul';

/** Bytes of a tile's sums, and of the seven products of a pair of tiles with a pair of panels. */
const SUMS: usize = 128;
const SEVEN: usize = 7 * SUMS;

/**
 * The sums of rows that matmulOfHalves takes beside the rows: two tiles, one above the other, and their depth cut in
 * halves are a₁₁ a₁₂ over a₂₁ a₂₂; these are the four sums of Winograd's form of Strassen's product. As many bytes as
 * `a` itself, its rows rounded up to 8. `depth`: a multiple of 16. Whole numbers of at most ±8191.
 */
export function sumHalves(a: usize, rows: i32, depth: i32, sums: usize): void {
  const half = <usize>(depth >> 2) * TILE_STEP;
  for (let row = 0; row < rows; row += 2 * TILE_ROWS) {
    // The last tile may have none below it.
    const alone = row + TILE_ROWS >= rows;
    for (const end = a + half; a < end; a += 16, sums += 16) {
      const a11 = v128.load(a);
      const a21 = alone ? i16x8.splat(0) : v128.load(a + 2 * half);
      const a22 = alone ? i16x8.splat(0) : v128.load(a + 3 * half);
      const s1 = i16x8.add(a21, a22);
      const s2 = i16x8.sub(s1, a11);
      v128.store(sums, s1);
      v128.store(sums + half, s2);
      v128.store(sums + 2 * half, i16x8.sub(a11, a21));
      v128.store(sums + 3 * half, i16x8.sub(v128.load(a + half), s2));
    }
    a += 3 * half;
    sums += 3 * half;
  }
}

/**
 * Two panels of 8 columns and `depth` numbers, a multiple of 16, as matmulOfHalves takes them: in 7/4 of the bytes.
 * Whole numbers of at most ±8191.
 */
export function halvePanels(w: usize, depth: i32, to: usize): void {
  const half = <usize>(depth >> 2) * PANEL_STEP;
  for (const end = w + half; w < end; w += 16, to += 16) {
    const b11 = v128.load(w);
    const b21 = v128.load(w + half);
    const b12 = v128.load(w + 2 * half);
    const b22 = v128.load(w + 3 * half);
    const t1 = i16x8.sub(b12, b11);
    const t2 = i16x8.sub(b22, t1);
    v128.store(to, b11);
    v128.store(to + half, b21);
    v128.store(to + 2 * half, b22);
    v128.store(to + 3 * half, i16x8.sub(t2, b21));
    v128.store(to + 4 * half, t1);
    v128.store(to + 5 * half, t2);
    v128.store(to + 6 * half, i16x8.sub(b22, b12));
  }
}

/**
 * What matmul gives, to the last bit, with seven products of halves in the place of eight (Strassen, Gaussian
 * elimination is not optimal, 1969, in Winograd's form with 15 additions). Floats would lose digits by it; whole
 * numbers lose nothing, for sums modulo 2³² come back from whatever overflows on the way.
 *
 * `sums` as sumHalves makes them of `a`, `w` as halvePanels makes them. `depth` and `columns` are multiples of 16.
 * Up to 3 rows behind the last are overwritten. `scratch`: 112 bytes a row, rows rounded up to 8. Else as for matmul.
 */
export function matmulOfHalves(
  a: usize,
  aScales: usize,
  sums: usize,
  w: usize,
  wScales: usize,
  bias: usize,
  out: usize,
  stride: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  scratch: usize,
): void {
  const half = <usize>(depth >> 2) * TILE_STEP;
  const panel = <usize>(depth >> 2) * PANEL_STEP;
  const tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
  const upper = (tiles + 1) >> 1;
  // Tiles with another one below them.
  const pairs = tiles >> 1;
  for (let column = 0; column < columns; column += 2 * PANEL_COLUMNS) {
    product(a, half, upper, w, panel, scratch);
    product(a + half, half, upper, w + panel, panel, scratch + SUMS);
    product(sums + 3 * half, half, upper, w + 2 * panel, panel, scratch + 2 * SUMS);
    product(a + 3 * half, half, pairs, w + 3 * panel, panel, scratch + 3 * SUMS);
    product(sums, half, pairs, w + 4 * panel, panel, scratch + 4 * SUMS);
    product(sums + half, half, upper, w + 5 * panel, panel, scratch + 5 * SUMS);
    product(sums + 2 * half, half, pairs, w + 6 * panel, panel, scratch + 6 * SUMS);
    let seven = scratch;
    let scales = aScales;
    let to = out;
    for (let pair = 0; pair < upper; pair++) {
      for (let four: usize = 0; four < 32; four += 16) {
        if (pair < pairs) combine(seven + four, scales, wScales + four, bias + four, to + four, stride);
        else combineUpper(seven + four, scales, wScales + four, bias + four, to + four, stride);
      }
      seven += SEVEN;
      scales += 2 * TILE_ROWS * 4;
      to += 2 * TILE_ROWS * stride;
    }
    w += 7 * panel;
    wScales += 2 * PANEL_COLUMNS * 4;
    bias += 2 * PANEL_COLUMNS * 4;
    out += 2 * PANEL_COLUMNS * 4;
  }
}

/** One of the seven products for all pairs of tiles; the half panel stays in the nearest cache meanwhile. */
function product(a: usize, half: usize, count: i32, w: usize, panel: usize, to: usize): void {
  for (let pair = 0; pair < count; pair++) {
    multiplyTile(a, w, w + panel, to, 32);
    a += 4 * half;
    to += SEVEN;
  }
}

/** Four columns of a tile's seven products, and of the next panel's, to floats of both tiles. */
function combine(seven: usize, aScales: usize, wScales: usize, bias: usize, out: usize, stride: usize): void {
  const w0 = v128.load(wScales);
  const w1 = v128.load(wScales, 32);
  const b0 = v128.load(bias);
  const b1 = v128.load(bias, 32);
  let lower = out + TILE_ROWS * stride;
  for (const end = seven + SUMS; seven < end; seven += 32) {
    const p1 = v128.load(seven);
    const p5 = v128.load(seven, 4 * SUMS);
    const u2 = i32x4.add(p1, v128.load(seven, 5 * SUMS));
    const u3 = i32x4.add(u2, v128.load(seven, 6 * SUMS));
    const u4 = i32x4.add(u2, p5);
    const above = v128.load32_splat(aScales);
    const below = v128.load32_splat(aScales, TILE_ROWS * 4);
    v128.store(out, scaled(i32x4.add(p1, v128.load(seven, SUMS)), above, w0, b0));
    v128.store(out, scaled(i32x4.add(u4, v128.load(seven, 2 * SUMS)), above, w1, b1), 32);
    v128.store(lower, scaled(i32x4.sub(u3, v128.load(seven, 3 * SUMS)), below, w0, b0));
    v128.store(lower, scaled(i32x4.add(u3, p5), below, w1, b1), 32);
    aScales += 4;
    out += stride;
    lower += stride;
  }
}

/** The same where no tile is below: what is made of its zeros is left out. */
function combineUpper(
  seven: usize,
  aScales: usize,
  wScales: usize,
  bias: usize,
  out: usize,
  stride: usize,
): void {
  const w0 = v128.load(wScales);
  const w1 = v128.load(wScales, 32);
  const b0 = v128.load(bias);
  const b1 = v128.load(bias, 32);
  for (const end = seven + SUMS; seven < end; seven += 32) {
    const p1 = v128.load(seven);
    const u2 = i32x4.add(p1, v128.load(seven, 5 * SUMS));
    const scale = v128.load32_splat(aScales);
    v128.store(out, scaled(i32x4.add(p1, v128.load(seven, SUMS)), scale, w0, b0));
    v128.store(out, scaled(i32x4.add(u2, v128.load(seven, 2 * SUMS)), scale, w1, b1), 32);
    aScales += 4;
    out += stride;
  }
}
