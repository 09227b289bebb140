import type { CallLog } from '../../domain/engine.ts';

export function tokensPerSecond({ tokens, ms }: CallLog): number {
  return ms > 0 ? (tokens * 1000) / ms : 0;
}

/** One call as plain text, like a server's log: a line of figures, then a line for each text. */
export function callLine(call: CallLog, model: string): string {
  const { at, engine, texts, tokens, ms, prompts = [] } = call;
  const figures = [
    new Date(at).toISOString(),
    `engine="${engine}"`,
    `model="${model}"`,
    `texts=${texts}`,
    `tokens=${tokens}`,
    `ms=${Math.round(ms)}`,
    `tokens/s=${Math.round(tokensPerSecond(call))}`,
  ].join(' ');
  return [figures, ...prompts.map(prompt => `  prompt ${JSON.stringify(prompt)}`)].join('\n');
}
