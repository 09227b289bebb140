import { afterEach, expect, test, vi } from 'vitest';
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
