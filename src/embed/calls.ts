import type { EmbedInput } from './embedder.ts';

/** Tokens a call at the most: about a second of one instance, which is how soon a pause is felt. */
export const CALL_TOKENS = 512;

/** Cuts a batch into calls of at most CALL_TOKENS tokens, in order; a longer text is a call alone. Gives indices. */
export function toCalls(batch: readonly EmbedInput[]): number[][] {
  const calls: number[][] = [];
  let room = 0;
  for (const [index, { ids }] of batch.entries()) {
    const last = calls.at(-1);
    if (last && ids.length <= room) last.push(index);
    else {
      calls.push([index]);
      room = CALL_TOKENS;
    }
    room -= ids.length;
  }
  return calls;
}
