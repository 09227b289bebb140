const DIGITS = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PADDING = '='.charCodeAt(0);

/** Bytes as base64 (RFC 4648, 4), itself as bytes: what is written to a file need not be a string first. */
export function base64(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING);
  const whole = bytes.length - (bytes.length % 3);
  let to = 0;
  for (let at = 0; at < whole; at += 3) {
    const three =
      ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    out[to++] = DIGITS[three >> 18] as number;
    out[to++] = DIGITS[(three >> 12) & 63] as number;
    out[to++] = DIGITS[(three >> 6) & 63] as number;
    out[to++] = DIGITS[three & 63] as number;
  }
  if (whole < bytes.length) {
    const rest = ((bytes[whole] as number) << 8) | (bytes[whole + 1] ?? 0);
    out[to++] = DIGITS[rest >> 10] as number;
    out[to++] = DIGITS[(rest >> 4) & 63] as number;
    if (whole + 1 < bytes.length) out[to++] = DIGITS[(rest << 2) & 63] as number;
  }
  return out;
}
