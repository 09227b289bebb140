import type { ExportRecord } from './format.ts';
import { vectorText } from './numbers.ts';

/** A record as OpenAI's embeddings have it, with the text and its place beside it. */
export function recordText({ index, embedding, lines, ...rest }: ExportRecord): string {
  const { text, file, start, end, tokens, page, headings } = rest;
  const cited = { page, headings, lines: [lines.first, lines.last] };
  const place = JSON.stringify({ text, file, start, end, tokens, ...cited }).slice(1);
  return `{"object":"embedding","index":${index},"embedding":${vectorText(embedding)},${place}`;
}
