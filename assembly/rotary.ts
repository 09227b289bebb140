/**
 * Turns numbers i and i + width / 2 of every head by its token's angle, row by row in place. `x`: `heads` heads of
 * `width` floats (a multiple of 8) at the beginning of rows that are `stride` bytes apart. `table`: for each row
 * width / 2 cosines and then as many sines.
 */
export function rotate(x: usize, stride: usize, rows: i32, heads: i32, width: i32, table: usize): void {
  const half = (<usize>width) << 1;
  for (let row = 0; row < rows; row++) {
    let left = x;
    for (let head = 0; head < heads; head++) {
      const right = left + half;
      for (let i: usize = 0; i < half; i += 16) {
        const cosine = v128.load(table + i);
        const sine = v128.load(table + half + i);
        const a = v128.load(left + i);
        const b = v128.load(right + i);
        v128.store(left + i, f32x4.sub(f32x4.mul(a, cosine), f32x4.mul(b, sine)));
        v128.store(right + i, f32x4.add(f32x4.mul(a, sine), f32x4.mul(b, cosine)));
      }
      left = right + half;
    }
    x += stride;
    table += 2 * half;
  }
}
