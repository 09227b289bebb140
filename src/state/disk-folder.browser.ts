import { afterEach, beforeEach, expect, it } from 'vitest';
import { gatherFolder, mayRead } from './disk-folder.ts';

/** The origin's own file system has the same handles as a person's disk, and never asks for leave. */
let root: FileSystemDirectoryHandle;
beforeEach(async () => {
  root = await (await navigator.storage.getDirectory()).getDirectoryHandle('papers', { create: true });
});
afterEach(async () => {
  await (await navigator.storage.getDirectory()).removeEntry('papers', { recursive: true });
});

async function write(path: string, text: string): Promise<void> {
  const names = path.split('/');
  let folder = root;
  for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
  const writable = await (await folder.getFileHandle(names.at(-1) ?? '', { create: true })).createWritable();
  await writable.write(text);
  await writable.close();
}

it('walks a folder by its handle, and leaves out what is not meant unless it is known', async () => {
  await write('a.md', 'first');
  await write('deep/er/b.md', 'second');
  await write('.hidden', 'x');
  await write('node_modules/m/i.js', 'x');
  await write('node_modules/m/known.js', 'x');
  for (let i = 0; i < 40; i++) await write(`many/${String(i).padStart(2, '0')}.txt`, 'x');
  expect(await mayRead(root)).toBe(true);
  const asked: string[][] = [];
  const known = async (folders: string[]) => {
    asked.push(folders);
    return ['papers/node_modules/m/known.js'];
  };
  const { additions, skipped, folders, handles } = await gatherFolder(root, known);
  const paths = additions.map(({ path }) => path);
  const many = paths.filter(path => path.startsWith('papers/many/'));
  expect(new Set(many).size).toBe(40);
  expect(paths.filter(path => !many.includes(path)).sort()).toEqual([
    'papers/a.md',
    'papers/deep/er/b.md',
    'papers/node_modules/m/known.js',
  ]);
  expect(additions.every(({ fromFolder }) => fromFolder)).toBe(true);
  expect(skipped?.paths.toSorted()).toEqual(['papers/.hidden', 'papers/node_modules/m/i.js']);
  expect([asked, folders, handles]).toEqual([[['papers']], ['papers'], [root]]);
});

it('a folder that is no longer there could not be opened: nothing of it is taken for gone', async () => {
  const lost = await root.getDirectoryHandle('lost', { create: true });
  await root.removeEntry('lost');
  const { additions, unreadable } = await gatherFolder(lost, async () => []);
  expect({ additions, unreadable }).toEqual({ additions: [], unreadable: ['lost'] });
});

it('stops when it is aborted', async () => {
  await write('a.md', 'first');
  const gathering = gatherFolder(root, async () => [], AbortSignal.abort());
  await expect(gathering).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
});
