import { afterEach, beforeEach, expect, it } from 'vitest';
import { toBlob, toFile } from './save.ts';

const FOLDER = 'save-test';
const PIECE = new Uint8Array(1024 * 1024).fill(7);

let folder: FileSystemDirectoryHandle;
beforeEach(async () => {
  const root = await navigator.storage.getDirectory();
  folder = await root.getDirectoryHandle(FOLDER, { create: true });
});
afterEach(async () => {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true });
});

async function file(name: string, text: string): Promise<FileSystemFileHandle> {
  const handle = await folder.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  await stream.write(text);
  await stream.close();
  return handle;
}

const textOf = async (handle: FileSystemFileHandle) => (await handle.getFile()).text();

/** All that lies in the folder, halves of files too. */
async function names(): Promise<string[]> {
  const found: string[] = [];
  for await (const name of folder.keys()) found.push(name);
  return found;
}

async function* pieces(count: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) {
    signal?.throwIfAborted();
    yield PIECE;
  }
}

it('what is written takes the place of what was there, at its end and not before', async () => {
  const handle = await file('vectors.bin', 'the export of last week');
  async function* watched() {
    yield* pieces(3);
    expect(await textOf(handle)).toBe('the export of last week');
  }
  expect(await toFile(watched(), handle)).toBe(3 * PIECE.length);
  expect((await handle.getFile()).size).toBe(3 * PIECE.length);
});

it('what is cancelled or fails leaves the file as it was, and no half one beside it', async () => {
  const handle = await file('vectors.bin', 'the export of last week');
  const stop = new AbortController();
  async function* cancelled() {
    for await (const piece of pieces(9, stop.signal)) {
      yield piece;
      if (!stop.signal.aborted) stop.abort();
    }
  }
  await expect(toFile(cancelled(), handle)).rejects.toMatchObject({ name: 'AbortError' });
  async function* failing() {
    yield* pieces(2);
    throw new RangeError('The record is gone.');
  }
  await expect(toFile(failing(), handle)).rejects.toThrow('The record is gone.');
  expect(await textOf(handle)).toBe('the export of last week');
  expect(await names()).toEqual(['vectors.bin']);
});

it('a download is whole, however its pieces come', async () => {
  async function* mixed() {
    yield* pieces(5);
    yield new Uint8Array([1]);
    yield* pieces(4);
  }
  const blob = await toBlob(mixed(), 'application/zip');
  expect(blob.size).toBe(9 * PIECE.length + 1);
  expect(blob.type).toBe('application/zip');
  expect(new Uint8Array(await blob.slice(5 * PIECE.length, 5 * PIECE.length + 2).arrayBuffer())).toEqual(
    new Uint8Array([1, 7]),
  );
});
