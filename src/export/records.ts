import type { ExportHeader, ExportRecord } from './format.ts';
import { vectorText } from './numbers.ts';

/** A record as OpenAI's embeddings have it, with the text and its place beside it. */
export function recordText(record: ExportRecord, { columns }: ExportHeader): string {
  const { id, index, lines, page, quantized } = record;
  const vector = quantized
    ? `"embedding":[${quantized.values.join(',')}],"scale":${quantized.scale},`
    : `"embedding":${vectorText(record.embedding)},`;
  const place: Record<string, unknown> = { id };
  for (const column of ['text', 'file', 'start', 'end', 'tokens'] as const) {
    if (columns.has(column)) place[column] = record[column];
  }
  if (columns.has('page') && page !== undefined) place.page = page;
  if (columns.has('headings')) place.headings = record.headings;
  if (columns.has('lines')) place.lines = [lines.first, lines.last];
  const embedding = columns.has('embedding') ? vector : '';
  return `{"object":"embedding","index":${index},${embedding}${JSON.stringify(place).slice(1)}`;
}
