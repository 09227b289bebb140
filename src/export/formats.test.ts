import { tableFromIPC } from 'apache-arrow';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import { describe, expect, it, vi } from 'vitest';
import type { ExportFormat, ExportRecord } from './format.ts';
import { exportFormats } from './registry.ts';
import { awkwardRecords, encoded } from './testing.ts';

function format(id: string): ExportFormat {
  const found = exportFormats.find(candidate => candidate.id === id);
  if (!found) throw new Error(id);
  return found;
}

async function text(id: string, records: readonly ExportRecord[] = awkwardRecords): Promise<string> {
  return new TextDecoder().decode(await encoded(format(id), records));
}

const lines = (written: string) =>
  written
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
const vectors = awkwardRecords.map(({ embedding }) => Array.from(embedding));
const float32 = (values: Iterable<number>) => Array.from(values, Math.fround);

describe('every format', () => {
  it.each(exportFormats.map(({ id }) => [id] as const))('%s is whole with no records at all', async id => {
    for (const { extension } of format(id).files) {
      await expect(encoded(format(id), [], { dimensions: 3 }, extension)).resolves.toBeInstanceOf(Uint8Array);
    }
  });

  it.each(exportFormats.map(({ id }) => [id] as const))('%s shows a record as text', id => {
    const [record] = awkwardRecords as [ExportRecord];
    const columns = new Set(['text', 'file', 'embedding', 'headings', 'lines', 'page', 'tokens'] as const);
    const header = { columns, collection: 'c', dimensions: 3, precision: 'float32' } as never;
    expect(format(id).preview(record, header)).toMatch(/quoted|0\.1/);
  });

  it('none compiles code from text, which the page forbids', async () => {
    const refuse = () => {
      throw new EvalError('Code from a string.');
    };
    vi.stubGlobal('Function', new Proxy(Function, { construct: refuse, apply: refuse }));
    try {
      for (const { files, ...rest } of exportFormats) {
        for (const { extension } of files) {
          await expect(encoded({ files, ...rest }, awkwardRecords, {}, extension)).resolves.toBeTruthy();
        }
      }
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('ids and endings can be told apart', () => {
    const ids = exportFormats.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { precisions, files } of exportFormats) {
      expect(precisions[0]).toBe('float32');
      expect(new Set(files.map(({ extension }) => extension)).size).toBe(files.length);
    }
  });
});

describe('CSV', () => {
  it('is read back with every text and number', async () => {
    const { data, errors } = Papa.parse<Record<string, string>>((await text('csv')).trimEnd(), {
      header: true,
    });
    expect(errors).toEqual([]);
    expect(data.map(row => row.file)).toEqual(['a/b.txt', 'c.md']);
    expect(data[0]?.text).toBe('a "quoted"\nline \u2028');
    expect(data.map(row => float32(JSON.parse(row.embedding ?? '')))).toEqual(vectors);
    expect(data.map(row => row.page)).toEqual(['3', '']);
    expect(data[0]?.headings).toBe('Tides › Spring “tides”');
  });

  it('has no cell that a spreadsheet would compute', async () => {
    const starts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "'=1"];
    const records = starts.map(start => ({
      ...(awkwardRecords[0] as ExportRecord),
      text: start,
      file: start,
    }));
    const { data } = Papa.parse<Record<string, string>>((await text('csv', records)).trimEnd(), {
      header: true,
    });
    expect(data.map(row => row.text)).toEqual(starts.map(start => `'${start}`));
    expect(data.map(row => row.file)).toEqual(starts.map(start => `'${start}`));
  });
});

describe('Parquet', () => {
  it('holds the same float32 bits, typed columns, and the recipe in its footer', async () => {
    const many = Array.from({ length: 4100 }, (_, index) => ({
      ...(awkwardRecords[index % 2] as ExportRecord),
      index,
      ordinal: index,
    }));
    const { buffer } = await encoded(format('parquet'), many);
    const rows = await parquetReadObjects({ file: buffer as ArrayBuffer });
    expect(rows).toHaveLength(4100);
    expect(rows.map(({ ordinal }) => ordinal)).toEqual(many.map(({ ordinal }) => ordinal));
    expect(rows.slice(2000, 2002).map(row => row.embedding)).toEqual(vectors);
    expect(rows[0]).toMatchObject({
      page: 3,
      headings: ['Tides', 'Spring “tides”'],
      text: awkwardRecords[0]?.text,
    });
    expect(rows[1]).toMatchObject({ headings: [], first_line: 12 });
    expect(rows[1]?.page ?? null).toBeNull();
    const { key_value_metadata } = parquetMetadata(buffer as ArrayBuffer);
    const recipe = key_value_metadata?.find(({ key }) => key === 'vecdrop:recipe')?.value;
    expect(JSON.parse(recipe ?? '')).toMatchObject({ chunkSize: 200 });
  });

  it('in 8 bits numbers come back within half a step', async () => {
    const { buffer } = await encoded(format('parquet'), awkwardRecords, { precision: 'int8' });
    for (const [i, row] of (await parquetReadObjects({ file: buffer as ArrayBuffer })).entries()) {
      const { embedding, scale } = row as { embedding: number[]; scale: number };
      for (const [j, value] of embedding.entries()) {
        expect(Math.abs(value * scale - (vectors[i]?.[j] ?? 0))).toBeLessThanOrEqual(scale * 0.5001);
      }
    }
  });
});

describe('Arrow', () => {
  it.each([
    ['float32', 0],
    ['float16', 0.001],
    ['int8', 0.005],
  ] as const)('%s vectors of fixed size, texts, lists and absent pages come back', async (precision, off) => {
    const table = tableFromIPC(await encoded(format('arrow'), awkwardRecords, { precision }));
    expect(table.numRows).toBe(2);
    expect(JSON.parse(table.schema.metadata.get('vecdrop:recipe') ?? '')).toMatchObject({ chunkSize: 200 });
    for (const [i, row] of table.toArray().entries()) {
      const scale = precision === 'int8' ? row.scale : 1;
      for (const [j, value] of [...(row.embedding as Iterable<number>)].entries()) {
        expect(Math.abs(value * scale - (vectors[i]?.[j] ?? 0))).toBeLessThanOrEqual(off);
      }
      expect(row.text).toBe(awkwardRecords[i]?.text);
      expect([...row.headings]).toEqual(awkwardRecords[i]?.headings);
      expect(row.page).toBe(awkwardRecords[i]?.page ?? null);
    }
  });
});

describe('NumPy', () => {
  it('a matrix with an aligned head, and a line for each row', async () => {
    const bytes = await encoded(format('numpy'), awkwardRecords);
    const length = new DataView(bytes.buffer).getUint16(8, true);
    expect((10 + length) % 64).toBe(0);
    expect(new TextDecoder().decode(bytes.subarray(10, 10 + length))).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/,
    );
    expect(Array.from(new Float32Array(bytes.slice(10 + length).buffer))).toEqual(vectors.flat());
    const rows = lines(new TextDecoder().decode(await encoded(format('numpy'), awkwardRecords, {}, 'jsonl')));
    expect(rows.map(({ text }) => text)).toEqual(awkwardRecords.map(record => record.text));
    expect(rows[0]).not.toHaveProperty('embedding');
  });
});

