import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { guessMapping, mappingProblem } from './mapping.ts';
import { openTable } from './registry.ts';
import { fixture, imported } from './testing.ts';

const ROWS = 12;
const DIMENSIONS = 8;
const { signal } = new AbortController();

const text = (row: number) => `Passage ${row}, "quoted",\nof the harbour’s book.`;

/** As the script that made them has it. */
function vectorsFrom(row: number, count: number): Float32Array {
  return Float32Array.from({ length: count * DIMENSIONS }, (_, at) => {
    const [i, j] = [row + Math.floor(at / DIMENSIONS), at % DIMENSIONS];
    return (((31 * i + 17 * j) % 97) - 48) / 97;
  });
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');

describe('tables of other programs, to the bit', () => {
  it.each([
    ['pandas.to_parquet', 'pandas-snappy.parquet'],
    ['pyarrow, zstd, lists of one length, float64', 'pyarrow-zstd-float64.parquet'],
    ['pyarrow, gzip, small pages and row groups', 'pyarrow-pages.parquet'],
    ['DuckDB', 'duckdb.parquet'],
    ['numpy.save of float32', 'float32.npy'],
    ['numpy.save of float64', 'float64.npy'],
    ['pandas.to_csv', 'pandas.csv'],
    ['pandas.to_csv with tabs and its index', 'pandas-index.tsv'],
    ['pandas.to_csv with a column a number, semicolons, a byte order mark and CRLF', 'pandas-wide.csv'],
    ['LangChain’s documents', 'langchain.jsonl'],
  ])('%s', async (_, name) => {
    const files = [fixture(name)];
    if (name.endsWith('.npy')) files.unshift(fixture('float32.jsonl'));
    const read = await imported(...files);
    expect(read.map(({ path }) => path)).toEqual(['book-0.txt', 'book-1.txt']);
    for (const [i, file] of read.entries()) {
      const rows = Array.from({ length: ROWS / 2 }, (_, row) => (i * ROWS) / 2 + row);
      expect(file.chunks.map(({ start, end }) => file.text.slice(start, end))).toEqual(rows.map(text));
      expect(bytesOf(file.vectors(0, ROWS))).toBe(bytesOf(vectorsFrom((i * ROWS) / 2, ROWS / 2)));
    }
  });

  it('numpy.save of float16, within what 16 bits hold', async () => {
    const [file] = await imported(fixture('float16.npy'), fixture('float32.jsonl'));
    const exact = vectorsFrom(0, ROWS / 2);
    expect(
      file?.vectors(0, ROWS).every((value, i) => Math.abs(value - (exact[i] as number)) < 2 ** -12),
    ).toBe(true);
  });

  it('a matrix and its lines in a zip', async () => {
    const names = ['float32.npy', 'float32.jsonl'];
    const entries = await Promise.all(
      names.map(async name => [`out/${name}`, new Uint8Array(await fixture(name).arrayBuffer())] as const),
    );
    const junk = { '__MACOSX/out/._float32.npy': new Uint8Array(9) };
    const zip = zipSync({ ...Object.fromEntries(entries), ...junk }, { level: 6 });
    for (const name of ['harbour.zip', 'no ending']) {
      const read = await imported(new File([zip as Uint8Array<ArrayBuffer>], name));
      expect(read.map(({ vectors }) => bytesOf(vectors(0, ROWS)))).toEqual([
        bytesOf(vectorsFrom(0, ROWS / 2)),
        bytesOf(vectorsFrom(ROWS / 2, ROWS / 2)),
      ]);
    }
  });

  it('OpenAI’s answer has vectors in base64, and says that there are no texts', async () => {
    const { columns, origin } = await openTable([fixture('openai.json')], signal);
    const mapping = guessMapping(columns);
    expect(columns.find(({ name }) => name === mapping.embedding)?.dimensions).toBe(DIMENSIONS);
    expect(origin).toEqual({ model: 'text-embedding-3-small' });
    expect(mappingProblem(mapping, columns)?.message).toMatch(/^No column .* holds texts/);
  });
});

it('of a vector that is null, and one with a null in it, the other rows are read', async () => {
  const { read } = await openTable([fixture('pyarrow-nulls.parquet')], signal);
  const vectors: unknown[] = [];
  for await (const row of read(['vector'], signal)) vectors.push(row.get('vector'));
  const holed = vectorsFrom(2, 1);
  holed.set([1, Number.NaN]);
  expect(vectors).toEqual([vectorsFrom(0, 1), undefined, holed]);
  await expect(imported(fixture('pyarrow-nulls.parquet'))).rejects.toThrow(/Row 2 has no vector/);
});

describe('a matrix that cannot be read', () => {
  it.each([
    ['fortran.npy', /column by column/],
    ['one-dimension.npy', /one dimension/],
  ])('%s says what to save', async (name, sentence) => {
    const opened = openTable([fixture(name)], signal);
    await expect(opened).rejects.toMatchObject({ code: 'import/unsupported', message: sentence });
  });

  it('without its lines has no texts', async () => {
    const { columns } = await openTable([fixture('float32.npy')], signal);
    expect(columns.map(({ name, kind }) => [name, kind])).toEqual([['embedding', 'vector']]);
    expect(mappingProblem(guessMapping(columns), columns)?.message).toMatch(/no column.*texts/i);
  });

  it.each([
    ['fewer', (lines: string) => lines.slice(lines.indexOf('\n') + 1), /11 lines/],
    ['more', (lines: string) => `${lines}{"text":"one more"}\n`, /more lines/],
  ])('with %s lines than rows', async (_, change, sentence) => {
    const lines = new File([change(await fixture('float32.jsonl').text())], 'a.jsonl');
    const read = imported(fixture('float32.npy'), lines);
    await expect(read).rejects.toMatchObject({ code: 'import/mismatch', message: sentence });
  });
});
