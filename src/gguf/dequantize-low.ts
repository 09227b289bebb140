import { halfTable } from './half.ts';

/** Values in a superblock of the K types. */
const VALUES = 256;
/** What the 4 bits of the IQ4 types stand for (ggml's kvalues_iq4nl). */
const CURVE = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/** 16 bytes of 4-bit scales and minima, 64 bytes of 2 bits, scale f16, scale of the minima f16. */
export function dequantizeQ2K(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  for (let at = 0, to = 0; to < target.length; at += 84, to += VALUES) {
    const scale = half[u16(source, at + 80)] as number;
    const minimum = half[u16(source, at + 82)] as number;
    for (let run = 0; run < 16; run++) {
      const packed = source[at + run] as number;
      const step = Math.fround(scale * (packed & 15));
      const base = Math.fround(minimum * (packed >> 4));
      const from = at + 16 + runStart(run);
      for (let i = 0; i < 16; i++) {
        target[to + run * 16 + i] =
          Math.fround(step * (((source[from + i] as number) >> runShift(run)) & 3)) - base;
      }
    }
  }
}

/** 32 bytes of third bits, 64 bytes of 2 bits, 12 bytes of 6-bit scales, scale f16. */
export function dequantizeQ3K(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  for (let at = 0, to = 0; to < target.length; at += 110, to += VALUES) {
    const scale = half[u16(source, at + 108)] as number;
    for (let run = 0; run < 16; run++) {
      const step = Math.fround(scale * (sixBits(source, at + 96, run) - 32));
      const from = at + 32 + runStart(run);
      const third = at + (run & 1) * 16;
      for (let i = 0; i < 16; i++) {
        const low = ((source[from + i] as number) >> runShift(run)) & 3;
        const high = ((source[third + i] as number) >> (run >> 1)) & 1;
        target[to + run * 16 + i] = step * (low + high * 4 - 4);
      }
    }
  }
}

/** scale f16, 16 bytes as in Q4_0, along a curve. */
export function dequantizeIQ4NL(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  for (let at = 0, to = 0; to < target.length; at += 18, to += 32) {
    alongCurve(source, at + 2, half[u16(source, at)] as number, target, to);
  }
}

/** scale f16, upper 2 bits of the scales u16, 4 bytes of their low 4 bits, 128 bytes as in IQ4_NL. */
export function dequantizeIQ4XS(source: Uint8Array, target: Float32Array): void {
  const half = halfTable();
  for (let at = 0, to = 0; to < target.length; at += 136, to += VALUES) {
    const scale = half[u16(source, at)] as number;
    const upper = u16(source, at + 2);
    for (let run = 0; run < 8; run++) {
      const low = ((source[at + 4 + (run >> 1)] as number) >> ((run & 1) * 4)) & 15;
      const high = (upper >> (run * 2)) & 3;
      const step = Math.fround(scale * ((low | (high << 4)) - 32));
      alongCurve(source, at + 8 + run * 16, step, target, to + run * 32);
    }
  }
}

/** 16 bytes to 32 values: the low halves are values 0–15, the high ones 16–31. */
function alongCurve(source: Uint8Array, from: number, step: number, target: Float32Array, to: number): void {
  for (let i = 0; i < 16; i++) {
    const pair = source[from + i] as number;
    target[to + i] = step * (CURVE[pair & 15] as number);
    target[to + 16 + i] = step * (CURVE[pair >> 4] as number);
  }
}

/** Two halves of eight runs: pairs of runs share 32 bytes, each pair two bits higher. */
function runStart(run: number): number {
  return (run >> 3) * 32 + (run & 1) * 16;
}

function runShift(run: number): number {
  return ((run >> 1) & 3) * 2;
}

/** 16 scales: 8 bytes hold the low 4 bits of two each, 4 bytes the upper 2 bits of four each. */
function sixBits(source: Uint8Array, at: number, run: number): number {
  const low = ((source[at + (run & 7)] as number) >> ((run >> 3) * 4)) & 15;
  const high = ((source[at + 8 + (run & 3)] as number) >> ((run >> 2) * 2)) & 3;
  return low | (high << 4);
}

function u16(source: Uint8Array, at: number): number {
  return (source[at] as number) | ((source[at + 1] as number) << 8);
}
