import type { ExportRecord } from './format.ts';
import { vectorText } from './numbers.ts';

/** A record as OpenAI's embeddings have it, with the text and its place beside it. */
export function recordText({ index, embedding, text, file, start, end, tokens }: ExportRecord): string {
  const place = JSON.stringify({ text, file, start, end, tokens }).slice(1);
  return `{"object":"embedding","index":${index},"embedding":${vectorText(embedding)},${place}`;
}
