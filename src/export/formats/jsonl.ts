import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat } from '../format.ts';
import { eachLine } from '../pieces.ts';
import { recordText } from '../records.ts';

/** One record a line, for what reads large files as a stream. */
export const jsonl: ExportFormat = {
  id: 'jsonl',
  name: 'JSON Lines',
  readBy: 'jq, pandas, BigQuery, and what streams',
  mediaType: 'application/jsonl',
  precisions: ['float32', 'float16', 'int8'],
  optional: EXPORT_COLUMNS,
  files: [
    {
      extension: 'jsonl',
      encode: (header, records) => eachLine(records(), record => recordText(record, header)),
    },
  ],
  preview: recordText,
};
