import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ModelInfo } from '../domain/model.ts';
import { portOf } from '../rpc/abort-port.ts';
import { getCollection } from '../store/collections.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import { getFile } from '../store/files.ts';
import { readVector } from '../store/vectors.ts';
import { importMethods } from './import-methods.ts';
import type { ImportsApi } from './imports-api.ts';
import type { Models } from './models.ts';

const NAME = 'vecdrop-import-methods-test';
const info = {
  id: 'm',
  name: 'Nested',
  dimensions: 4,
  matryoshka: [4, 2],
  contextLength: 64,
  pooling: 'mean',
} as ModelInfo;
const models: Models = {
  list: async () => [info],
  info: async () => info,
  open: async () => ({ info, tokenizer: { kind: 'estimate' }, gguf: [] }),
  add: async () => info,
};
const unasked = () => Promise.reject(new Error('Nothing is embedded.'));

let db: Database;
let methods: ImportsApi;
beforeEach(async () => {
  await deleteDatabase(NAME);
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  methods = importMethods({ db, models, embedder: { embed: unasked, role: () => {}, close: () => {} } });
});
afterEach(() => db.close());

const port = () => portOf(new AbortController().signal).port;

it('of two columns of vectors the chosen one comes in, whichever looks likelier', async () => {
  const rows = [
    { text: 'the tide is high', embedding: [0.5, 0.5, 0.5, 0.5], short: [0.6, 0.8] },
    { text: 'the gate is shut', embedding: [1, 0, 0, 0], short: [1, 0] },
  ];
  const file = new File([rows.map(row => `${JSON.stringify(row)}\n`).join('')], 'two.jsonl');
  const target = { name: 'Short ones', modelId: 'm' };
  for (const column of ['embedding', 'short'] as const) {
    const mapping = { text: 'text', embedding: column };
    const check = await methods.checkTable([file], mapping, target, port());
    expect(check).toMatchObject({ dimensions: rows[0]?.[column].length, models: ['m'] });
    expect(check.problem).toBeUndefined();
    const report = await methods.importTable([file], mapping, target, port(), () => {});
    const { recipe } = await getCollection(db, report.collectionId);
    expect(recipe.dimensions).toBe(rows[0]?.[column].length);
    const { current } = (await getFile(db, report.fileIds[0] as string)) ?? {};
    for (const [ordinal, row] of rows.entries()) {
      const vector = await readVector(db, current?.id ?? '', ordinal);
      expect(vector).toEqual(Float32Array.from(row[column]));
    }
  }
});
