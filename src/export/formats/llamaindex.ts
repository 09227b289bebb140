import type { ExportFormat, ExportHeader, ExportRecord } from '../format.ts';
import { vectorText } from '../numbers.ts';
import { eachLine } from '../pieces.ts';
import { flatPlace } from '../place.ts';

function node(record: ExportRecord, header: ExportHeader): string {
  const { id, text, start, end } = record;
  const metadata = { file_name: record.file, ...flatPlace(record, header) };
  const rest = JSON.stringify({
    metadata,
    text,
    start_char_idx: start,
    end_char_idx: end,
    class_name: 'TextNode',
  });
  return `{"id_":"${id}","embedding":${vectorText(record.embedding)},${rest.slice(1)}`;
}

/** LlamaIndex's text nodes with their vectors, one a line; an index made of them embeds nothing again. */
export const llamaindex: ExportFormat = {
  id: 'llamaindex',
  name: 'LlamaIndex',
  readBy: 'TextNode.from_dict(json.loads(line)), line by line',
  mediaType: 'application/jsonl',
  precisions: ['float32', 'float16'],
  optional: ['tokens', 'page', 'headings', 'lines'],
  files: [
    {
      extension: 'jsonl',
      encode: (header, records) => eachLine(records(), record => node(record, header)),
    },
  ],
  preview: node,
};
