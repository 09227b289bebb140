import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openZip } from './blob.ts';
import { type ZippedFile, zipped } from './write.ts';

const AT = new Date(2026, 10, 23, 15, 4, 6);

async function* pieces(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? new TextEncoder().encode(part) : part;
}

async function written(files: Iterable<ZippedFile>, at = AT): Promise<Blob> {
  const parts: Uint8Array[] = [];
  for await (const piece of zipped(files, at)) parts.push(piece.slice());
  return new Blob(parts as BlobPart[]);
}

/** Compared by its own equals(): matchers go number by number. */
const bytesOf = async (blob: Blob) => Buffer.from(await blob.arrayBuffer());

const TEXT = Array.from({ length: 20_000 }, (_, i) => `line ${i % 97} of ${i}\n`);
const NUMBERS = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 7);

/** Names, with what is in them, and whether it is packed. */
const FILES: [name: string, parts: (string | Uint8Array)[], pack: boolean][] = [
  ['vecdrop.json', ['{}\n'], false],
  ['lines.jsonl', [TEXT.slice(0, 9000).join(''), TEXT.slice(9000).join('')], true],
  ['vectors.f32', [NUMBERS, NUMBERS.subarray(7, 99)], false],
  ['originals/Größe 𝄞.txt', ['one'], true],
  ['empty', [], true],
  ['empty too', [''], false],
];

describe('a zip', () => {
  it('is to the byte what it always was, where no number needs 64 bits', async () => {
    const parts: Uint8Array[] = [];
    const peer = new Zip((error, piece) => {
      if (error) throw error;
      parts.push(piece);
    });
    for (const [name, content, pack] of FILES) {
      const entry = pack ? new ZipDeflate(name, { level: 4 }) : new ZipPassThrough(name);
      Object.assign(entry, { mtime: AT });
      peer.add(entry);
      for await (const piece of pieces(...content)) entry.push(piece);
      entry.push(new Uint8Array(0), true);
    }
    peer.end();
    const ours = await written(
      FILES.map(([name, content, pack]) => ({ name, pieces: pieces(...content), pack })),
    );
    expect((await bytesOf(ours)).equals(await bytesOf(new Blob(parts as BlobPart[])))).toBe(true);
  });

  it('comes back entry by entry', async () => {
    const zip = await openZip(
      await written(FILES.map(([name, content, pack]) => ({ name, pieces: pieces(...content), pack }))),
    );
    expect([...zip.entries.keys()]).toEqual(FILES.map(([name]) => name));
    for (const [name, content] of FILES) {
      expect((await read(zip, name)).equals(await bytesOf(new Blob(content as BlobPart[]))), name).toBe(true);
    }
  });
});

it('many files come back, each its own', async () => {
  const files = Array.from({ length: 2000 }, (_, i) => ({
    name: `originals/${i}.txt`,
    pieces: pieces(`${i}`),
  }));
  const zip = await openZip(await written(files));
  expect(zip.entries.size).toBe(2000);
  expect(String(await read(zip, 'originals/1999.txt'))).toBe('1999');
});

it('a file that is announced to be large may be small', async () => {
  const files = [
    { name: 'a', pieces: pieces('one'), pack: true, expected: 2 ** 40 },
    { name: 'b', pieces: pieces('two') },
  ];
  const zip = await openZip(await written(files));
  expect([String(await read(zip, 'a')), String(await read(zip, 'b'))]).toEqual(['one', 'two']);
});

it('the same files and time are the same bytes', async () => {
  const files = () => [{ name: 'a', pieces: pieces(...TEXT), pack: true }];
  expect((await bytesOf(await written(files()))).equals(await bytesOf(await written(files())))).toBe(true);
});

it('has times as a zip can hold them', async () => {
  const files = () => [{ name: 'a', pieces: pieces('') }];
  const time = async (at: Date) => (await bytesOf(await written(files(), at))).readUInt32LE(10);
  expect(await time(new Date(1970, 5, 1))).toBe(await time(new Date(1980, 0, 1)));
  expect(await time(new Date(2100, 1, 3, 4, 5, 6))).toBe(
    (120 * 512 + 2 * 32 + 3) * 65_536 + 4 * 2048 + 5 * 32 + 3,
  );
});

it('a name that no zip holds is refused', async () => {
  await expect(written([{ name: 'ä'.repeat(40_000), pieces: pieces('') }])).rejects.toBeInstanceOf(
    RangeError,
  );
});

async function read(zip: Awaited<ReturnType<typeof openZip>>, name: string): Promise<Buffer> {
  const entry = zip.entries.get(name);
  if (!entry) throw new Error(`no ${name}`);
  const parts: Uint8Array[] = [];
  for await (const piece of zip.read(entry)) parts.push(piece);
  return bytesOf(new Blob(parts as BlobPart[]));
}
