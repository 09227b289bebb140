import type { ExportFormat, ExportHeader, ExportRecord } from '../format.ts';
import { vectorText } from '../numbers.ts';
import { enclosed } from '../pieces.ts';
import { flatPlace } from '../place.ts';

function entry(record: ExportRecord, header: ExportHeader): string {
  const { id, text } = record;
  const metadata = JSON.stringify({ source: record.file, ...flatPlace(record, header) });
  return `"${id}":{"id":"${id}","vector":${vectorText(record.embedding)},"text":${JSON.stringify(text)},"metadata":${metadata}}`;
}

/** What LangChain's InMemoryVectorStore dumps and loads: an object of documents with their vectors, by id. */
export const langchain: ExportFormat = {
  id: 'langchain',
  name: 'LangChain',
  readBy: 'InMemoryVectorStore.load(path, embeddings)',
  mediaType: 'application/json',
  precisions: ['float32', 'float16'],
  optional: ['start', 'end', 'tokens', 'page', 'headings', 'lines'],
  files: [
    {
      extension: 'json',
      encode: (header, records) => enclosed('{', records(), record => entry(record, header), '}'),
    },
  ],
  preview: entry,
};
