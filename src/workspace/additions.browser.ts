import { afterEach, expect, test, vi } from 'vitest';
import { VecdropError } from '../domain/errors.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import { changedFiles, readBlob } from '../store/files.ts';
import { addFiles } from './additions.ts';

const NAME = 'additions-test';
let db: Database;

afterEach(async () => {
  vi.restoreAllMocks();
  db.close();
  await deleteDatabase(NAME);
});

test('where the database refuses Blobs, as in some private windows, files are kept all the same', async () => {
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  const { put } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (value.blob instanceof Blob) throw new DOMException('No Blobs here.', 'UnknownError');
    return put.call(this, value, key);
  });
  const contents = { 'small.txt': 'a few words', 'large.txt': 'a lot of words '.repeat(600_000) };
  const additions = Object.entries(contents).map(([path, text]) => ({
    file: new File([text], path),
    path,
    fromFolder: false,
  }));
  const noModel = () => Promise.reject(new Error('There is no model among these files.'));
  const report = await addFiles(db, 'c', additions, noModel, new AbortController().signal, () => {});
  expect(report).toMatchObject({ added: 2, failed: [] });
  for (const { id, path } of await changedFiles(db, 'c', 0, 10)) {
    expect(await (await readBlob(db, id))?.text()).toBe(contents[path as keyof typeof contents]);
  }
});

test('models among the files are added, all parts of a split one together; each that fails is told', async () => {
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  const paths = [
    'b-00002-of-00002.gguf',
    'note.txt',
    'x/a.gguf',
    'b-00001-of-00002.gguf',
    'bad-00001-of-00003.gguf',
  ];
  const additions = paths.map(path => ({
    file: new File(['some words'], path.split('/').at(-1) ?? ''),
    path,
    fromFolder: true,
  }));
  const given: string[][] = [];
  const addModel = async (files: File[]) => {
    given.push(files.map(({ name }) => name));
    if (files[0]?.name.startsWith('bad'))
      throw new VecdropError('model/unsupported', 'Parts 2, 3 of 3 are missing.');
    return { name: `model ${given.length}` };
  };
  const said: number[] = [];
  const signal = new AbortController().signal;
  const report = await addFiles(db, 'c', additions, addModel, signal, ({ done }) => said.push(done));
  expect(given).toEqual([
    ['b-00001-of-00002.gguf', 'b-00002-of-00002.gguf'],
    ['a.gguf'],
    ['bad-00001-of-00003.gguf'],
  ]);
  expect(report).toMatchObject({
    added: 1,
    models: ['model 1', 'model 2'],
    failed: [{ path: 'bad-00001-of-00003.gguf', error: { message: 'Parts 2, 3 of 3 are missing.' } }],
  });
  expect(said.at(-1)).toBe(paths.length);
});
