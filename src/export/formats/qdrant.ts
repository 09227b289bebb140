import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat, ExportHeader, ExportRecord } from '../format.ts';
import { vectorText } from '../numbers.ts';
import { batchLines } from '../pieces.ts';
import { type FlatPlace, flatPlace } from '../place.ts';

/** Points of one request; Qdrant refuses bodies over 32 MB. */
const POINTS = 200;

/** A point as JSON; `more` stands beside its place in the payload. */
export function qdrantPoint(record: ExportRecord, header: ExportHeader, more: FlatPlace = {}): string {
  const text = header.columns.has('text') ? { text: record.text } : {};
  const payload = JSON.stringify({ ...text, ...flatPlace(record, header), ...more });
  return `{"id":"${record.id}","vector":${vectorText(record.embedding)},"payload":${payload}}`;
}

/** Bodies of Qdrant's PUT /collections/{name}/points, one request a line. */
export const qdrant: ExportFormat = {
  id: 'qdrant',
  name: 'Qdrant',
  readBy: 'PUT /collections/{name}/points, line by line',
  mediaType: 'application/jsonl',
  precisions: ['float32', 'float16'],
  optional: EXPORT_COLUMNS.filter(column => column !== 'embedding'),
  files: [
    {
      extension: 'jsonl',
      encode: (header, records) =>
        batchLines(
          records(),
          POINTS,
          batch => `{"points":[${batch.map(record => qdrantPoint(record, header)).join(',')}]}`,
        ),
    },
  ],
  preview: (record, header) => qdrantPoint(record, header),
};
