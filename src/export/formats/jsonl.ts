import type { ExportFormat } from '../format.ts';
import { recordText } from '../records.ts';

/** One record a line, for what reads large files as a stream. */
export const jsonl: ExportFormat = {
  id: 'jsonl',
  name: 'JSONL',
  extension: 'jsonl',
  mediaType: 'application/jsonl',
  async *encode(_header, records) {
    const encoder = new TextEncoder();
    for await (const record of records) yield encoder.encode(`${recordText(record)}\n`);
  },
  preview: recordText,
};
