/** The bytes of a code point. */
export function utf8(code: number): number[] {
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
  const last = [0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
  if (code < 0x10000) return [0xe0 | (code >> 12), ...last];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), ...last];
}
