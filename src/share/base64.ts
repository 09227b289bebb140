/** A digit's value by its character code; padding and all else count as 0. */
const VALUES = (() => {
  const values = new Uint8Array(128);
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let i = 0; i < digits.length; i++) values[digits.charCodeAt(i)] = i;
  return values;
})();

/** What an export wrote as base64, without white space, as bytes. Browsers have this built in only since 2025. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array(Math.floor(text.length / 4) * 3 - padding);
  const value = (at: number) => VALUES[text.charCodeAt(at) & 127] as number;
  let at = 0;
  for (let to = 0; to < bytes.length; to += 3) {
    const three = (value(at) << 18) | (value(at + 1) << 12) | (value(at + 2) << 6) | value(at + 3);
    // What is written past the end is dropped.
    bytes[to] = three >> 16;
    bytes[to + 1] = three >> 8;
    bytes[to + 2] = three;
    at += 4;
  }
  return bytes;
}
