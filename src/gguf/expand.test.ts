import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expandF32 } from '../../scripts/expand-f32.ts';
import { makeTinyGguf } from '../../scripts/make-tiny-gguf.ts';
import { expandToF32 } from './expand.ts';
import { readGguf } from './read.ts';

const LIMIT = 512 * 2 ** 20;
const builtIn = readFileSync('public/models/all-MiniLM-L6-v2-Q8_0.gguf');

test.each([
  ['tiny', makeTinyGguf()],
  ['built-in', new Uint8Array(builtIn)],
])('the %s model expands to the same tensors as by the other path', async (_, file) => {
  const expanded = await expandToF32(new Blob([file]), LIMIT);
  const other = new Blob([expandF32(file)]);
  const [mine, theirs] = [await readGguf(expanded, 'mine'), await readGguf(other, 'theirs')];
  expect(mine.tensors.map(({ name, shape }) => [name, shape])).toEqual(
    (await readGguf(new Blob([file]), 'source')).tensors.map(({ name, shape }) => [name, shape]),
  );
  expect(mine.tensors).toEqual(theirs.tensors);
  for (const { name, type, offset, bytes } of mine.tensors) {
    expect(type.name).toBe('F32');
    const values = await expanded.slice(offset, offset + bytes).arrayBuffer();
    const expected = await other.slice(offset, offset + bytes).arrayBuffer();
    expect(Buffer.compare(Buffer.from(values), Buffer.from(expected)), name).toBe(0);
  }
});

test('only the file type of the metadata changes', async () => {
  const file = makeTinyGguf();
  const before = await readGguf(new Blob([file]), 'before');
  const expanded = new Uint8Array(await (await expandToF32(new Blob([file]), LIMIT)).arrayBuffer());
  const at = before.metadata.get('general.file_type')?.offset ?? 0;
  expect(expanded[at]).toBe(0);
  expanded[at] = file[at] as number;
  expect(expanded.slice(0, before.metadataEnd)).toEqual(file.slice(0, before.metadataEnd));
});

test('nothing to expand, too large a result, or a type that is not known: the file as it is', async () => {
  const blob = new Blob([makeTinyGguf()]);
  const expanded = await expandToF32(blob, LIMIT);
  expect(await expandToF32(expanded, LIMIT)).toBe(expanded);
  expect(await expandToF32(blob, expanded.size)).not.toBe(blob);
  expect(await expandToF32(blob, expanded.size - 1)).toBe(blob);

  const { tensors, metadataEnd } = await readGguf(blob, 'tiny');
  const other = makeTinyGguf();
  const name = tensors[0]?.name.length ?? 0;
  // MXFP4 takes less room than Q8_0, so the file stays whole.
  other[metadataEnd + 8 + name + 4 + 16] = 39;
  const unknown = new Blob([other]);
  expect((await readGguf(unknown, 'other')).tensors[0]?.type.name).toBe('MXFP4');
  expect(await expandToF32(unknown, LIMIT)).toBe(unknown);
});
