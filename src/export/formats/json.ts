import type { ExportFormat } from '../format.ts';
import { recordText } from '../records.ts';

/** One object, as OpenAI's embeddings endpoint answers it, so that whatever reads that reads this. */
export const json: ExportFormat = {
  id: 'json',
  name: 'JSON',
  extension: 'json',
  mediaType: 'application/json',
  async *encode({ model, dimensions, recipe }, records) {
    const encoder = new TextEncoder();
    const head = JSON.stringify({ object: 'list', model, dimensions, recipe }).slice(0, -1);
    yield encoder.encode(`${head},"data":[`);
    let first = true;
    for await (const record of records) {
      yield encoder.encode(`${first ? '' : ','}\n${recordText(record)}`);
      first = false;
    }
    yield encoder.encode('\n]}\n');
  },
  preview: recordText,
};
