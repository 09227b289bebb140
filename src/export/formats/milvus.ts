import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat, ExportHeader, ExportRecord } from '../format.ts';
import { vectorText } from '../numbers.ts';
import { enclosed } from '../pieces.ts';
import { flatPlace } from '../place.ts';

function row(record: ExportRecord, header: ExportHeader): string {
  const text = header.columns.has('text') ? { text: record.text } : {};
  const rest = JSON.stringify({ ...text, ...flatPlace(record, header) }).slice(1);
  return `{"id":"${record.id}","vector":${vectorText(record.embedding)}${rest === '}' ? '' : ','}${rest}`;
}

/** The rows of Milvus's bulk import (do_bulk_insert): an object with a list, its keys being the fields. */
export const milvus: ExportFormat = {
  id: 'milvus',
  name: 'Milvus',
  readBy: 'bulk import into a collection with these fields',
  mediaType: 'application/json',
  precisions: ['float32', 'float16'],
  optional: EXPORT_COLUMNS.filter(column => column !== 'embedding'),
  files: [
    {
      extension: 'json',
      encode: (header, records) => enclosed('{"rows":[', records(), record => row(record, header), ']}'),
    },
  ],
  preview: row,
};
