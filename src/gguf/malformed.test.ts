import { expect, test } from 'vitest';
import { makeTinyGguf } from '../../scripts/make-tiny-gguf.ts';
import { type Bytes, entry, join, text, u32, u64, uint32 } from '../../scripts/tiny-gguf/bytes.ts';
import { rawGguf, tensorEntry } from '../../scripts/tiny-gguf/edit.ts';
import { type Faulty, made, refusalOf } from '../../scripts/tiny-gguf/refusal.ts';
import { readGguf } from './read.ts';

const tiny = makeTinyGguf();
const HUGE = 2n ** 63n;
const wide = (value: bigint): Bytes => new Uint8Array(new BigUint64Array([value]).buffer);
const bytes = (value: string): Bytes => new TextEncoder().encode(value);
const head = (version: number, ...rest: Uint8Array[]) => join([bytes('GGUF'), u32(version), ...rest]);

/** Where a file is cut: within its magic, its counts, a key, a value, the list of tensors, the data. */
async function cut(section: 'metadata' | 'list' | 'data'): Promise<Bytes> {
  const { metadata, metadataEnd, dataStart } = await readGguf(new Blob([tiny]), 'tiny');
  const tokens = metadata.get('tokenizer.ggml.tokens')?.offset ?? 0;
  const at = { metadata: tokens + 500, list: metadataEnd + 100, data: dataStart + 5000 }[section];
  return tiny.slice(0, at);
}

const HEADS: Faulty[] = [
  ['an empty file', () => new Uint8Array(), /cannot be used: it is not a GGUF file/],
  ['three bytes', () => bytes('GGU'), /not a GGUF file/],
  ['a ZIP archive', () => join([bytes('PK\x03\x04'), tiny]), /not a GGUF file/],
  ['a page of HTML', () => bytes('<!doctype html><title>Log in</title>'), /not a GGUF file/],
  ['an old GGML file', () => join([bytes('lmgg'), tiny]), /not a GGUF file/],
  ['cut behind the magic', () => tiny.slice(0, 6), /damaged: it ends too early/],
  [
    'cut within the counts',
    () => tiny.slice(0, 20),
    /damaged: the count of tensors says 37, more than the file holds/,
  ],
  [
    'cut within the vocabulary',
    () => cut('metadata'),
    /damaged: the array length of “tokenizer\.ggml\.tokens” says \d+, more than/,
  ],
  ['cut within the list of tensors', () => cut('list'), /damaged: (it ends too early|a text length|tensor)/],
  ['cut within the data', () => cut('data'), /damaged: (it ends within tensor|tensor “.*” (lies|is larger))/],
  ['version 0', () => head(0, tiny.slice(8)), /version 0 is unknown/],
  ['version 1', () => head(1, tiny.slice(8)), /version 1 is unknown/],
  ['version 99', () => head(99, tiny.slice(8)), /version 99 is unknown/],
  ['big-endian', () => head(3 << 24, tiny.slice(8)), /big-endian GGUF; convert/],
  ['2^63 tensors', () => head(3, wide(HUGE), u64(0)), /count of tensors says 92233/],
  ['2^63 entries', () => head(3, u64(0), wide(HUGE)), /count of metadata entries says/],
  [
    'more entries than any model has',
    () => head(3, u64(0), u64(70_000), new Uint8Array(1_000_000)),
    /claims 0 tensors and 70000 metadata entries/,
  ],
  ['a key of 2^63 bytes', () => rawGguf([join([wide(HUGE), bytes('abc')])], []), /a text length says 92233/],
  [
    'a value of 2^63 bytes',
    () => rawGguf([entry('a', 8, join([wide(HUGE), bytes('x')]))], []),
    /a text length says 92233/,
  ],
  ['a key without a name', () => rawGguf([uint32('', 1)], []), /a metadata entry has no name/],
  ['a key twice', () => rawGguf([uint32('a.b', 1), uint32('a.b', 2)], []), /names “a\.b” twice/],
  [
    'an unknown type of value',
    () => rawGguf([entry('a.b', 99, u32(0))], []),
    /“a\.b” is of the unknown type 99/,
  ],
  [
    'a boolean of 2',
    () => rawGguf([entry('a.b', 7, new Uint8Array([2]))], []),
    /“a\.b” is neither true nor false/,
  ],
  [
    'arrays in arrays',
    () => rawGguf([entry('a.b', 9, join([u32(9), u64(1)]))], []),
    /“a\.b” holds arrays within an array/,
  ],
  [
    'an array of an unknown type',
    () => rawGguf([entry('a.b', 9, join([u32(77), u64(1)]))], []),
    /“a\.b” is an array of the unknown type 77/,
  ],
  [
    'an array of 2^63 texts',
    () => rawGguf([entry('a.b', 9, join([u32(8), wide(HUGE)]))], []),
    /array length of “a\.b” says 92233/,
  ],
  [
    'an array of two million empty texts',
    () => rawGguf([entry('a.b', 9, join([u32(8), u64(2e6), new Uint8Array(16e6)]))], []),
    /“a\.b” claims 2000000 texts/,
  ],
  [
    'an array of 2^60 numbers of 8 bytes',
    () => rawGguf([entry('a.b', 9, join([u32(10), wide(2n ** 60n)]))], []),
    /array length of “a\.b” says 11529/,
  ],
  [
    'an alignment of 33',
    () => rawGguf([uint32('general.alignment', 33)], []),
    /alignment is not a power of two/,
  ],
  [
    'an alignment of 0',
    () => rawGguf([uint32('general.alignment', 0)], []),
    /alignment is not a power of two/,
  ],
  [
    'an alignment of 2^30',
    () => rawGguf([uint32('general.alignment', 2 ** 30)], []),
    /alignment is not a power of two up to/,
  ],
  ['an alignment in words', () => rawGguf([text('general.alignment', '32')], []), /alignment is not a power/],
];

