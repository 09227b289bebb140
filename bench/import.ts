import { parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import type { ExportRecord } from '../src/export/format.ts';
import { exportFormats } from '../src/export/registry.ts';
import { encoded } from '../src/export/testing.ts';
import { readFiles } from '../src/import/documents.ts';
import { guessMapping } from '../src/import/mapping.ts';
import { openTable } from '../src/import/registry.ts';
import type { Measure } from './report.ts';

const ROWS = 10_000;
const DIMENSIONS = 384;
const FILES = 100;

/** What else reads such a file, whole: the rows that it finds. */
const PEERS: Record<string, { name: string; rows(file: File): Promise<number> }> = {
  json: {
    name: 'JSON.parse of the whole',
    rows: async file => JSON.parse(await file.text()).data.length,
  },
  csv: {
    name: 'Papa Parse of the whole, vectors by JSON.parse',
    rows: async file => {
      const { data } = Papa.parse<{ embedding: string }>(await file.text(), {
        header: true,
        skipEmptyLines: true,
      });
      return data.map(({ embedding }) => Float32Array.from(JSON.parse(embedding))).length;
    },
  },
  parquet: {
    name: 'hyparquet’s rows',
    rows: async file => (await parquetReadObjects({ file: await file.arrayBuffer() })).length,
  },
};

/** How fast tables come in, checked and laid out as files, by Node on one thread: beside what reads such files whole. */
export async function importing(): Promise<Measure[]> {
  const records = Array.from({ length: ROWS }, (_, i) => recordOf(i));
  const measures: Measure[] = [];
  for (const id of ['json', 'jsonl', 'csv', 'parquet', 'numpy']) {
    const format = exportFormats.find(candidate => candidate.id === id);
    if (!format) throw new Error(`There is no export as ${id}.`);
    const files = await Promise.all(
      format.files.map(async ({ extension }) => {
        const bytes = await encoded(format, records, {}, extension);
        return new File([bytes as Uint8Array<ArrayBuffer>], `table.${extension}`);
      }),
    );
    const seconds = await timed(() => rowsOf(files));
    const peer = PEERS[id];
    const others = peer && (await timed(() => peer.rows(files[0] as File)));
    const megabytes = files.reduce((sum, { size }) => sum + size, 0) / 1e6;
    measures.push({
      name: `import: ${format.name}`,
      value: megabytes / seconds,
      unit: 'MB/s',
      note: [
        `${(ROWS / seconds / 1000).toFixed(1)} thousand rows of ${DIMENSIONS} numbers a second`,
        ...(peer && others ? [`${(others / seconds).toFixed(1)} × as fast as ${peer.name}`] : []),
      ].join('; '),
    });
  }
  return measures;
}

function recordOf(i: number): ExportRecord {
  const ordinal = i % (ROWS / FILES);
  const text = `Passage ${i}: ${'the tide went out and the boats lay on the sand. '.repeat(12)}`;
  return {
    id: `record-${i}`,
    index: i,
    embedding: Float32Array.from({ length: DIMENSIONS }, (_, j) => Math.sin(i * 384 + j) / 14),
    text,
    file: `book-${Math.floor(i / (ROWS / FILES))}.txt`,
    ordinal,
    start: ordinal * (text.length + 2),
    end: ordinal * (text.length + 2) + text.length,
    tokens: 150,
    headings: [],
    lines: { first: 1 + ordinal * 2, last: 1 + ordinal * 2 },
  };
}

async function rowsOf(files: readonly File[]): Promise<number> {
  const { signal } = new AbortController();
  const table = await openTable(files, signal);
  let rows = 0;
  const options = { defaultPath: 'table', signal };
  for await (const { chunks } of readFiles(table, guessMapping(table.columns), options))
    rows += chunks.length;
  return rows;
}

/** The best of three, in seconds. */
async function timed(read: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const began = performance.now();
    const rows = await read();
    if (rows !== ROWS) throw new Error(`${rows} rows came back of ${ROWS}.`);
    best = Math.min(best, (performance.now() - began) / 1000);
  }
  return best;
}
