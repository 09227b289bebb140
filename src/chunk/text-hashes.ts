import { createXXHash128 } from 'hash-wasm';
import type { Span } from './strategy.ts';

const HASH_BYTES = 16;

/** XXH3-128 of each chunk's text as it is embedded, in UTF-8 with the prefix before it: 16 bytes a chunk, in order. */
export async function hashChunks(text: string, chunks: readonly Span[], prefix: string): Promise<Uint8Array> {
  const hasher = await createXXHash128();
  const encoder = new TextEncoder();
  const prefixBytes = encoder.encode(prefix);
  // A UTF-16 unit takes three bytes at the most.
  const longest = chunks.reduce((most, { start, end }) => Math.max(most, end - start), 0) * 3;
  const buffer = new Uint8Array(prefixBytes.length + longest);
  buffer.set(prefixBytes);
  const room = buffer.subarray(prefixBytes.length);
  const hashes = new Uint8Array(chunks.length * HASH_BYTES);
  for (const [ordinal, { start, end }] of chunks.entries()) {
    const { written } = encoder.encodeInto(text.slice(start, end), room);
    const digest = hasher
      .init()
      .update(buffer.subarray(0, prefixBytes.length + written))
      .digest('binary');
    hashes.set(digest, ordinal * HASH_BYTES);
  }
  return hashes;
}
