import { beforeAll, expect, test } from 'vitest';
import { makeTinyGguf } from '../../scripts/make-tiny-gguf.ts';
import type { Bytes } from '../../scripts/tiny-gguf/bytes.ts';
import { int32, uint16 } from '../../scripts/tiny-gguf/bytes.ts';
import { edited, partName, splitGguf } from '../../scripts/tiny-gguf/edit.ts';
import { expandToF32 } from './expand.ts';
import { readModel } from './model-info.ts';
import { readGguf } from './read.ts';
import { readSplit } from './split.ts';

const whole = makeTinyGguf();
let parts: Bytes[];
let files: { name: string; blob: Blob }[];

beforeAll(async () => {
  parts = await splitGguf(whole, 14);
  files = parts.map((part, at) => ({ name: partName('tiny', at, parts.length), blob: new Blob([part]) }));
});

const blobs = () => files.map(({ blob }) => blob);

test('the parts of a model are put in order and read as the whole is', async () => {
  expect(parts).toHaveLength(3);
  const split = await readSplit([...files].reverse());
  expect(split).toEqual({ name: 'tiny', blobs: blobs() });
  const read = await readModel(split.blobs, split.name, 'id');
  const { info, tokenizer } = await readModel(new Blob([whole]), 'tiny.gguf', 'id');
  expect(read).toEqual({
    info: { ...info, bytes: parts.reduce((sum, { length }) => sum + length, 0) },
    tokenizer,
  });
});

test('a single file is a model of one part', async () => {
  const blob = new Blob([whole]);
  expect(await readSplit([{ name: 'tiny.gguf', blob }])).toEqual({ name: 'tiny.gguf', blobs: [blob] });
});

test('the parts expand to the one file that the whole expands to', async () => {
  const expected = await expandToF32(new Blob([whole]), 1e9);
  const expanded = (await expandToF32(blobs(), 1e9)) as Blob;
  const [mine, theirs] = [await readGguf(expanded, 'mine'), await readGguf(expected, 'theirs')];
  expect(mine.metadata.get('split.count')?.value).toBe(0);
  expect(mine.tensors.map(({ name, shape }) => [name, shape])).toEqual(
    theirs.tensors.map(({ name, shape }) => [name, shape]),
  );
  for (const [i, { name, offset, bytes }] of mine.tensors.entries()) {
    const other = theirs.tensors[i]?.offset ?? 0;
    const values = new Uint8Array(await expanded.slice(offset, offset + bytes).arrayBuffer());
    expect(values, name).toEqual(new Uint8Array(await expected.slice(other, other + bytes).arrayBuffer()));
  }
});

test('parts that do not fit the limit come back as they are', async () => {
  const given = blobs();
  expect(await expandToF32(given, 1000)).toBe(given);
});

type Given = { name: string; blob: Blob }[];
test.each<[string, () => Given, RegExp]>([
  ['no file', () => [], /no file was given/],
  ['one part of three', () => files.slice(1, 2), /“tiny” .*parts 1, 3 of 3 are missing/],
  ['a missing last part', () => files.slice(0, 2), /part 3 of 3 is missing; choose all parts/],
  [
    'a part given twice',
    () => [...files, ...files.slice(1, 2)],
    /00002-of-00003\.gguf” .*part 2 was given twice/,
  ],
  [
    'a part of another model',
    () => [...files, renamed('other-00001-of-00003.gguf')],
    /“other.* no part of “tiny”/,
  ],
  ['parts of another count', () => [...files, renamed('tiny-00001-of-00004.gguf')], /no part of “tiny”/],
  ['a file that is no part', () => [...files, renamed('tiny.gguf')], /“tiny\.gguf” .*not that of a part/],
  ['a part numbered 0', () => [...files, renamed('tiny-00000-of-00003.gguf')], /part 0 of 3/],
  ['a part numbered past the count', () => [renamed('tiny-00004-of-00003.gguf')], /part 4 of 3/],
  ['a part renamed to be alone', () => [renamed('tiny.gguf')], /“tiny\.gguf” .*part 1 of 3; choose all 3/],
  ['parts whose names were swapped', () => swapped(), /“tiny, part 1” .*says it is part 2/],
  ['a whole model among the parts', () => [...files.slice(0, 2), last(whole)], /part 3” .*of 0 parts/],
])('%s is refused in a sentence', async (_, given, sentence) => {
  await expect(readSplit(given())).rejects.toMatchObject({
    name: expect.stringMatching(/^model\/(corrupt|unsupported)$/),
    message: expect.stringMatching(sentence),
  });
});

test('parts that hold too few tensors, or one twice, are refused', async () => {
  const less = await edited(parts[2] as Bytes, ({ tensors }) => tensors.pop());
  await expect(readModel([...blobs().slice(0, 2), new Blob([less])], 'tiny', 'id')).rejects.toMatchObject({
    message: expect.stringMatching(/“tiny” .*parts hold 36 tensors of 37/),
  });
  const again = await edited(parts[1] as Bytes, ({ entries }) => {
    entries.set('split.no', uint16('split.no', 2));
    entries.set('split.tensors.count', int32('split.tensors.count', 42));
  });
  const first = await edited(parts[0] as Bytes, ({ entries }) =>
    entries.set('split.tensors.count', int32('split.tensors.count', 42)),
  );
  const given = [new Blob([first]), ...blobs().slice(1, 2), new Blob([again])];
  await expect(readModel(given, 'tiny', 'id')).rejects.toMatchObject({
    message: expect.stringMatching(/two of its parts hold the tensor “blk/),
  });
});

test('a model of no files is refused', async () => {
  await expect(readModel([], 'tiny', 'id')).rejects.toMatchObject({
    message: expect.stringMatching(/“tiny” .*none of its files/),
  });
});

test('a damaged part is named', async () => {
  const cut = [...blobs().slice(0, 2), (blobs()[2] as Blob).slice(0, -100)];
  await expect(readModel(cut, 'tiny', 'id')).rejects.toMatchObject({
    message: expect.stringMatching(/“tiny, part 3” is damaged: it ends within/),
  });
});

function renamed(name: string): { name: string; blob: Blob } {
  return { name, blob: (files[0] as Given[0]).blob };
}

function last(bytes: Bytes): { name: string; blob: Blob } {
  return { name: partName('tiny', 2, 3), blob: new Blob([bytes]) };
}

function swapped(): Given {
  const [one, two, three] = files as [Given[0], Given[0], Given[0]];
  return [{ ...one, blob: two.blob }, { ...two, blob: one.blob }, three];
}
