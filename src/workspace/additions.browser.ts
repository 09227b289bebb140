import { strToU8, zipSync } from 'fflate';
import { afterEach, expect, test, vi } from 'vitest';
import { VecdropError } from '../domain/errors.ts';
import { type Database, deleteDatabase, openDatabase } from '../store/database.ts';
import { changedFiles, readBlob } from '../store/files.ts';
import { filesBelow } from '../store/folder-files.ts';
import { addFiles } from './additions.ts';

const NAME = 'additions-test';
let db: Database;
const noModel = () => Promise.reject(new Error('There is no model among these files.'));

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

function zipFile(path: string, content: Parameters<typeof zipSync>[0]) {
  const bytes = zipSync(content) as Uint8Array<ArrayBuffer>;
  return { file: new File([bytes], path.split('/').at(-1) ?? ''), path, fromFolder: false };
}

test('an archive is added as the folder of files that it is, harmless names and archives within included', async () => {
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  const papers = zipFile('papers.zip', {
    'notes/a.md': strToU8('first'),
    '../../climbing.txt': strToU8('second'),
    'inner.zip': zipSync({ 'b.txt': strToU8('third') }),
    'x.gguf': strToU8('GGUF'),
  });
  const note = { file: new File(['fourth'], 'note.txt'), path: 'note.txt', fromFolder: false };
  const empty = zipFile('empty.zip', {});
  const broken = new File([(await papers.file.bytes()).slice(0, 90)], 'broken.zip');
  const additions = [papers, note, empty, { file: broken, path: 'in/broken.zip', fromFolder: true }];
  const said: string[] = [];
  const add = () =>
    addFiles(db, 'c', additions, noModel, new AbortController().signal, ({ done, total }) =>
      said.push(`${done}/${total}`),
    );
  const report = await add();
  const files = await changedFiles(db, 'c', 0, 10);
  const texts = await Promise.all(
    files.map(async ({ id, path }) => [path, await (await readBlob(db, id))?.text()]),
  );
  expect(Object.fromEntries(texts)).toEqual({
    'papers.zip/notes/a.md': 'first',
    'papers.zip/climbing.txt': 'second',
    'papers.zip/inner.zip/b.txt': 'third',
    'note.txt': 'fourth',
  });
  expect(report.added).toBe(4);
  expect(report.failed.map(({ path, error }) => [path, error.code])).toEqual([
    ['papers.zip/x.gguf', 'file/unsupported'],
    ['empty.zip', 'file/empty'],
    ['in/broken.zip', 'file/broken'],
  ]);
  for (const { path, error } of report.failed) {
    expect(error.message).toMatch(
      new RegExp(`^Unpacking “${path.startsWith('papers') ? 'papers.zip' : path.split('/').at(-1)}”: `),
    );
  }
  expect(said).toEqual(['1/4', '4/8', '5/7', '6/7', '7/7']);
  expect(await add()).toMatchObject({ added: 0, unchanged: 4 });
});

test('adding an archive can be stopped between its batches; what was added stays', async () => {
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${i}.txt`, strToU8(`text ${i}`)]));
  const controller = new AbortController();
  const stop = ({ done }: { done: number }) => {
    if (done === 100) controller.abort();
  };
  const adding = addFiles(db, 'c', [zipFile('many.zip', many)], noModel, controller.signal, stop);
  await expect(adding).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  expect(await changedFiles(db, 'c', 0, 300)).toHaveLength(100);
});

test('files of folders and archives that hold no text are left out and counted; asked for, they are added', async () => {
  db = await openDatabase({ name: NAME, onBlocked: () => {} });
  const picture = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  const video = new Uint8Array(9 * 1024 * 1024);
  video.set(strToU8('\0\0\0\x18ftypmp42'));
  const inFolder = (path: string, content: BlobPart) => ({
    file: new File([content], path.split('/').at(-1) ?? '', { lastModified: 1234 }),
    path,
    fromFolder: true,
  });
  const additions = [
    inFolder('f/note.md', 'words'),
    inFolder('f/photo.png', picture),
    inFolder('f/film.mp4', video),
    {
      ...zipFile('f/z.zip', { 'a.md': strToU8('more'), 'b.png': picture, 'c.png': picture }),
      fromFolder: true,
    },
    { ...inFolder('loose.png', picture), fromFolder: false },
  ];
  const add = (some: typeof additions) =>
    addFiles(db, 'c', some, noModel, new AbortController().signal, () => {});
  const report = await add(additions);
  expect(report).toMatchObject({ added: 3, failed: [] });
  expect(report.binary).toEqual({ files: 4, of: ['f/photo.png', 'f/film.mp4', 'f/z.zip'] });
  const paths = async () => (await changedFiles(db, 'c', 0, 20)).map(({ path }) => path).sort();
  expect(await paths()).toEqual(['f/note.md', 'f/z.zip/a.md', 'loose.png']);

  const rest = additions.filter(({ path }) => report.binary.of.includes(path));
  const again = await add(rest.map(one => ({ ...one, asked: true as const })));
  expect(again).toMatchObject({ added: 4, unchanged: 1, failed: [], binary: { files: 0 } });
  expect(await paths()).toContain('f/z.zip/b.png');
  const [note, inArchive] = await Promise.all(
    ['f/note.md', 'f/z.zip/a.md'].map(async path =>
      (await filesBelow(db, 'c', ['f'])).find(one => one.path === path),
    ),
  );
  expect(note?.modifiedAt).toBe(1234);
  expect(inArchive?.modifiedAt).toBe(additions[3]?.file.lastModified);
});
