import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat } from '../format.ts';
import { enclosed } from '../pieces.ts';
import { recordText } from '../records.ts';

/** One object, as OpenAI's embeddings endpoint answers it, so that whatever reads that reads this. */
export const json: ExportFormat = {
  id: 'json',
  name: 'JSON',
  readBy: 'whatever reads OpenAI’s embeddings',
  mediaType: 'application/json',
  precisions: ['float32', 'float16', 'int8'],
  optional: EXPORT_COLUMNS,
  files: [
    {
      extension: 'json',
      encode(header, records) {
        const { model, dimensions, recipe } = header;
        const head = JSON.stringify({ object: 'list', model, dimensions, recipe }).slice(0, -1);
        return enclosed(`${head},"data":[`, records(), record => recordText(record, header), ']}');
      },
    },
  ],
  preview: recordText,
};
