import type { ExportFormat, ExportHeader, ExportRecord } from '../format.ts';
import { vectorText } from '../numbers.ts';
import { batches, utf8 } from '../pieces.ts';
import { identifier } from '../place.ts';

/** Rows of one INSERT: the statement stays under a megabyte. */
const ROWS = 100;

/** A text as a literal; PostgreSQL has no character 0. */
function literal(text: string): string {
  return `'${text.replaceAll('\0', '\uFFFD').replaceAll("'", "''")}'`;
}

function row({
  id,
  file,
  ordinal,
  text,
  start,
  end,
  tokens,
  page,
  headings,
  lines,
  embedding,
}: ExportRecord) {
  const values = [
    literal(id),
    literal(file),
    ordinal,
    literal(text),
    start,
    end,
    tokens,
    page ?? 'NULL',
    headings.length > 0 ? `ARRAY[${headings.map(literal).join(', ')}]` : "'{}'",
    lines.first,
    lines.last,
    `'${vectorText(embedding)}'`,
  ];
  return `(${values.join(', ')})`;
}

const COLUMNS =
  'id, file, ordinal, text, start_offset, end_offset, tokens, page, headings, first_line, last_line, embedding';

function opening({ collection, model, dimensions, precision }: ExportHeader): string {
  const type = precision === 'float16' ? 'halfvec' : 'vector';
  return `-- ${comment(collection)}: chunks and vectors (${comment(model)}, ${dimensions} dimensions).
-- psql --set ON_ERROR_STOP=1 --file this.sql: all of it or nothing. Running it again updates the same rows.
BEGIN;
SET LOCAL standard_conforming_strings = on;
CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE IF NOT EXISTS ${identifier(collection)} (
  id uuid PRIMARY KEY,
  file text NOT NULL,
  ordinal integer NOT NULL,
  text text NOT NULL,
  start_offset integer NOT NULL,
  end_offset integer NOT NULL,
  tokens integer NOT NULL,
  page integer,
  headings text[] NOT NULL,
  first_line integer NOT NULL,
  last_line integer NOT NULL,
  embedding ${type}(${dimensions}) NOT NULL
);
`;
}

function comment(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function closing({ collection, precision }: ExportHeader): string {
  const operators = precision === 'float16' ? 'halfvec_cosine_ops' : 'vector_cosine_ops';
  return `COMMIT;
-- For quick searches in many rows, up to 2,000 dimensions (halfvec: 4,000):
-- CREATE INDEX ON ${identifier(collection)} USING hnsw (embedding ${operators});
`;
}

/** Statements for PostgreSQL with pgvector (vector, or halfvec at float16), in one transaction, without COPY. */
export const pgvector: ExportFormat = {
  id: 'pgvector',
  name: 'PostgreSQL, pgvector',
  readBy: 'psql, and whatever runs SQL',
  mediaType: 'application/sql',
  precisions: ['float32', 'float16'],
  optional: [],
  files: [
    {
      extension: 'sql',
      encode(header, records) {
        async function* statements() {
          yield opening(header);
          const set = COLUMNS.split(', ')
            .slice(1)
            .map(name => `${name} = EXCLUDED.${name}`);
          for await (const batch of batches(records(), ROWS)) {
            yield `INSERT INTO ${identifier(header.collection)} (${COLUMNS}) VALUES\n`;
            yield batch.map(row).join(',\n');
            yield `\nON CONFLICT (id) DO UPDATE SET ${set.join(', ')};\n`;
          }
          yield closing(header);
        }
        return utf8(statements());
      },
    },
  ],
  preview: row,
};
