import type { VectorPrecision } from '../domain/export.ts';
import { halfTable } from '../gguf/half.ts';
import type { QuantizedVector } from './format.ts';

/** A vector as it is written, and what that costs. */
export interface RoundedVector {
  embedding: Float32Array;
  quantized?: QuantizedVector;
}

/** Rounds a vector to a precision; float32 is handed through as it is. */
export function roundVector(vector: Float32Array, precision: VectorPrecision): RoundedVector {
  if (precision === 'float32') return { embedding: vector };
  if (precision === 'float16') return { embedding: vector.map(roundToHalf) };
  const quantized = toInt8(vector);
  return { embedding: fromInt8(quantized), quantized };
}

/** 8 bits a number, one scale a vector: the largest magnitude becomes 127. */
function toInt8(vector: Float32Array): QuantizedVector {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = Math.fround(largest / 127);
  if (scale === 0) return { values: new Int8Array(vector.length), scale: 0 };
  return {
    values: Int8Array.from(vector, value => Math.max(-127, Math.min(127, Math.round(value / scale)))),
    scale,
  };
}

/** The numbers that 8 bits and a scale stand for. */
function fromInt8({ values, scale }: QuantizedVector): Float32Array {
  return Float32Array.from(values, value => value * scale);
}

/** Bits of the half-precision float nearest to a number, ties to even (IEEE 754 binary16). */
export function toHalfBits(value: number): number {
  bits.float[0] = value;
  const word = bits.int[0] as number;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  // Not a number, and what is past the largest half even when rounded.
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const rounded = magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1);
    return sign | (rounded >>> 13);
  }
  // Subnormal halves are multiples of 2^-24, which float arithmetic rounds rightly by itself.
  const units = Math.abs(value) * 2 ** 24;
  const floor = Math.floor(units);
  const rest = units - floor;
  return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
}

/** What rounding costs: the largest difference of a number, and the least cosine of a vector with its original. */
export function roundingError(
  originals: readonly { embedding: Float32Array }[],
  rounded: readonly { embedding: Float32Array }[],
): { largest: number; leastCosine: number } {
  let largest = 0;
  let leastCosine = 1;
  for (const [index, { embedding: exact }] of originals.entries()) {
    const near = rounded[index]?.embedding ?? exact;
    let [dot, ofExact, ofNear] = [0, 0, 0];
    for (const [i, a] of exact.entries()) {
      const b = near[i] ?? 0;
      largest = Math.max(largest, Math.abs(a - b));
      dot += a * b;
      ofExact += a * a;
      ofNear += b * b;
    }
    if (ofExact > 0 && ofNear > 0) leastCosine = Math.min(leastCosine, dot / Math.sqrt(ofExact * ofNear));
  }
  return { largest, leastCosine };
}

/** What 16 bits hold at the most (IEEE 754 binary16). */
const LARGEST_HALF = 65_504;

/** The nearest half; of a number that is beyond them all the largest, for no reader knows what to do with infinity. */
function roundToHalf(value: number): number {
  const near = halfTable()[toHalfBits(value)] as number;
  return Number.isFinite(value) ? Math.max(-LARGEST_HALF, Math.min(LARGEST_HALF, near)) : near;
}

const bits = (() => {
  const float = new Float32Array(1);
  return { float, int: new Uint32Array(float.buffer) };
})();