const TENSORS: Faulty[] = [
  [
    'a tensor without a name',
    () => rawGguf([], [tensorEntry('', [8n], 0, 0n)]),
    /tensor “” has no proper name/,
  ],
  [
    'a tensor with a long name',
    () => rawGguf([], [tensorEntry('x'.repeat(70), [8n], 0, 0n)]),
    /tensor “x{60}…” has no proper name/,
  ],
  [
    'five dimensions',
    () => rawGguf([], [tensorEntry('t', [1n, 1n, 1n, 1n, 1n], 0, 0n)]),
    /tensor “t” has 5 dimensions/,
  ],
  ['a dimension of 0', () => rawGguf([], [tensorEntry('t', [32n, 0n], 0, 0n)]), /tensor “t” is empty/],
  [
    'a shape that overflows 64 bits',
    () => rawGguf([], [tensorEntry('t', [2n ** 33n, 2n ** 33n], 0, 0n)]),
    /tensor “t” is larger than the file/,
  ],
  [
    'an unknown type',
    () => rawGguf([], [tensorEntry('t', [32n], 77, 0n)]),
    /tensor “t” is of the unknown type 77/,
  ],
  [
    'a row of half a block',
    () => rawGguf([], [tensorEntry('t', [16n], 8, 0n)]),
    /tensor “t” does not fill its blocks/,
  ],
  ['data past the end', () => rawGguf([], [tensorEntry('t', [32n], 0, 64n)]), /it ends within tensor “t”/],
  [
    'data far past the end',
    () => rawGguf([], [tensorEntry('t', [8n], 0, 2n ** 62n)]),
    /tensor “t” lies behind the file's end/,
  ],
  ['data off the alignment', () => rawGguf([], [tensorEntry('t', [8n], 0, 4n)]), /tensor “t” is not aligned/],
  [
    'data that overlaps',
    () => rawGguf([], [tensorEntry('a', [16n], 0, 0n), tensorEntry('b', [8n], 0, 32n)]),
    /tensor “b” overlaps another/,
  ],
  [
    'a tensor twice',
    () => rawGguf([], [tensorEntry('t', [8n], 0, 0n), tensorEntry('t', [8n], 0, 32n)]),
    /holds tensor “t” twice/,
  ],
];

test.each(await made([...HEADS, ...TENSORS]))(
  '%s is refused in a sentence of its own',
  async (_, file, sentence) => {
    const refusal = await refusalOf(file);
    expect(refusal).toMatch(/^“bad\.gguf” (is damaged|cannot be used): /);
    expect(refusal).toMatch(sentence);
  },
  // However wrong a file is, it is told at once.
  1000,
);
