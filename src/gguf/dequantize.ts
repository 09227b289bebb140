import { dequantizeQ4K, dequantizeQ5K, dequantizeQ6K } from './dequantize-k.ts';
import { dequantizeIQ4NL, dequantizeIQ4XS, dequantizeQ2K, dequantizeQ3K } from './dequantize-low.ts';
import { halfTable } from './half.ts';

/**
 * Blocks to values: fills `target` from as many whole blocks at the start of `source`. Rounds to 32 bits at each
 * step, as ggml's C does, so that values are equal to the last bit.
 */
export type Dequantize = (source: Uint8Array, target: Float32Array) => void;

/** By the name of the tensor type: what can be expanded. Layouts: ggml's ggml-common.h. */
export const DEQUANTIZERS: ReadonlyMap<string, Dequantize> = new Map([
  ['F16', dequantizeF16],
  ['BF16', dequantizeBF16],
  ['Q4_0', dequantizeQ4_0],
  ['Q4_1', dequantizeQ4_1],
  ['Q5_0', dequantizeQ5_0],
  ['Q5_1', dequantizeQ5_1],
  ['Q8_0', dequantizeQ8_0],
  ['Q2_K', dequantizeQ2K],
  ['Q3_K', dequantizeQ3K],
  ['Q4_K', dequantizeQ4K],
  ['Q5_K', dequantizeQ5K],
  ['Q6_K', dequantizeQ6K],
  ['IQ4_NL', dequantizeIQ4NL],
  ['IQ4_XS', dequantizeIQ4XS],
]);

function dequantizeF16(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  for (let i = 0; i < target.length; i++) target[i] = half[u16(source, i * 2)] as number;
}

/** The upper 16 bits of a 32-bit float. */
function dequantizeBF16(source: Uint8Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < bits.length; i++) bits[i] = u16(source, i * 2) << 16;
}

/** scale f16, 16 bytes: the low halves are values 0–15, the high ones 16–31. */
function dequantizeQ4_0(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  for (let at = 0, to = 0; to < target.length; at += 18, to += 32) {
    const scale = half[u16(source, at)] as number;
    for (let i = 0; i < 16; i++) {
      const pair = source[at + 2 + i] as number;
      target[to + i] = ((pair & 15) - 8) * scale;
      target[to + 16 + i] = ((pair >> 4) - 8) * scale;
    }
  }
}

/** scale f16, minimum f16, 16 bytes as in Q4_0. */
function dequantizeQ4_1(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  for (let at = 0, to = 0; to < target.length; at += 20, to += 32) {
    const scale = half[u16(source, at)] as number;
    const minimum = half[u16(source, at + 2)] as number;
    for (let i = 0; i < 16; i++) {
      const pair = source[at + 4 + i] as number;
      target[to + i] = Math.fround((pair & 15) * scale) + minimum;
      target[to + 16 + i] = Math.fround((pair >> 4) * scale) + minimum;
    }
  }
}

/** scale f16, fifth bits u32, 16 bytes as in Q4_0. */
function dequantizeQ5_0(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  for (let at = 0, to = 0; to < target.length; at += 22, to += 32) {
    const scale = half[u16(source, at)] as number;
    const high = u16(source, at + 2) | (u16(source, at + 4) << 16);
    for (let i = 0; i < 16; i++) {
      const pair = source[at + 6 + i] as number;
      target[to + i] = ((pair & 15) + (((high >>> i) & 1) << 4) - 16) * scale;
      target[to + 16 + i] = ((pair >> 4) + (((high >>> (i + 16)) & 1) << 4) - 16) * scale;
    }
  }
}

/** scale f16, minimum f16, fifth bits u32, 16 bytes as in Q4_0. */
function dequantizeQ5_1(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  for (let at = 0, to = 0; to < target.length; at += 24, to += 32) {
    const scale = half[u16(source, at)] as number;
    const minimum = half[u16(source, at + 2)] as number;
    const high = u16(source, at + 4) | (u16(source, at + 6) << 16);
    for (let i = 0; i < 16; i++) {
      const pair = source[at + 8 + i] as number;
      const low = (pair & 15) + (((high >>> i) & 1) << 4);
      const top = (pair >> 4) + (((high >>> (i + 16)) & 1) << 4);
      target[to + i] = Math.fround(low * scale) + minimum;
      target[to + 16 + i] = Math.fround(top * scale) + minimum;
    }
  }
}

/** scale f16, 32 signed bytes. */
function dequantizeQ8_0(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  const values = new Int8Array(source.buffer, source.byteOffset, source.length);
  for (let at = 0, to = 0; to < target.length; at += 34, to += 32) {
    const scale = half[u16(source, at)] as number;
    for (let i = 0; i < 32; i++) target[to + i] = (values[at + 2 + i] as number) * scale;
  }
}

function u16(source: Uint8Array, at: number): number {
  return (source[at] as number) | ((source[at + 1] as number) << 8);
}