describe('what databases and frameworks take', () => {
  it('Qdrant: points with ids, vectors and flat payloads', async () => {
    const [{ points }] = lines(await text('qdrant'));
    expect(points.map((point: { id: string }) => point.id)).toEqual(awkwardRecords.map(({ id }) => id));
    expect(points.map((point: { vector: number[] }) => float32(point.vector))).toEqual(vectors);
    expect(points[0].payload).toMatchObject({
      text: awkwardRecords[0]?.text,
      file: 'a/b.txt',
      page: 3,
      first_line: 1,
    });
  });

  it('Chroma: as many of each list, metadata of scalars only', async () => {
    const [{ ids, embeddings, documents, metadatas }] = lines(await text('chroma'));
    expect([ids, embeddings, documents, metadatas].map(list => list.length)).toEqual([2, 2, 2, 2]);
    for (const value of Object.values(metadatas[0])) expect(['string', 'number']).toContain(typeof value);
  });

  it('Weaviate: objects of a class', async () => {
    const [{ objects }] = lines(await text('weaviate'));
    expect(objects[0]).toMatchObject({ class: 'Harbour_papers', properties: { file: 'a/b.txt' } });
  });

  it('Milvus, LangChain and LlamaIndex', async () => {
    const { rows } = JSON.parse(await text('milvus'));
    expect(rows.map(({ vector }: { vector: number[] }) => float32(vector))).toEqual(vectors);
    const store = JSON.parse(await text('langchain'));
    const [record] = awkwardRecords as [ExportRecord];
    expect(store[record.id]).toMatchObject({
      id: record.id,
      text: record.text,
      metadata: { source: 'a/b.txt' },
    });
    const [node] = lines(await text('llamaindex'));
    expect(node).toMatchObject({ id_: record.id, class_name: 'TextNode', text: record.text });
  });

  it('PostgreSQL: quotes doubled, one transaction, no character that it cannot hold', async () => {
    const records = [{ ...(awkwardRecords[1] as ExportRecord), text: "it's \0; DROP TABLE x; --" }];
    const sql = await text('pgvector', records);
    expect(sql).toContain("'it''s \uFFFD; DROP TABLE x; --'");
    expect(sql.indexOf('BEGIN;')).toBeLessThan(sql.indexOf('INSERT'));
    expect(sql).toContain('embedding vector(3) NOT NULL');
    expect(sql).toContain('COMMIT;');
  });

  it('Markdown: fences longer than any in the text', async () => {
    const records = [{ ...(awkwardRecords[0] as ExportRecord), text: 'a\n````\nb' }];
    expect(await text('markdown', records)).toContain('`````text\na\n````\nb\n`````');
  });
});
