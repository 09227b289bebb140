import { createXXHash3 } from 'hash-wasm';
import { VecdropError } from '../domain/errors.ts';

/** Bytes of a piece's body at the most: what storage takes at once without a pause. */
const LARGEST_PIECE = 8 << 20;
const MAGIC = 0x56445049;
const HASH_AT = 16;
const HEAD_BYTES = 24;

type Saved = Uint8Array<ArrayBuffer>;
type Arrays = Record<string, ArrayBufferView>;

/** What the first piece says of the others. */
interface Contents {
  kind: string;
  version: number;
  numbers: Record<string, number>;
  /** Bytes of each array, in order. */
  lengths: Record<string, number>;
}

/**
 * Numbers and arrays as pieces of bytes, each with its place, the mark of the whole it belongs to, and a checksum
 * (XXH3-64). The arrays must not change while pieces are taken. A version is raised whenever what is saved means
 * something else.
 */
export async function* seal(
  kind: string,
  version: number,
  numbers: Record<string, number>,
  arrays: Arrays,
): AsyncGenerator<Saved> {
  const mark = crypto.getRandomValues(new Uint32Array(1))[0] as number;
  const lengths = Object.fromEntries(
    Object.entries(arrays).map(([name, { byteLength }]) => [name, byteLength]),
  );
  const contents: Contents = { kind, version, numbers, lengths };
  const hash = await hasher();
  let index = 0;
  yield piece(hash, mark, index++, new TextEncoder().encode(JSON.stringify(contents)));
  for (const { buffer, byteOffset, byteLength } of Object.values(arrays)) {
    for (let at = 0; at < byteLength; at += LARGEST_PIECE) {
      const length = Math.min(LARGEST_PIECE, byteLength - at);
      yield piece(hash, mark, index++, new Uint8Array(buffer, byteOffset + at, length));
    }
  }
}

/**
 * Reads what `seal` made. `place` gets the numbers and the arrays' bytes, and gives the arrays that they are read
 * into, each of that many bytes. Throws 'storage/failed' for pieces that are damaged, missing, mixed up, or of another
 * kind or version; what was placed by then must be thrown away.
 */
export async function unseal<T extends Arrays>(
  kind: string,
  version: number,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  place: (numbers: Record<string, number>, lengths: Record<string, number>) => T | Promise<T>,
): Promise<T> {
  const hash = await hasher();
  let index = 0;
  let mark = 0;
  let arrays: T | undefined;
  let left: Uint8Array[] = [];
  for await (const bytes of pieces) {
    const head = checkedHead(hash, bytes, index);
    const body = bytes.subarray(HEAD_BYTES);
    if (index++ === 0) {
      mark = head.mark;
      const contents: Contents = JSON.parse(new TextDecoder().decode(body));
      if (contents.kind !== kind || contents.version !== version)
        throw unreadable('it is of another version');
      arrays = await place(contents.numbers, contents.lengths);
      left = Object.entries(arrays).map(([name, { buffer, byteOffset, byteLength }]) => {
        if (byteLength !== contents.lengths[name]) throw unreadable(`its ${name} have another size`);
        return new Uint8Array(buffer, byteOffset, byteLength);
      });
    } else {
      if (head.mark !== mark) throw unreadable('it was put together from two');
      while (left[0]?.length === 0) left.shift();
      const target = left[0];
      if (!target || target.length < body.length) throw unreadable('it holds more than it says');
      target.set(body);
      left[0] = target.subarray(body.length);
    }
  }
  if (!arrays || left.some(({ length }) => length > 0)) throw unreadable('it is not whole');
  return arrays;
}

/** A saved index that cannot be used. */
export function unreadable(fault: string): VecdropError {
  return new VecdropError(
    'storage/failed',
    `The saved search index cannot be used: ${fault}. It is made again from the collection.`,
  );
}

/** The checksum of a piece: of all its bytes but the checksum. */
type Hash = (piece: Uint8Array) => Uint8Array;

async function hasher(): Promise<Hash> {
  const xxh3 = await createXXHash3();
  return piece =>
    xxh3.init().update(piece.subarray(0, HASH_AT)).update(piece.subarray(HEAD_BYTES)).digest('binary');
}

/** Magic, index, mark, bytes of the body, checksum; then the body. */
function piece(hash: Hash, mark: number, index: number, body: Uint8Array): Saved {
  const bytes = new Uint8Array(HEAD_BYTES + body.length);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, MAGIC, true);
  head.setUint32(4, index, true);
  head.setUint32(8, mark, true);
  head.setUint32(12, body.length, true);
  bytes.set(body, HEAD_BYTES);
  bytes.set(hash(bytes), HASH_AT);
  return bytes;
}

function checkedHead(hash: Hash, bytes: Uint8Array, index: number): { mark: number } {
  if (bytes.length < HEAD_BYTES) throw unreadable('a piece is cut off');
  const head = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES);
  const expected = bytes.subarray(HASH_AT, HEAD_BYTES);
  if (
    head.getUint32(0, true) !== MAGIC ||
    head.getUint32(12, true) !== bytes.length - HEAD_BYTES ||
    hash(bytes).some((value, i) => value !== expected[i])
  ) {
    throw unreadable('a piece is damaged');
  }
  if (head.getUint32(4, true) !== index) throw unreadable('a piece is missing');
  return { mark: head.getUint32(8, true) };
}
