import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ModelInfo } from '../domain/model.ts';
import { guessMapping } from '../import/mapping.ts';
import { openTable } from '../import/registry.ts';
import { portOf, signalOf } from '../rpc/abort-port.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import type { CollectionRecord } from '../store/schema.ts';
import type { ImportProgress } from './imports-api.ts';
import { defaultRecipe } from './models.ts';
import { importTable } from './table-import.ts';

const NAME = 'vecdrop-table-import-test';
const ROWS = 5000;

let db: Database;
beforeEach(async () => {
  await deleteDatabase(NAME);
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
});
afterEach(() => db.close());

const collection: CollectionRecord = {
  id: 'c',
  name: 'Imported',
  recipe: defaultRecipe({
    id: 'm',
    name: 'Any',
    dimensions: 4,
    contextLength: 64,
    pooling: 'mean',
  } as ModelInfo),
  createdAt: 0,
};

/** A table of five thousand short texts, all of one file or none. */
async function importRows(
  record: object,
  countTokens: () => number,
  signal: AbortSignal,
  progress: (progress: ImportProgress) => void = () => {},
) {
  const line = `${JSON.stringify({ text: 'the tide is high', embedding: [0.5, 0.5, 0.5, 0.5], ...record })}\n`;
  const table = await openTable([new File([line.repeat(ROWS)], 'rows.jsonl')], signal);
  const mapping = guessMapping(table.columns);
  const options = { db, table, mapping, defaultPath: 'rows', collection, created: true, countTokens };
  return importTable(options, signal, progress);
}

/** Records of every store but for what is counted in `meta`. */
async function stored(): Promise<number[]> {
  const stores = ['collections', 'files', 'documents', 'chunks', 'vectors'] as const;
  return db.read([...stores], tx => Promise.all(stores.map(store => tx.objectStore(store).count())));
}

it('a cancel is heard while the rows of one long file are counted, and leaves nothing', async () => {
  const page = new AbortController();
  const { signal } = signalOf(portOf(page.signal).port);
  let counted = 0;
  const counting = () => {
    counted += 1;
    if (counted === 100) page.abort();
    for (const until = performance.now() + 0.1; performance.now() < until; );
    return 1;
  };
  await expect(importRows({ source: 'long.txt' }, counting, signal)).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(counted).toBeLessThan(ROWS);
  await expect.poll(stored).toEqual([0, 0, 0, 0, 0]);
});

it('progress goes up to the end, and knows how many rows there are once it has gone through them', async () => {
  const told: ImportProgress[] = [];
  const counting = () => {
    for (const until = performance.now() + 0.1; performance.now() < until; );
    return 1;
  };
  const report = await importRows({ source: 'long.txt' }, counting, new AbortController().signal, said =>
    told.push(said),
  );
  expect(report.chunks).toBe(ROWS);
  for (const [i, { share }] of told.entries()) expect(share).toBeGreaterThanOrEqual(told[i - 1]?.share ?? 0);
  expect(told.at(-1)?.share).toBeLessThanOrEqual(1);
  expect(told.at(-1)?.total).toBe(ROWS);
});
