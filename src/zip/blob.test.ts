import { describe, expect, it } from 'vitest';
import { openZip } from './blob.ts';
import { descriptor, directoryHeader, ending, localHeader, type WrittenEntry } from './records.ts';

const GB = 1024 ** 3;
/** More than numbers hold exactly. */
const BEYOND = 2n ** 53n;

/** Bytes at a place. */
type Part = readonly [at: number, bytes: Uint8Array];

/** What openZip() needs of a file that is all zeros but for a few parts, however large it is. */
function sparse(size: number, parts: readonly Part[], from = 0): Blob {
  const bytes = async () => {
    const all = new Uint8Array(size);
    for (const [place, part] of parts) {
      const at = place - from;
      const seen = part.subarray(Math.max(0, -at), Math.max(0, size - at));
      if (seen.length > 0) all.set(seen, Math.max(0, at));
    }
    return all;
  };
  return {
    size,
    slice(start = 0, end = size) {
      const [first, last] = [Math.min(start, size), Math.min(end, size)];
      return sparse(Math.max(0, last - first), parts, from + first);
    },
    arrayBuffer: async () => (await bytes()).buffer,
    stream: () =>
      new ReadableStream({
        async start(controller) {
          controller.enqueue(await bytes());
          controller.close();
        },
      }),
  } as Blob;
}

const CONTENT = new TextEncoder().encode('harbour');
const HARBOUR = { crc: 0x5b689c9a, bytes: CONTENT.length, packedBytes: CONTENT.length };

function entry(name: string, offset: number, more: Partial<WrittenEntry> = HARBOUR): WrittenEntry {
  const modified = new Date(2026, 0, 1);
  return { name, packed: false, modified, large: false, crc: 0, packedBytes: 0, bytes: 0, offset, ...more };
}

interface Change {
  /** What the directory says in place of what is there. */
  told?: readonly WrittenEntry[];
  directory?: (view: DataView) => void;
  ending?: (view: DataView) => void;
  /** Bytes before it all, which nothing in it knows of. */
  before?: number;
}

/** Entries whose bytes begin with CONTENT, then their directory and the ending. */
function archive(entries: readonly WrittenEntry[], change: Change = {}): Blob {
  const { before = 0, told = entries } = change;
  const parts: Part[] = [];
  let at = 0;
  for (const one of entries) {
    const header = localHeader(one);
    const from = one.offset + header.length;
    parts.push(
      [before + one.offset, header],
      [before + from, CONTENT],
      [before + from + one.packedBytes, descriptor(one)],
    );
    at = Math.max(at, from + one.packedBytes + descriptor(one).length);
  }
  const headers = Buffer.concat(told.map(directoryHeader));
  change.directory?.(new DataView(headers.buffer, headers.byteOffset, headers.length));
  const end = ending({ count: entries.length, offset: at, size: headers.length });
  change.ending?.(new DataView(end.buffer));
  parts.push([before + at, headers], [before + at + headers.length, end]);
  return sparse(before + at + headers.length + end.length, parts);
}

async function textOf(blob: Blob, name: string): Promise<string> {
  const zip = await openZip(blob);
  const found = zip.entries.get(name);
  if (!found) throw new Error(`There is no ${name}.`);
  let text = '';
  for await (const piece of zip.read(found)) text += new TextDecoder().decode(piece);
  return text;
}

const FAR = [entry('near', 0), entry('größe', 5 * GB), entry('far', 2000 * GB)];

describe('a zip beyond 4 GB', () => {
  it('is read wherever its entries lie', async () => {
    for (const { name } of FAR) expect(await textOf(archive(FAR), name)).toBe('harbour');
  });

  it('has entries that are larger than that', async () => {
    const bytes = 6 * GB;
    const blob = archive([
      entry('stored', 0, { bytes, packedBytes: bytes }),
      entry('packed', 7 * GB, { packed: true, bytes, packedBytes: 9 }),
      entry('last', 8 * GB),
    ]);
    const { entries } = await openZip(blob);
    expect(entries.get('stored')).toMatchObject({ offset: 0, bytes, packedBytes: bytes, method: 0 });
    expect(entries.get('packed')).toMatchObject({ offset: 7 * GB, bytes, packedBytes: 9, method: 8 });
    expect(await textOf(blob, 'last')).toBe('harbour');
  });

  it('is read where something was put before it, which moved all', async () => {
    const blob = archive(FAR, { before: 12_345 });
    for (const { name } of FAR) expect(await textOf(blob, name)).toBe('harbour');
  });

  it('is read where it has more entries than 16 bits count', async () => {
    const entries = Array.from({ length: 66_000 }, (_, i) => entry(`originals/${i}`, i * GB));
    const headers = Buffer.concat(entries.map(directoryHeader));
    const offset = 66_000 * GB;
    const end = ending({ count: entries.length, offset, size: headers.length });
    const parts: Part[] = [
      [offset, headers],
      [offset + headers.length, end],
    ];
    const zip = await openZip(sparse(offset + headers.length + end.length, parts));
    expect(zip.entries.size).toBe(66_000);
    expect(zip.entries.get('originals/65999')?.offset).toBe(65_999 * GB);
  });

  it('has 64 bits only for the numbers that need them', () => {
    expect(directoryHeader(entry('a', 4 * GB - 2)).length).toBe(46 + 1);
    expect(directoryHeader(entry('a', 4 * GB - 1)).length).toBe(46 + 1 + 4 + 8);
    expect(directoryHeader(entry('a', 4 * GB, { bytes: 5 * GB, packedBytes: 5 * GB })).length).toBe(
      47 + 4 + 24,
    );
    expect(descriptor(entry('a', 9 * GB)).length).toBe(16);
    expect(descriptor(entry('a', 0, { bytes: 5 * GB })).length).toBe(24);
    expect(ending({ count: 65_534, offset: 4 * GB - 2, size: 9 }).length).toBe(22);
    expect(ending({ count: 65_535, offset: 9, size: 9 }).length).toBe(22 + 56 + 20);
    expect(ending({ count: 1, offset: 4 * GB, size: 9 }).length).toBe(22 + 56 + 20);
  });
});

