import { createXXHash128 } from 'hash-wasm';
import type { Chunk } from '../domain/chunk.ts';

const HASH_BYTES = 16;

/** XXH3-128 of each chunk's text as it is embedded, in UTF-8 with prefix and context before it: 16 bytes a chunk, in order. */
export async function hashChunks(
  text: string,
  chunks: readonly Pick<Chunk, 'start' | 'end' | 'context'>[],
  prefix: string,
): Promise<Uint8Array> {
  const hasher = await createXXHash128();
  const encoder = new TextEncoder();
  // A UTF-16 unit takes three bytes at the most.
  const longest = chunks.reduce(
    (most, { start, end, context }) => Math.max(most, end - start + context.length),
    0,
  );
  const buffer = new Uint8Array((prefix.length + longest) * 3);
  const hashes = new Uint8Array(chunks.length * HASH_BYTES);
  for (const [ordinal, { start, end, context }] of chunks.entries()) {
    const { written } = encoder.encodeInto(prefix + context + text.slice(start, end), buffer);
    const digest = hasher.init().update(buffer.subarray(0, written)).digest('binary');
    hashes.set(digest, ordinal * HASH_BYTES);
  }
  return hashes;
}
