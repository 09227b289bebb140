import type { VecdropError } from '../domain/errors.ts';
import { corrupt, unsupported } from './faults.ts';

/** Thrown where the header goes on behind the bytes at hand: read more and begin again. */
export class MoreNeeded extends Error {}

/** Reads little-endian values off the front of a file of which only the first bytes are at hand. */
export class Cursor {
  at = 0;
  private readonly view: DataView;
  private readonly bytes: Uint8Array;
  private readonly fileSize: number;
  private readonly name: string;
  private readonly text = new TextDecoder('utf-8', { ignoreBOM: true });

  /** `bytes`: the file's first bytes; `fileSize`: of the whole file; `name`: for messages. */
  constructor(bytes: Uint8Array, fileSize: number, name: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.fileSize = fileSize;
    this.name = name;
  }

  /** The error to throw for a fault of the file. */
  corrupt(fault: string): VecdropError {
    return corrupt(this.name, fault);
  }

  unsupported(fault: string): VecdropError {
    return unsupported(this.name, fault);
  }

  /** Bytes of the file behind this place. */
  get left(): number {
    return this.fileSize - this.at;
  }

  /** Moves over `length` bytes and returns where they begin. */
  skip(length: number): number {
    const from = this.at;
    if (length > this.left) throw this.corrupt('it ends too early');
    if (from + length > this.bytes.length) throw new MoreNeeded();
    this.at = from + length;
    return from;
  }

  u8(): number {
    return this.view.getUint8(this.skip(1));
  }

  u32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  /** 64 unsigned bits as a number: exact to 2^53, which is more than any file holds. */
  u64(): number {
    const from = this.skip(8);
    return this.view.getUint32(from, true) + this.view.getUint32(from + 4, true) * 2 ** 32;
  }

  /** A count of things that take `bytes` each: never more than the rest of the file holds. */
  count(bytes: number, what: string): number {
    const count = this.u64();
    if (count * bytes > this.left) throw this.corrupt(`${what} says ${count}, more than the file holds`);
    return count;
  }

  /** A length and as many bytes of UTF-8. */
  string(): string {
    const length = this.count(1, 'a text length');
    const from = this.skip(length);
    return this.text.decode(this.bytes.subarray(from, from + length));
  }

  /** `length` bytes of their own. */
  copy(length: number): ArrayBuffer {
    const from = this.skip(length);
    return this.bytes.slice(from, from + length).buffer as ArrayBuffer;
  }

  /** A view of the next `length` bytes. */
  viewOf(length: number): DataView {
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + this.skip(length), length);
  }
}
