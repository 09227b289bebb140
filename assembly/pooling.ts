/** The mean of `rows` rows of `width` floats, a multiple of 4. */
export function meanRow(from: usize, rows: i32, width: i32, out: usize): void {
  const bytes = (<usize>width) << 2;
  const share = f32x4.splat(1 / <f32>rows);
  for (let i: usize = 0; i < bytes; i += 16) {
    let sum = f32x4.splat(0);
    let at = from + i;
    for (let row = 0; row < rows; row++, at += bytes) sum = f32x4.add(sum, v128.load(at));
    v128.store(out + i, f32x4.mul(sum, share));
  }
}
