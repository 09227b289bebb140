/**
 * GPT-2's alphabet: a visible character for every byte, so that vocabularies can be written as text. Printable bytes
 * of Latin-1 stand for themselves, the others follow U+0100 in order.
 */
export const byteCharacters: readonly string[] = (() => {
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(isPrintable ? byte : 0x100 + others++);
  });
})();
