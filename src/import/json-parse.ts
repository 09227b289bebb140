import { brokenRow } from './limits.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Strings, which stay, and what Python writes for numbers that JSON does not have. */
const STRING_OR_NAN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * A record of JSON. NaN and Infinity, which Python writes and JSON does not know, are read as null: pandas puts them
 * where a cell is empty, and a vector with one is refused later. Throws 'import/corrupt' with the row (1-based).
 */
export function parseRecord(bytes: Uint8Array, row: number): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (error) {
    throw brokenRow(row, 'text in UTF-8', error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw brokenRow(row, 'JSON', error);
  }
  try {
    return JSON.parse(text.replace(STRING_OR_NAN, found => (found.startsWith('"') ? found : 'null')));
  } catch (error) {
    throw brokenRow(row, 'JSON', error);
  }
}
