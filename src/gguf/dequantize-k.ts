import { halfTable } from './half.ts';

/** Values in a superblock of the K types. */
const VALUES = 256;

/** scale f16, scale of the minima f16, 12 bytes of 6-bit scales and minima, 128 bytes of 4 bits. */
export function dequantizeQ4K(source: Uint8Array, target: Float32Array): void {
  for (let at = 0, to = 0; to < target.length; at += 144, to += VALUES) {
    dequantizePairs(source, at, at + 16, -1, target, to);
  }
}

/** As Q4_K, with 32 bytes of fifth bits before the 128. */
export function dequantizeQ5K(source: Uint8Array, target: Float32Array): void {
  for (let at = 0, to = 0; to < target.length; at += 176, to += VALUES) {
    dequantizePairs(source, at, at + 48, at + 16, target, to);
  }
}

/** Eight runs of 32 values, two to 32 bytes: the low halves, then the high ones. `high` < 0: no fifth bits. */
function dequantizePairs(
  source: Uint8Array,
  at: number,
  low: number,
  high: number,
  target: Float32Array,
  to: number,
): void {
  const half = halfTable();
  const scale = half[u16(source, at)] as number;
  const minimum = half[u16(source, at + 2)] as number;
  for (let run = 0; run < 8; run++) {
    const step = Math.fround(scale * runScale(source, at + 4, run));
    const base = Math.fround(minimum * runMinimum(source, at + 4, run));
    const from = low + (run >> 1) * 32;
    const shift = (run & 1) * 4;
    for (let i = 0; i < 32; i++) {
      let value = ((source[from + i] as number) >> shift) & 15;
      if (high >= 0) value += (((source[high + i] as number) >> run) & 1) << 4;
      target[to + run * 32 + i] = Math.fround(step * value) - base;
    }
  }
}

/** 6 bits: for runs 4–7 the upper two stand in the bytes of runs 0–3. */
function runScale(source: Uint8Array, at: number, run: number): number {
  if (run < 4) return (source[at + run] as number) & 63;
  return ((source[at + run + 4] as number) & 15) | (((source[at + run - 4] as number) >> 6) << 4);
}

function runMinimum(source: Uint8Array, at: number, run: number): number {
  if (run < 4) return (source[at + run + 4] as number) & 63;
  return ((source[at + run + 4] as number) >> 4) | (((source[at + run] as number) >> 6) << 4);
}

/** 128 bytes of low 4 bits, 64 of upper 2 bits, 16 signed scales, scale f16; two halves of 128 values. */
export function dequantizeQ6K(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  const signed = new Int8Array(source.buffer, source.byteOffset, source.length);
  for (let at = 0, to = 0; to < target.length; at += 210, to += VALUES) {
    const scale = half[u16(source, at + 208)] as number;
    for (let run = 0; run < 8; run++) {
      const quarter = run & 3;
      const low = at + (run >> 2) * 64 + (quarter & 1) * 32;
      const high = at + 128 + (run >> 2) * 32;
      for (let i = 0; i < 32; i++) {
        const step = Math.fround(scale * (signed[at + 192 + run * 2 + (i >> 4)] as number));
        const lower = ((source[low + i] as number) >> ((quarter >> 1) * 4)) & 15;
        const upper = ((source[high + i] as number) >> (quarter * 2)) & 3;
        target[to + run * 32 + i] = (lower + upper * 16 - 32) * step;
      }
    }
  }
}

function u16(source: Uint8Array, at: number): number {
  return (source[at] as number) | ((source[at + 1] as number) << 8);
}
