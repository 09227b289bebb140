import { EXPORT_COLUMNS } from '../../domain/export.ts';
import type { ExportFormat } from '../format.ts';
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
      async *encode(header, records) {
        const { model, dimensions, recipe } = header;
        const encoder = new TextEncoder();
        const head = JSON.stringify({ object: 'list', model, dimensions, recipe }).slice(0, -1);
        yield encoder.encode(`${head},"data":[`);
        let first = true;
        for await (const record of records()) {
          yield encoder.encode(`${first ? '' : ','}\n${recordText(record, header)}`);
          first = false;
        }
        yield encoder.encode('\n]}\n');
      },
    },
  ],
  preview: recordText,
};
