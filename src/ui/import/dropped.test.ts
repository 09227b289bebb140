import { expect, it } from 'vitest';
import { VecdropError } from '../../domain/errors.ts';
import { zipped } from '../../zip/write.ts';
import { takeImports } from './dropped.ts';

const add = (path: string, fromFolder = false) => ({ path, fromFolder, file: new File([], path) });

/** A workspace to which only one zip is an export. */
const client = {
  async lookAtImport([file]: File[], signal: AbortSignal): Promise<never> {
    signal.throwIfAborted();
    if (file?.name === 'ours.zip') return {} as never;
    throw new VecdropError('import/unsupported', 'This is no export.');
  },
};

async function taken(...additions: ReturnType<typeof add>[]): Promise<{ imports: string[]; rest: string[] }> {
  const { imports, rest } = await takeImports(client, additions, new AbortController().signal);
  return { imports: imports.map(({ name }) => name), rest: rest.map(({ path }) => path) };
}

it('vectors and archives are imported; what may be a document stays one', async () => {
  expect(
    await taken(
      add('a.parquet'),
      add('ours.zip'),
      add('notes.zip'),
      add('b.json'),
      add('c.csv'),
      add('d.md'),
    ),
  ).toEqual({ imports: ['a.parquet', 'ours.zip'], rest: ['notes.zip', 'b.json', 'c.csv', 'd.md'] });
});

it('a matrix takes the lines of its name along, or the only ones', async () => {
  expect(await taken(add('v.npy'), add('w.jsonl'), add('v.jsonl'))).toEqual({
    imports: ['v.npy', 'v.jsonl'],
    rest: ['w.jsonl'],
  });
  expect((await taken(add('vectors.NPY'), add('chunks.jsonl'))).imports).toEqual([
    'vectors.NPY',
    'chunks.jsonl',
  ]);
  expect((await taken(add('v.npy'), add('a.jsonl'), add('b.jsonl'))).rest).toEqual(['a.jsonl', 'b.jsonl']);
});

it('what lies in a folder is the folder’s', async () => {
  expect(await taken(add('f/a.parquet', true), add('f/ours.zip', true))).toEqual({
    imports: [],
    rest: ['f/a.parquet', 'f/ours.zip'],
  });
});

it('an archive of ours that is cut off is one all the same', async () => {
  const pieces: Uint8Array[] = [];
  const manifest = { name: 'vecdrop.json', pieces: bytes('{"format":"vecdrop-archive"}') };
  for await (const piece of zipped([manifest], new Date())) pieces.push(piece);
  const whole = new Blob(pieces as BlobPart[]);
  const cut = { path: 'cut.zip', fromFolder: false, file: new File([whole.slice(0, 50)], 'cut.zip') };
  expect(await taken(cut, add('notes.zip'))).toEqual({ imports: ['cut.zip'], rest: ['notes.zip'] });
});

async function* bytes(text: string) {
  yield new TextEncoder().encode(text);
}

it('a look that is given up is given up', async () => {
  const gone = AbortSignal.abort();
  await expect(takeImports(client, [add('ours.zip')], gone)).rejects.toMatchObject({ name: 'AbortError' });
});
