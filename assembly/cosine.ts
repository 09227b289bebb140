/**
 * Products of one query with many rows, over memory that the caller lays out; nothing is kept between calls.
 * Pointers and strides are bytes, multiples of 16; what pads a row is zero. A row's sum is added up in one order,
 * whatever lies beside it: the same bits wherever the row is.
 */

/** out[r] = Σ query[k] · rows[r][k], all in float32. */
export function dots(query: usize, rows: usize, stride: usize, count: i32, out: usize): void {
  for (const end = out + ((<usize>count) << 2); out < end; out += 4) {
    f32.store(out, dot(query, rows, stride));
    rows += stride;
  }
}

function dot(query: usize, row: usize, stride: usize): f32 {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let d = f32x4.splat(0);
  const end = row + stride;
  for (const whole = row + (stride & ~63); row < whole; row += 64) {
    a = f32x4.add(a, f32x4.mul(v128.load(row), v128.load(query)));
    b = f32x4.add(b, f32x4.mul(v128.load(row, 16), v128.load(query, 16)));
    c = f32x4.add(c, f32x4.mul(v128.load(row, 32), v128.load(query, 32)));
    d = f32x4.add(d, f32x4.mul(v128.load(row, 48), v128.load(query, 48)));
    query += 64;
  }
  for (; row < end; row += 16) {
    a = f32x4.add(a, f32x4.mul(v128.load(row), v128.load(query)));
    query += 16;
  }
  const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  const low = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1);
  return low + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/**
 * out[r] = Σ query[k] · rows[r][k] as float32, from an int16 query and int8 rows, added up in int32: whoever packs the
 * query answers for Σ |query[k]| · 127 < 2³¹. `stride` is that of the rows; the query is twice as long.
 */
export function dots8(query: usize, rows: usize, stride: usize, count: i32, out: usize): void {
  for (const end = out + ((<usize>count) << 2); out < end; out += 4) {
    f32.store(out, <f32>dot8(query, rows, stride));
    rows += stride;
  }
}

function dot8(query: usize, row: usize, stride: usize): i32 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  for (const end = row + stride; row < end; row += 16) {
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(row), v128.load(query)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(row, 8), v128.load(query, 16)));
    query += 32;
  }
  const sum = i32x4.add(a, b);
  const low = i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1);
  return low + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
}

/**
 * Brings products to scores, in place: scores[i] *= factors[i] · scale. Writes those indices to `found`, as int32, whose
 * score is above `least` and whose factor is not 0, and returns how many they are. Reads and writes whole fours.
 */
export function above(scores: usize, factors: usize, count: i32, scale: f32, least: f32, found: usize): i32 {
  const start = found;
  const scales = f32x4.splat(scale);
  const limit = f32x4.splat(least);
  const none = f32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    const factor = v128.load(factors);
    const score = f32x4.mul(v128.load(scores), f32x4.mul(factor, scales));
    v128.store(scores, score);
    let hits = i32x4.bitmask(v128.and(f32x4.gt(score, limit), f32x4.ne(factor, none)));
    while (hits !== 0) {
      const index = i + ctz(hits);
      hits &= hits - 1;
      if (index < count) {
        i32.store(found, index);
        found += 4;
      }
    }
    scores += 16;
    factors += 16;
  }
  return <i32>((found - start) >> 2);
}

/**
 * Rounds rows of float32 to int8, each as fine as its largest number allows: row[k] ≈ out[k] · scale, with the scales
 * in `scales`. A row of zeros has the scale 0. `width` counts the numbers of a padded row of `out`, a multiple of 16;
 * `stride` is that of `rows`, of which what lies behind the row itself, up to 60 bytes, is left out.
 * `out` may begin where `rows` does, for a row's place is never behind what was read already.
 */
export function pack8(rows: usize, stride: usize, count: i32, out: usize, width: i32, scales: usize): void {
  for (let r = 0; r < count; r++) {
    f32.store(scales, packRow(rows, stride, out, width));
    rows += stride;
    out += <usize>width;
    scales += 4;
  }
}

function packRow(row: usize, stride: usize, out: usize, width: i32): f32 {
  let most = f32x4.splat(0);
  for (let at: usize = 0; at < stride; at += 16) most = f32x4.max(most, f32x4.abs(v128.load(row + at)));
  const low = max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
  const largest = max(low, max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)));
  const scale = largest / 127;
  const inverse = f32x4.splat(largest === 0 ? 0 : 127 / largest);
  const end = row + stride;
  for (const last = out + <usize>width; out < last; out += 16) {
    const a = i16x8.narrow_i32x4_s(rounded(row, end, inverse), rounded(row + 16, end, inverse));
    const b = i16x8.narrow_i32x4_s(rounded(row + 32, end, inverse), rounded(row + 48, end, inverse));
    v128.store(out, i8x16.narrow_i16x8_s(a, b));
    row += 64;
  }
  return scale;
}

/** Four numbers of a row as whole numbers; zeros behind its end. */
function rounded(at: usize, end: usize, inverse: v128): v128 {
  if (at >= end) return i32x4.splat(0);
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(at), inverse)));
}

/**
 * How far rows lie from what `pack8` made of them: out[r] = √Σ (rows[r][k] − packed[r][k] · scales[r])², in float32.
 * `stride` is that of the rows, `width` that of the packed ones.
 */
export function distances8(
  rows: usize,
  stride: usize,
  packed: usize,
  width: i32,
  scales: usize,
  count: i32,
  out: usize,
): void {
  for (let r = 0; r < count; r++) {
    f32.store(out, distance8(rows, rows + stride, packed, f32.load(scales)));
    rows += stride;
    packed += <usize>width;
    scales += 4;
    out += 4;
  }
}

function distance8(row: usize, end: usize, packed: usize, scale: f32): f32 {
  const scales = f32x4.splat(scale);
  let squares = f32x4.splat(0);
  for (; row < end; row += 16) {
    const bytes = i16x8.extend_low_i8x16_s(v128.load32_zero(packed));
    const values = f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(bytes)), scales);
    const away = f32x4.sub(v128.load(row), values);
    squares = f32x4.add(squares, f32x4.mul(away, away));
    packed += 4;
  }
  const low = f32x4.extract_lane(squares, 0) + f32x4.extract_lane(squares, 1);
  return sqrt(low + (f32x4.extract_lane(squares, 2) + f32x4.extract_lane(squares, 3)));
}

/**
 * Brings products to the highest that scores may be, in place: scores[i] = scores[i] · factors[i] · scale + errors[i] +
 * slack. Writes those indices to `found`, as int32, whose highest is above `least` and whose factor is not 0, and returns
 * how many they are. Reads and writes whole fours.
 */
export function highest(
  scores: usize,
  factors: usize,
  errors: usize,
  count: i32,
  scale: f32,
  slack: f32,
  least: f32,
  found: usize,
): i32 {
  const start = found;
  const scales = f32x4.splat(scale);
  const slacks = f32x4.splat(slack);
  const limit = f32x4.splat(least);
  const none = f32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    const factor = v128.load(factors);
    const score = f32x4.mul(v128.load(scores), f32x4.mul(factor, scales));
    const most = f32x4.add(score, f32x4.add(v128.load(errors), slacks));
    v128.store(scores, most);
    let hits = i32x4.bitmask(v128.and(f32x4.gt(most, limit), f32x4.ne(factor, none)));
    while (hits !== 0) {
      const index = i + ctz(hits);
      hits &= hits - 1;
      if (index < count) {
        i32.store(found, index);
        found += 4;
      }
    }
    scores += 16;
    factors += 16;
    errors += 16;
  }
  return <i32>((found - start) >> 2);
}
