import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXPORT_COLUMNS } from '../src/domain/export.ts';
import type { Recipe } from '../src/domain/recipe.ts';
import type { ExportHeader, ExportRecord } from '../src/export/format.ts';
import { checkFit } from '../src/export/upsert/fit.ts';
import { findLeftOver, removePoints } from '../src/export/upsert/left-over.ts';
import { databases } from '../src/export/upsert/registry.ts';
import { sendRecords } from '../src/export/upsert/send.ts';

/**
 * Sends a JSON export into a database by the page's own code, for scripts/check-upsert.py:
 *   tsx scripts/upsert-records.ts --into chroma --address http://localhost:8000 --collection papers v.json
 * Prints the counts after every batch, one JSON object a line.
 */

/** Whose points they are: the collection's id, which an export does not tell. */
const OWNER_ID = 'check-upsert';

type ExportedRecord = Omit<ExportRecord, 'embedding' | 'lines' | 'ordinal'> & {
  embedding: number[];
  lines: [number, number];
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    into: { type: 'string', default: 'chroma' },
    address: { type: 'string', default: 'http://localhost:8000' },
    collection: { type: 'string', default: 'papers' },
    /** Records of one request. */
    batch: { type: 'string', default: '500' },
    /** Only so many, as if the others were gone; what is left over of those is removed. */
    first: { type: 'string' },
  },
});
const database = databases.find(({ id }) => id === values.into);
if (!database) throw new Error(`No database ${values.into}.`);
const { data: all, model } = JSON.parse(readFileSync(positionals[0] ?? 'v.json', 'utf8')) as {
  data: ExportedRecord[];
  model: string;
};

const data = values.first === undefined ? all : all.slice(0, Number(values.first));
/** Chunks so far by file. */
const chunks = new Map<string, number>();
async function* records(): AsyncGenerator<ExportRecord> {
  for (const {
    embedding,
    lines: [first, last],
    ...record
  } of data) {
    const ordinal = chunks.get(record.file) ?? 0;
    chunks.set(record.file, ordinal + 1);
    yield { ...record, ordinal, embedding: Float32Array.from(embedding), lines: { first, last } };
  }
}

const dimensions = data[0]?.embedding.length ?? 0;
const recipe = { modelId: model, normalize: true, dimensions, versions: {} } as Recipe;
const header: ExportHeader = {
  collection: values.collection,
  model,
  dimensions,
  recipe,
  records: data.length,
  precision: 'float32',
  columns: new Set(EXPORT_COLUMNS),
};
const signal = new AbortController().signal;
const client = database.open({
  address: values.address,
  fetch: (url, init) => fetch(url, init),
  origin: 'http://localhost',
});
await client.check(signal);
const there = await client.look(values.collection, signal);
if (there) checkFit(values.collection, there, header);
await client.prepare(values.collection, there ? undefined : { dimensions }, signal);
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
const most = Math.min(Number(values.batch), await client.most(signal));
const started = performance.now();
const counts = await sendRecords({
  client: { ...client, most: async () => most },
  collection: values.collection,
  header,
  records: records(),
  owner: OWNER_ID,
  empty: there === undefined,
  signal,
  progress: say,
});
const seconds = (performance.now() - started) / 1000;
const known = (path: string) => chunks.get(path) ?? 0;
const leftOver = await findLeftOver(client, values.collection, OWNER_ID, known, signal);
if (values.first !== undefined) await removePoints(client, values.collection, leftOver, signal);
say({ ...counts, leftOver: leftOver.length, seconds });
