/** Weights are expanded to F32, which browsers compute with three times as fast, unless that passes so many bytes. */
export const EXPANDED_MOST = 512 * 2 ** 20;

/** Loading a model: reading it, compiling the engine, expanding weights. */
export const LOAD_MS = 120_000;

const CALL_MS = 60_000;
/** 20 tokens/s: slower than any device that can load a model. */
const CALL_MS_PER_TOKEN = 50;

/** How long a text of so many tokens, or characters, may take before its engine counts as hung. */
export function callDeadlineMs(tokens: number): number {
  return CALL_MS + tokens * CALL_MS_PER_TOKEN;
}
