import type { VectorPrecision } from '../domain/export.ts';
import { halfTable } from '../gguf/half.ts';

/**
 * The vectors of a block, row-major: exactly the numbers that were written; see domain/share.ts. Numbers are taken as
 * they lie there: the machines of browsers are little-endian.
 */
export function readVectors(
  { buffer }: Uint8Array<ArrayBuffer>,
  precision: VectorPrecision,
  dimensions: number,
): Float32Array {
  if (precision === 'float32') return new Float32Array(buffer);
  if (precision === 'float16') {
    const halves = halfTable();
    return Float32Array.from(new Uint16Array(buffer), bits => halves[bits] as number);
  }
  const rows = buffer.byteLength / (dimensions + 4);
  const scales = new Float32Array(buffer, 0, rows);
  const values = new Int8Array(buffer, rows * 4);
  const vectors = new Float32Array(rows * dimensions);
  for (let i = 0; i < vectors.length; i++) {
    vectors[i] = (values[i] as number) * (scales[Math.floor(i / dimensions)] as number);
  }
  return vectors;
}
