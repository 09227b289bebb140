/**
 * F32 expansion by another path than the app's, to check it against: reads a trusted GGUF front to back and writes
 * it again, each value worked out by itself. Knows Q8_0, F16 and F32 only; throws at anything else.
 */
export function expandF32(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = 8;
  const number = () => {
    at += 8;
    return Number(view.getBigUint64(at - 8, true));
  };
  const tensorCount = number();
  const entryCount = number();
  let alignment = 32;
  let fileTypeAt = -1;
  for (let i = 0; i < entryCount; i++) {
    const key = string();
    const type = view.getUint32(at, true);
    at += 4;
    if (key === 'general.alignment') alignment = view.getUint32(at, true);
    if (key === 'general.file_type') fileTypeAt = at;
    skip(type);
  }
  const kept = input.slice(0, at);
  if (fileTypeAt >= 0) new DataView(kept.buffer).setUint32(fileTypeAt, 0, true);
  const infos = Array.from({ length: tensorCount }, () => {
    const name = string();
    const dimensions = view.getUint32(at, true);
    at += 4;
    const shape = Array.from({ length: dimensions }, number);
    const type = view.getUint32(at, true);
    at += 4;
    return { name, shape, type, offset: number() };
  });
  const dataStart = padded(at);

  const head: number[] = [];
  const data: Float32Array[] = [];
  let offset = 0;
  for (const { name, shape, type, offset: from } of infos) {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < values.length; i++) values[i] = value(type, dataStart + from, i);
    const bytes = new TextEncoder().encode(name);
    head.push(...little(bytes.length, 8), ...bytes, ...little(shape.length, 4));
    for (const length of shape) head.push(...little(length, 8));
    head.push(...little(0, 4), ...little(offset, 8));
    data.push(values);
    offset += padded(values.byteLength);
  }
  const start = padded(kept.length + head.length);
  const output = new Uint8Array(start + offset);
  output.set(kept);
  output.set(head, kept.length);
  let to = start;
  for (const values of data) {
    output.set(new Uint8Array(values.buffer), to);
    to += padded(values.byteLength);
  }
  return output;

  function padded(size: number): number {
    return size + ((alignment - (size % alignment)) % alignment);
  }

  function string(): string {
    const length = number();
    at += length;
    return new TextDecoder().decode(input.subarray(at - length, at));
  }

  function skip(type: number): void {
    const sizes: Record<number, number> = {
      0: 1,
      1: 1,
      2: 2,
      3: 2,
      4: 4,
      5: 4,
      6: 4,
      7: 1,
      10: 8,
      11: 8,
      12: 8,
    };
    if (type === 8) string();
    else if (type === 9) {
      const inner = view.getUint32(at, true);
      at += 4;
      const count = number();
      for (let i = 0; i < count; i++) skip(inner);
    } else at += sizes[type] ?? Number.NaN;
  }

  function value(type: number, from: number, i: number): number {
    if (type === 0) return view.getFloat32(from + i * 4, true);
    if (type === 1) return half(view.getUint16(from + i * 2, true));
    if (type !== 8) throw new Error(`Tensor type ${type} is neither F32, F16 nor Q8_0.`);
    const block = from + Math.floor(i / 32) * 34;
    return half(view.getUint16(block, true)) * view.getInt8(block + 2 + (i % 32));
  }
}

/** A 16-bit float by its bits. */
function half(bits: number): number {
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = Math.floor(bits / 1024) % 32;
  const fraction = (bits % 1024) / 1024;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent ? sign * (1 + fraction) * 2 ** (exponent - 15) : sign * fraction * 2 ** -14;
}

/** A whole number in `bytes` bytes, lowest first. */
function little(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

// Tests import this file in a browser too, where there is no process.
if (typeof process !== 'undefined' && process.argv[1]?.endsWith('expand-f32.ts')) {
  const { readFileSync, writeFileSync } = await import('node:fs');
  const [from, to] = process.argv.slice(2);
  if (from === undefined || to === undefined) {
    console.error('Usage: npx tsx scripts/expand-f32.ts in.gguf out.gguf');
    process.exitCode = 2;
  } else writeFileSync(to, expandF32(readFileSync(from)));
}
