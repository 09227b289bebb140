import { utf8 } from './utf8.ts';
import type { WordList } from './word-list.ts';

const BYTE = 6;

/** Ids of the tokens <0x00> to <0xFF>, -1 for those that are missing; undefined where there is none at all. */
export function byteTokens(tokens: readonly string[], types: Uint8Array): Int32Array | undefined {
  const ids = new Int32Array(256).fill(-1);
  let found = false;
  for (let id = 0; id < tokens.length; id++) {
    const hex = types[id] === BYTE ? /^<0x([0-9A-Fa-f]{2})>$/.exec(tokens[id] as string)?.[1] : undefined;
    if (hex === undefined) continue;
    ids[Number.parseInt(hex, 16)] = id;
    found = true;
  }
  return found ? ids : undefined;
}

/** Reads word[from, to), which no piece fits, as bytes; where the vocabulary lacks one of them, as one unknown. */
export function addUnknown(
  word: string,
  from: number,
  to: number,
  bytes: Int32Array | undefined,
  unknownId: number,
  list: WordList,
): void {
  if (bytes && allKnown(word.slice(from, to), bytes)) {
    for (let at = from; at < to; ) {
      const code = word.codePointAt(at) as number;
      const end = at + (code > 0xffff ? 2 : 1);
      for (const byte of utf8(code)) list.add(bytes[byte] as number, at, end);
      at = end;
    }
    return;
  }
  list.unknown++;
  if (unknownId >= 0) list.add(unknownId, from, to);
}

function allKnown(text: string, bytes: Int32Array): boolean {
  for (const character of text) {
    for (const byte of utf8(character.codePointAt(0) as number))
      if ((bytes[byte] as number) < 0) return false;
  }
  return true;
}
