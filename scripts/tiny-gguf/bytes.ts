/** Little-endian pieces of a GGUF file (ggml's docs/gguf.md). */
export type Bytes = Uint8Array<ArrayBuffer>;

export const ALIGNMENT = 32;

export function join(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** With zeros up to the next multiple of the alignment. */
export function padded(bytes: Uint8Array): Bytes {
  const whole = new Uint8Array(Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT);
  whole.set(bytes);
  return whole;
}

export function u32(value: number): Bytes {
  return new Uint8Array(new Uint32Array([value]).buffer);
}

export function u64(value: number): Bytes {
  return new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);
}

export function string(value: string): Bytes {
  const bytes = new TextEncoder().encode(value);
  return join([u64(bytes.length), bytes]);
}

/** A metadata entry: its key, GGUF's id of the value's type, the value. */
export function entry(key: string, type: number, value: Uint8Array): Bytes {
  return join([string(key), u32(type), value]);
}

export function text(key: string, value: string): Bytes {
  return entry(key, 8, string(value));
}

export function uint16(key: string, value: number): Bytes {
  return entry(key, 2, new Uint8Array(new Uint16Array([value]).buffer));
}

export function uint32(key: string, value: number): Bytes {
  return entry(key, 4, u32(value));
}

export function int32(key: string, value: number): Bytes {
  return entry(key, 5, u32(value));
}

export function float32(key: string, value: number): Bytes {
  return entry(key, 6, new Uint8Array(new Float32Array([value]).buffer));
}

export function boolean(key: string, value: boolean): Bytes {
  return entry(key, 7, new Uint8Array([value ? 1 : 0]));
}

export function strings(key: string, values: readonly string[]): Bytes {
  return entry(key, 9, join([u32(8), u64(values.length), ...values.map(string)]));
}

export function int32s(key: string, values: readonly number[]): Bytes {
  return numbers(key, 5, Int32Array.from(values));
}

export function float32s(key: string, values: readonly number[]): Bytes {
  return numbers(key, 6, Float32Array.from(values));
}

function numbers(key: string, type: number, values: Int32Array | Float32Array): Bytes {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return entry(key, 9, join([u32(type), u64(values.length), bytes]));
}
