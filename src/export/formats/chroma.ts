import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat, ExportHeader, ExportRecord } from '../format.ts';
import { vectorText } from '../numbers.ts';
import { batchLines } from '../pieces.ts';
import { type FlatPlace, flatPlace } from '../place.ts';

/** Records of one call; Chroma takes some 5,000 at once. */
const RECORDS = 500;

/** The arguments of one call as JSON; `more`, by position, stands beside the places in the metadata. */
export function chromaRecords(
  records: readonly ExportRecord[],
  header: ExportHeader,
  more: readonly FlatPlace[] = [],
): string {
  const embeddings = records.map(({ embedding }) => vectorText(embedding)).join(',');
  const documents = header.columns.has('text')
    ? `,"documents":${JSON.stringify(records.map(({ text }) => text))}`
    : '';
  const ids = JSON.stringify(records.map(({ id }) => id));
  const metadatas = JSON.stringify(
    records.map((record, i) => ({ ...flatPlace(record, header), ...more[i] })),
  );
  return `{"ids":${ids},"embeddings":[${embeddings}],"metadatas":${metadatas}${documents}}`;
}

/** The arguments of Chroma's collection.upsert(), one call a line. */
export const chroma: ExportFormat = {
  id: 'chroma',
  name: 'Chroma',
  readBy: 'collection.upsert(**json.loads(line)), line by line',
  mediaType: 'application/jsonl',
  precisions: ['float32', 'float16'],
  optional: EXPORT_COLUMNS.filter(column => column !== 'embedding' && column !== 'file'),
  files: [
    {
      extension: 'jsonl',
      encode: (header, records) => batchLines(records(), RECORDS, batch => chromaRecords(batch, header)),
    },
  ],
  preview: (record, header) => chromaRecords([record], header),
};
