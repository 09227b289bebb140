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

async function read(zip: Awaited<ReturnType<typeof openZip>>, name: string): Promise<Buffer> {
  const entry = zip.entries.get(name);
  if (!entry) throw new Error(`no ${name}`);
  const parts: Uint8Array[] = [];
  for await (const piece of zip.read(entry)) parts.push(piece);
  return bytesOf(new Blob(parts as BlobPart[]));
}
