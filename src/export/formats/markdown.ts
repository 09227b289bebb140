import type { ExportFormat, ExportHeader, ExportRecord } from '../format.ts';
import { utf8 } from '../pieces.ts';
import { joinHeadings } from '../place.ts';

function title({ collection, model, dimensions, recipe, records }: ExportHeader): string {
  const facts = [
    `- Model: ${model}, ${dimensions} dimensions`,
    `- Strategy: ${recipe.strategy}, ${recipe.chunkSize} tokens, ${recipe.overlap} overlap`,
    `- Chunks: ${records}`,
  ];
  return `# ${collection}\n\n${facts.join('\n')}\n`;
}

function place({ ordinal, page, headings, lines, tokens }: ExportRecord): string {
  const line = lines.first === lines.last ? `line ${lines.first}` : `lines ${lines.first}–${lines.last}`;
  return [
    `Chunk ${ordinal + 1}`,
    ...(page === undefined ? [] : [`page ${page}`]),
    ...(headings.length > 0 ? [joinHeadings(headings)] : []),
    line,
    `${tokens} tokens`,
  ].join(' · ');
}

/** The chunk as a code block, fenced by more backticks than its text has in a row. */
function section(record: ExportRecord): string {
  const longest = Math.max(2, ...[...record.text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `\n**${place(record)}**\n\n${fence}text\n${record.text}\n${fence}\n`;
}

/** The texts of all chunks with their places, for reading; no vectors. */
export const markdown: ExportFormat = {
  id: 'markdown',
  name: 'Markdown report',
  readBy: 'people',
  mediaType: 'text/markdown',
  precisions: ['float32'],
  optional: [],
  files: [
    {
      extension: 'md',
      encode(header, records) {
        async function* parts() {
          yield title(header);
          let file: string | undefined;
          for await (const record of records()) {
            if (record.file !== file) yield `\n## ${record.file}\n`;
            file = record.file;
            yield section(record);
          }
        }
        return utf8(parts());
      },
    },
  ],
  preview: section,
};
