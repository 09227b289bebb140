import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat, ExportHeader, ExportRecord } from '../format.ts';
import { vectorText } from '../numbers.ts';
import { batchLines } from '../pieces.ts';
import { flatPlace, identifier } from '../place.ts';

const OBJECTS = 200;

function object(record: ExportRecord, header: ExportHeader): string {
  const name = identifier(header.collection);
  const text = header.columns.has('text') ? { text: record.text } : {};
  const properties = JSON.stringify({ ...text, ...flatPlace(record, header) });
  const className = JSON.stringify(name[0]?.toUpperCase() + name.slice(1));
  const vector = vectorText(record.embedding);
  return `{"class":${className},"id":"${record.id}","properties":${properties},"vector":${vector}}`;
}

/** Bodies of Weaviate's POST /v1/batch/objects, one request a line; classes start with a capital letter. */
export const weaviate: ExportFormat = {
  id: 'weaviate',
  name: 'Weaviate',
  readBy: 'POST /v1/batch/objects, line by line',
  mediaType: 'application/jsonl',
  precisions: ['float32', 'float16'],
  optional: EXPORT_COLUMNS.filter(column => column !== 'embedding'),
  files: [
    {
      extension: 'jsonl',
      encode: (header, records) =>
        batchLines(
          records(),
          OBJECTS,
          batch => `{"objects":[${batch.map(record => object(record, header)).join(',')}]}`,
        ),
    },
  ],
  preview: object,
};
