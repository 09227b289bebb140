import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeTinyGguf } from '../../scripts/make-tiny-gguf.ts';
import { VecdropError } from '../domain/errors.ts';
import { readModel } from './model-info.ts';
import { readGguf } from './read.ts';

const tiny = makeTinyGguf();

test('a model made for tests is always the same, small, and whole', async () => {
  expect(makeTinyGguf()).toEqual(tiny);
  expect(tiny.length).toBeLessThan(200_000);
  const gguf = await readGguf(new Blob([tiny]), 'tiny.gguf');
  expect(gguf).toMatchObject({ version: 3, alignment: 32 });
  expect(gguf.metadata.get('general.architecture')?.value).toBe('bert');
  expect(gguf.tensors[0]).toMatchObject({ name: 'token_embd.weight', type: { name: 'Q8_0' } });
  const last = gguf.tensors.at(-1);
  expect((last?.offset ?? 0) + (last?.bytes ?? 0)).toBe(tiny.length);
});

test('the tensors of the built-in model fill its file to the end', async () => {
  const file = new Blob([readFileSync('public/models/all-MiniLM-L6-v2-Q8_0.gguf')]);
  const gguf = await readGguf(file, 'built-in');
  expect(gguf.tensors).toHaveLength(101);
  const last = gguf.tensors.at(-1);
  expect((last?.offset ?? 0) + (last?.bytes ?? 0)).toBe(file.size);
});

test('metadata larger than the first read is read whole', async () => {
  const long = header([entry('a', 8, string('x'.repeat(3_000_000))), entry('b', 4, u32(7))]);
  const { metadata } = await readGguf(new Blob([long]), 'long.gguf');
  expect(metadata.get('b')?.value).toBe(7);
});

const HUGE = 2n ** 63n;
const FAULTS: [string, Uint8Array<ArrayBuffer>, string, RegExp][] = [
  ['an empty file', new Uint8Array(), 'model/unsupported', /not a GGUF/],
  ['another magic', join(bytes('PK\x03\x04'), tiny), 'model/unsupported', /not a GGUF/],
  ['version 1', join(bytes('GGUF'), u32(1), tiny.slice(8)), 'model/unsupported', /version 1/],
  ['version 9', join(bytes('GGUF'), u32(9), tiny.slice(8)), 'model/unsupported', /version 9/],
  ['big-endian', join(bytes('GGUF'), u32(3 << 24), tiny.slice(8)), 'model/unsupported', /big-endian/],
  ['a name of 2^63 bytes', header([join(u64(HUGE), bytes('abc'))]), 'model/corrupt', /text length/],
  ['2^63 tensors', join(bytes('GGUF'), u32(3), u64(HUGE), u64(0n)), 'model/corrupt', /count of tensors/],
  ['2^63 entries', join(bytes('GGUF'), u32(3), u64(0n), u64(HUGE)), 'model/corrupt', /metadata entries/],
  ['an array of 2^63', header([entry('a', 9, join(u32(8), u64(HUGE)))]), 'model/corrupt', /array length/],
  [
    'an array of 2^60 u64',
    header([entry('a', 9, join(u32(10), u64(2n ** 60n)))]),
    'model/corrupt',
    /array length/,
  ],
  ['arrays in arrays', header([entry('a', 9, join(u32(9), u64(1n)))]), 'model/unsupported', /arrays within/],
  ['an unknown value type', header([entry('a', 99, u32(0))]), 'model/corrupt', /unknown type 99/],
  ['a boolean of 2', header([entry('a', 7, new Uint8Array([2]))]), 'model/corrupt', /neither true nor false/],
  ['a key twice', header([entry('a', 4, u32(1)), entry('a', 4, u32(1))]), 'model/corrupt', /twice/],
  ['an odd alignment', header([entry('general.alignment', 4, u32(33))]), 'model/corrupt', /power of two/],
  ['a tensor with no values', header([], [tensor([32n, 0n])]), 'model/corrupt', /is empty/],
  [
    'a shape that overflows',
    header([], [tensor([2n ** 62n, 2n ** 62n])]),
    'model/corrupt',
    /larger than the file/,
  ],
  ['five dimensions', header([], [tensor([1n, 1n, 1n, 1n, 1n])]), 'model/corrupt', /5 dimensions/],
  ['an unknown tensor type', header([], [tensor([32n], 77)]), 'model/unsupported', /unknown type 77/],
  ['half a block', header([], [tensor([16n], 8)]), 'model/corrupt', /fill its blocks/],
  ['a tensor past the end', header([], [tensor([32n], 0, 64n)]), 'model/corrupt', /ends within/],
  [
    'a tensor far past the end',
    header([], [tensor([32n], 0, HUGE)]),
    'model/corrupt',
    /behind the file's end/,
  ],
  ['an odd offset', header([], [tensor([32n], 0, 4n)]), 'model/corrupt', /not aligned/],
  [
    'overlapping tensors',
    header([], [tensor([16n], 0, 0n, 'a'), tensor([8n], 0, 32n, 'b')]),
    'model/corrupt',
    /overlaps/,
  ],
  ['a tensor twice', header([], [tensor([8n]), tensor([8n], 0, 32n)]), 'model/corrupt', /twice/],
];