/** Places in the ending of a large archive: a record of 56 bytes, its locator, the end record. */
const RECORD = { count: 32, size: 40, offset: 48 };
const LOCATOR = 56;

describe('a zip that lies', () => {
  const refused = (blob: Blob) => expect(openZip(blob)).rejects.toBeInstanceOf(RangeError);

  it('about where its Zip64 record is', async () => {
    const nowhere = [7n, 2n ** 40n, BEYOND, 2n ** 64n - 1n];
    for (const place of nowhere) {
      const blob = archive(FAR, {
        ending(view) {
          view.setUint32(0, 0, true);
          view.setBigUint64(LOCATOR + 8, place, true);
        },
      });
      await refused(blob);
    }
    // What no locator points to is not looked for.
    await refused(archive(FAR, { ending: view => view.setUint32(LOCATOR, 0, true) }));
  });

  it.each(Object.entries(RECORD))('about the %s of its directory', async (_, at) => {
    for (const value of [BEYOND, 2n ** 63n, 2n ** 64n - 1n, 2n ** 50n]) {
      await refused(archive(FAR, { ending: view => view.setBigUint64(at, value, true) }));
    }
  });

  it('about how many entries there are', async () => {
    await refused(archive(FAR, { ending: view => view.setBigUint64(RECORD.count, 4n, true) }));
    await refused(archive(FAR, { ending: view => view.setBigUint64(RECORD.count, 1_000_000n, true) }));
  });

  /** Where the fields of the second entry begin, and those of its Zip64 field. */
  const second = directoryHeader(FAR[0] as WrittenEntry).length;
  const field = second + 46 + new TextEncoder().encode('größe').length;

  it('with numbers in an entry that no file reaches', async () => {
    await refused(archive(FAR, { directory: view => view.setBigUint64(field + 4, BEYOND, true) }));
  });

  it('with a Zip64 field that is cut short, or is not there', async () => {
    // Shorter than the number that should be in it; longer than all that is there; another field.
    await refused(archive(FAR, { directory: view => view.setUint16(field + 2, 4, true) }));
    for (const [at, value] of [
      [field + 2, 0xffff],
      [field, 0x7777],
    ] as const) {
      const blob = archive(FAR, { directory: view => view.setUint16(at, value, true) });
      await expect(textOf(blob, 'größe')).rejects.toBeInstanceOf(RangeError);
      expect(await textOf(blob, 'near')).toBe('harbour');
    }
  });

  it('with a name or a field that reaches out of the directory', async () => {
    const last = second + directoryHeader(FAR[1] as WrittenEntry).length;
    for (const at of [28, 30]) {
      await refused(archive(FAR, { directory: view => view.setUint16(last + at, 9999, true) }));
    }
  });

  it('with entries that share bytes, far out', async () => {
    const twice = [entry('a', 5 * GB), entry('b', 5 * GB + 20), entry('c', 9 * GB)];
    await refused(archive(twice));
    await refused(archive([entry('a', 0, { bytes: 1, packedBytes: 6 * GB }), entry('b', 5 * GB)]));
  });

  it('about what an entry holds', async () => {
    const lies = [
      { bytes: 6 },
      { bytes: 5 * GB },
      { packedBytes: 6 },
      { packedBytes: 2 ** 52, bytes: 2 ** 52 },
      { crc: 1 },
      { offset: 2000 * GB + 1 },
      { offset: 2 ** 52 },
    ];
    for (const lie of lies) {
      const told = [...FAR.slice(0, 2), entry('far', 2000 * GB, { ...HARBOUR, ...lie })];
      const blob = archive(FAR, { told });
      await expect(textOf(blob, 'far'), JSON.stringify(lie)).rejects.toBeInstanceOf(RangeError);
      expect(await textOf(blob, 'near')).toBe('harbour');
    }
  });

  it('in any of its last bytes', async () => {
    const whole = archive(FAR);
    const tail = new Uint8Array(await whole.slice(whole.size - 330).arrayBuffer());
    for (let at = 0; at < tail.length; at++) {
      const hurt = sparse(whole.size, [
        [0, localHeader(FAR[0] as WrittenEntry)],
        [whole.size - tail.length, tail.with(at, 0xff)],
      ]);
      // Opened or refused: what is thrown is what users of a zip know.
      await openZip(hurt).catch(error => expect(error).toBeInstanceOf(RangeError));
    }
  });
});
