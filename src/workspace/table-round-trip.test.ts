import { describe, expect, it } from 'vitest';
import type { VectorPrecision } from '../domain/export.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { ExportRecord } from '../export/format.ts';
import { roundVector } from '../export/precision.ts';
import { exportFormats } from '../export/registry.ts';
import { awkwardRecords, encoded } from '../export/testing.ts';
import { type ImportedFile, readFiles } from '../import/documents.ts';
import { guessMapping } from '../import/mapping.ts';
import { openTable } from '../import/registry.ts';

const never = new AbortController().signal;

const recipe: Recipe = {
  modelId: 'a'.repeat(64),
  strategy: 'recursive',
  chunkSize: 200,
  overlap: 20,
  breakPercentile: 80,
  embedHeadings: true,
  documentPrefix: '',
  queryPrefix: 'query: ',
  pooling: 'mean',
  normalize: true,
  dimensions: 12,
  versions: { parser: 1, chunker: 3, tokenizer: 1 },
};

const DIMENSIONS = 12;
const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** Numbers with all kinds of bits: −0, subnormal, large. */
function numbers(seed: number): Float32Array {
  return Float32Array.from({ length: DIMENSIONS }, (_, i) => {
    bits[0] = Math.imul(seed * DIMENSIONS + i + 1, 2654435761) >>> 0;
    const value = float[0] as number;
    if (i === 0 && seed % 5 === 0) return -0;
    return Number.isFinite(value) && Math.abs(value) < 1e30 ? value : i / 7;
  });
}

/** A text in chunks that overlap, leave blanks out and, in one file of two, stand on pages. */
function recordsOf(file: string, text: string, seed: number): ExportRecord[] {
  const records: ExportRecord[] = [];
  for (let start = 0; start < text.length; start += 37) {
    while (/\s/.test(text[start] ?? '')) start += 1;
    let end = Math.min(text.length, start + 44);
    while (/\s/.test(text[end - 1] ?? '')) end -= 1;
    const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
    const ordinal = records.length;
    records.push({
      id: `${seed}-${ordinal}`,
      index: 0,
      embedding: numbers(seed * 100 + ordinal),
      text: text.slice(start, end),
      file,
      ordinal,
      start,
      end,
      tokens: 5 + ordinal,
      headings: ordinal % 2 === 0 ? ['Harbour', 'Tides “spring”'] : [],
      lines: { first: lineAt(start), last: lineAt(end - 1) },
      ...(seed % 2 === 1 ? { page: 1 + Math.floor(ordinal / 2) } : {}),
    });
  }
  return records;
}

const LETTER =
  'Dear harbour master,\n\nthe tide of the third was – as "announced", =higher than\n@all before; 𝄞 we sang.\n\n\n' +
  "+Four boats broke loose. 'Never again', said one.\n\t-The other went home, and the lamps were lit at nine o'clock sharp.";
const BOOK = Array.from(
  { length: 12 },
  (_, i) => `Line ${i} of a book that ebbs ${'and flows '.repeat(i % 4)}`,
).join('\n');

const records: ExportRecord[] = [
  ...recordsOf('letters/=first.txt', LETTER, 2),
  ...recordsOf('letters/b “two”.txt', `${LETTER}\n${BOOK}`, 4),
  ...recordsOf('book.pdf', BOOK, 1),
].map((record, index) => ({ ...record, index }));

async function exportedFiles(id: string, precision: VectorPrecision, of = records): Promise<File[]> {
  const format = exportFormats.find(candidate => candidate.id === id);
  if (!format) throw new Error(id);
  return Promise.all(
    format.files.map(async ({ extension }) => {
      const bytes = await encoded(format, of, { precision, recipe, dimensions: DIMENSIONS }, extension);
      return new File([bytes as Uint8Array<ArrayBuffer>], `harbour.${extension}`);
    }),
  );
}

async function readBack(files: File[]): Promise<ImportedFile[]> {
  const table = await openTable(files, never);
  const read: ImportedFile[] = [];
  const options = { defaultPath: 'harbour.json', signal: never };
  for await (const file of readFiles(table, guessMapping(table.columns), options)) read.push(file);
  return read;
}

const bytesOf = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);

/** Every record of ours is in what was read, to the bit. */
function expectAll(read: ImportedFile[], precision: VectorPrecision, separator?: string) {
  expect(read.map(({ path }) => path)).toEqual([...new Set(records.map(({ file }) => file))]);
  for (const { path, text, chunks, vectors } of read) {
    const of = records.filter(({ file }) => file === path);
    expect(chunks.map(({ start, end }) => text.slice(start, end))).toEqual(of.map(record => record.text));
    for (const field of ['start', 'end', 'tokens', 'page'] as const) {
      expect(chunks.map(chunk => chunk[field])).toEqual(of.map(record => record[field]));
    }
    expect(chunks.map(({ headings }) => headings)).toEqual(
      of.map(({ headings }) =>
        separator ? headings.join(separator).split(separator).filter(Boolean) : headings,
      ),
    );
    const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
    expect(chunks.map(({ start, end }) => ({ first: lineAt(start), last: lineAt(end - 1) }))).toEqual(
      of.map(({ lines }) => lines),
    );
    const expected = of.map(({ embedding }) => bytesOf(roundVector(embedding, precision).embedding));
    expect(bytesOf(vectors(0, chunks.length)).equals(Buffer.concat(expected))).toBe(true);
  }
}

describe('what we export comes back: texts, places and vectors to the bit', () => {
  it.each([
    ['json', 'float32'],
    ['json', 'float16'],
    ['json', 'int8'],
    ['jsonl', 'float32'],
    ['jsonl', 'int8'],
    ['parquet', 'float32'],
    ['parquet', 'int8'],
    ['numpy', 'float32'],
    ['numpy', 'float16'],
    ['numpy', 'int8'],
    ['csv', 'float32'],
    ['csv', 'float16'],
  ] as const)('%s, %s', async (id, precision) => {
    // A cell holds no list, so headings are one text with a sign between them.
    const joint = id === 'csv' ? ' › ' : undefined;
    expectAll(await readBack(await exportedFiles(id, precision)), precision, joint);
  });

  it.each(['json', 'parquet'] as const)('%s says which model and recipe it was made with', async id => {
    const { origin } = await openTable(await exportedFiles(id, 'float32'), never);
    expect(origin).toMatchObject({ model: 'MiniLM', recipe });
  });

  it('records that do not fit a text come one after the other, awkward ones too', async () => {
    const read = await readBack(await exportedFiles('json', 'float32', [...awkwardRecords]));
    expect(read.map(({ path, text }) => [path, text])).toEqual(
      awkwardRecords.map(record => [record.file, record.text]),
    );
    expect(read[0]?.chunks).toEqual([
      { start: 0, end: 17, tokens: 7, page: 3, headings: ['Tides', 'Spring “tides”'] },
    ]);
  });
});