test.each(FAULTS)('%s is refused in a sentence', async (_, file, code, sentence) => {
  const error = await readGguf(new Blob([file]), 'bad.gguf').then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(VecdropError);
  expect(error).toMatchObject({ code, message: expect.stringMatching(sentence) });
  expect((error as Error).message).toContain('“bad.gguf”');
});

test('a file cut short anywhere is refused as such', async () => {
  for (let i = 0; i < 200; i++) {
    const end = Math.floor(((i + random(i)) / 200) * (tiny.length - 1));
    await expect(readModel(new Blob([tiny.subarray(0, end)]), 'cut.gguf', 'id')).rejects.toBeInstanceOf(
      VecdropError,
    );
  }
});

test('flipped bytes make an error of ours or a model, nothing else', async () => {
  let refused = 0;
  for (let i = 0; i < 400; i++) {
    const flipped = tiny.slice();
    for (let k = 0; k < 3; k++) {
      const at = Math.floor(random(i * 3 + k) * 12_000);
      flipped[at] = (flipped[at] as number) ^ (1 << (i % 8));
    }
    await readModel(new Blob([flipped]), 'flipped.gguf', 'id').catch((error: unknown) => {
      expect(error).toBeInstanceOf(VecdropError);
      refused++;
    });
  }
  expect(refused).toBeGreaterThan(20);
}, 60_000);

test('a blob that can no longer be read is an error of ours', async () => {
  const gone = new Blob([tiny]);
  gone.slice = () => {
    throw new DOMException('gone', 'NotReadableError');
  };
  await expect(readGguf(gone, 'gone.gguf')).rejects.toMatchObject({ code: 'model/corrupt' });
});

/** A head with these entries and tensors, and 128 bytes of data. */
function header(entries: Uint8Array[], tensors: Uint8Array[] = []): Uint8Array<ArrayBuffer> {
  const counts = [u64(BigInt(tensors.length)), u64(BigInt(entries.length))];
  const head = join(bytes('GGUF'), u32(3), ...counts, ...entries, ...tensors);
  return join(head, new Uint8Array(((32 - (head.length % 32)) % 32) + 128 - 32));
}

function tensor(shape: bigint[], type = 0, offset = 0n, name = 't'): Uint8Array<ArrayBuffer> {
  return join(string(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset));
}

function entry(key: string, type: number, value: Uint8Array): Uint8Array<ArrayBuffer> {
  return join(string(key), u32(type), value);
}

function string(text: string): Uint8Array<ArrayBuffer> {
  return join(u64(BigInt(text.length)), bytes(text));
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function u32(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint32Array([value]).buffer);
}

function u64(value: bigint): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new BigUint64Array([value]).buffer);
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

/** In [0, 1), the same for the same seed. */
function random(seed: number): number {
  const x = Math.sin(seed * 12.9898 + 1) * 43758.5453;
  return x - Math.floor(x);
}
