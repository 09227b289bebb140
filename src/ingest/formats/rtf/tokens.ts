/** RTF 1.9.1: a group's bracket, a control word with its number, a byte of text, or raw bytes to be left out. */
export type Token =
  | { kind: 'open' }
  | { kind: 'close' }
  | { kind: 'word'; word: string; value: number | undefined }
  | { kind: 'bytes'; bytes: Uint8Array };

const BACKSLASH = 0x5c;

export function* rtfTokens(bytes: Uint8Array): Generator<Token> {
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] as number;
    if (byte === 0x7b || byte === 0x7d) {
      yield byte === 0x7b ? { kind: 'open' } : { kind: 'close' };
      at++;
    } else if (byte === BACKSLASH) {
      const next = bytes[at + 1];
      if (next === undefined) return;
      if (next === 0x27) {
        yield {
          kind: 'bytes',
          bytes: Uint8Array.of(Number.parseInt(latin1(bytes, at + 2, at + 4), 16) || 0x3f),
        };
        at += 4;
      } else if (isLetter(next)) {
        let end = at + 1;
        while (end - at < 40 && isLetter(bytes[end])) end++;
        const word = latin1(bytes, at + 1, end);
        const number = /^-?\d{1,10}/.exec(latin1(bytes, end, end + 11))?.[0] ?? '';
        end += number.length;
        const value = number === '' ? undefined : Number(number);
        if (bytes[end] === 0x20) end++;
        yield { kind: 'word', word, value };
        // Raw bytes follow, brackets among them.
        at = word === 'bin' && value !== undefined && value > 0 ? end + value : end;
      } else {
        yield {
          kind: 'word',
          word: next === 0x0a || next === 0x0d ? 'par' : String.fromCharCode(next),
          value: undefined,
        };
        at += 2;
      }
    } else if (byte === 0x0a || byte === 0x0d) at++;
    else {
      let end = at + 1;
      while (end < bytes.length && isPlain(bytes[end] as number)) end++;
      yield { kind: 'bytes', bytes: bytes.subarray(at, end) };
      at = end;
    }
  }
}

function isPlain(byte: number): boolean {
  return byte !== 0x7b && byte !== 0x7d && byte !== BACKSLASH && byte !== 0x0a && byte !== 0x0d;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a));
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
