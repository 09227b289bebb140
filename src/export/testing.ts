import { ARCHIVE_VERSION } from '../domain/archive.ts';
import { EXPORT_COLUMNS, type VectorPrecision } from '../domain/export.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { ExportFormat, ExportHeader, ExportParts, ExportRecord } from './format.ts';
import { roundVector } from './precision.ts';

/** Two records with what formats stumble over: quotes, line ends, signs of formulas, letters outside the BMP, −0. */
export const awkwardRecords: readonly ExportRecord[] = [
  {
    id: '01234567-89ab-8def-8123-456789abcdef',
    index: 0,
    embedding: Float32Array.of(0.1, -0, 1e-30),
    text: 'a "quoted"\nline \u2028',
    file: 'a/b.txt',
    ordinal: 0,
    start: 0,
    end: 9,
    tokens: 7,
    page: 3,
    headings: ['Tides', 'Spring “tides”'],
    lines: { first: 1, last: 2 },
  },
  {
    id: '11234567-89ab-8def-8123-456789abcdef',
    index: 1,
    embedding: Float32Array.of(1 / 3, 2 / 3, -1),
    text: "=𝄞, it's; back\\slash",
    file: 'c.md',
    ordinal: 1,
    start: 4,
    end: 6,
    tokens: 3,
    headings: [],
    lines: { first: 12, last: 12 },
  },
];

/** The head of an export of such records. */
export function headerOf(
  records: readonly ExportRecord[],
  changes: Partial<ExportHeader> = {},
): ExportHeader {
  return {
    collection: 'Harbour papers',
    model: 'MiniLM',
    dimensions: records[0]?.embedding.length ?? 0,
    recipe: { modelId: 'm', strategy: 'whole', chunkSize: 200 } as Recipe,
    records: records.length,
    precision: 'float32',
    columns: new Set(EXPORT_COLUMNS),
    ...changes,
  };
}

/** An app and a collection of which there is only what a format puts its content into. */
export const bareApp: ExportParts = {
  async *file() {
    yield new TextEncoder().encode('<title></title><script type="application/json" id="about"></script>');
  },
  async archive() {
    const { recipe, collection: name, model, dimensions } = headerOf([]);
    const counts = { files: 0, generations: 0, documents: 0, chunks: 0, vectors: 0, originals: 0 };
    return {
      manifest: {
        format: 'vecdrop-archive',
        version: ARCHIVE_VERSION,
        madeBy: '0',
        madeAt: 0,
        collection: { id: 'c', name, createdAt: 0, recipe },
        model: { id: recipe.modelId, name: model, dimensions },
        counts: { ...counts, originalBytes: 0 },
      },
      files: nothing,
      generations: nothing,
      documents: nothing,
      chunks: nothing,
      vectors: nothing,
      originals: nothing,
    };
  },
};

async function* nothing(): AsyncGenerator<never> {}

/** The bytes of the file with this extension that a format makes of records. */
export async function encoded(
  format: ExportFormat,
  records: readonly ExportRecord[],
  changes: Partial<ExportHeader> = {},
  extension = format.files[0].extension,
  app: ExportParts = bareApp,
): Promise<Uint8Array> {
  const file = format.files.find(candidate => candidate.extension === extension);
  if (!file) throw new Error(`${format.id} has no .${extension}`);
  const precision: VectorPrecision = changes.precision ?? 'float32';
  const rounded = records.map(record => ({ ...record, ...roundVector(record.embedding, precision) }));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  async function* each() {
    yield* rounded;
  }
  for await (const piece of file.encode(headerOf(records, changes), each, app)) pieces.push(piece.slice());
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
