import { gelu4, largest, silu4, total } from './functions';
import { packedRow, quantizeRow } from './quantize';

/**
 * x = layerNorm(x + y) · gamma + beta, row by row, and the same rounded and packed for the next product.
 * `y` of 0 is none. `width`: a multiple of 8. The variance is of the differences from the mean, so that a large
 * mean does no harm.
 */
export function addNorm(
  x: usize,
  y: usize,
  gamma: usize,
  beta: usize,
  epsilon: f32,
  rows: i32,
  width: i32,
  most: f32,
  packed: usize,
  scales: usize,
): void {
  const bytes = (<usize>width) << 2;
  for (let row = 0; row < rows; row++) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 32) {
      let v0 = v128.load(x + i);
      let v1 = v128.load(x + i, 16);
      if (y) {
        v0 = f32x4.add(v0, v128.load(y + i));
        v1 = f32x4.add(v1, v128.load(y + i, 16));
      }
      v128.store(x + i, v0);
      v128.store(x + i, v1, 16);
      sum0 = f32x4.add(sum0, v0);
      sum1 = f32x4.add(sum1, v1);
    }
    const mean = f32x4.splat(total(f32x4.add(sum0, sum1)) / <f32>width);
    let squares0 = f32x4.splat(0);
    let squares1 = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 32) {
      const v0 = f32x4.sub(v128.load(x + i), mean);
      const v1 = f32x4.sub(v128.load(x + i, 16), mean);
      squares0 = f32x4.add(squares0, f32x4.mul(v0, v0));
      squares1 = f32x4.add(squares1, f32x4.mul(v1, v1));
    }
    const squares = total(f32x4.add(squares0, squares1));
    const deviation = f32x4.splat(1 / sqrt<f32>(squares / <f32>width + epsilon));
    let peak = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      let v = f32x4.mul(f32x4.sub(v128.load(x + i), mean), deviation);
      v = f32x4.add(f32x4.mul(v, v128.load(gamma + i)), v128.load(beta + i));
      v128.store(x + i, v);
      peak = f32x4.pmax(f32x4.abs(v), peak);
    }
    const scale = quantizeRow(x, width, largest(peak), most, packedRow(packed, row, width));
    store<f32>(scales + ((<usize>row) << 2), scale);
    x += bytes;
    if (y) y += bytes;
  }
}

/** x = GELU(x), row by row, and the same rounded and packed for the next product. `width`: a multiple of 8. */
export function gelu(x: usize, rows: i32, width: i32, most: f32, packed: usize, scales: usize): void {
  const bytes = (<usize>width) << 2;
  for (let row = 0; row < rows; row++) {
    let peak = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const v = gelu4(v128.load(x + i));
      v128.store(x + i, v);
      peak = f32x4.pmax(f32x4.abs(v), peak);
    }
    const scale = quantizeRow(x, width, largest(peak), most, packedRow(packed, row, width));
    store<f32>(scales + ((<usize>row) << 2), scale);
    x += bytes;
  }
}

/**
 * SiLU(gate) · up, row by row, written over the gate, rounded and packed for the next product. A row of `x` is `width`
 * floats of the gate (a multiple of 8), then as many of what it lets through.
 */
export function swiglu(x: usize, rows: i32, width: i32, most: f32, packed: usize, scales: usize): void {
  const bytes = (<usize>width) << 2;
  for (let row = 0; row < rows; row++) {
    let peak = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const v = f32x4.mul(silu4(v128.load(x + i)), v128.load(x + bytes + i));
      v128.store(x + i, v);
      peak = f32x4.pmax(f32x4.abs(v), peak);
    }
    const scale = quantizeRow(x, width, largest(peak), most, packedRow(packed, row, width));
    store<f32>(scales + ((<usize>row) << 2), scale);
    x += 2 * bytes;
  }
}
