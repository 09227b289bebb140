/** Lines of the processor's caches. */
const ALIGNMENT = 64;

/** Hands out places in a memory that is made when all are known. */
export class Layout {
  // A pointer of 0 means none.
  #end = ALIGNMENT;

  /** Bytes so far. */
  get bytes(): number {
    return this.#end;
  }

  /** The place of `bytes` bytes, aligned for vectors. */
  take(bytes: number): number {
    const at = this.#end;
    this.#end = Math.ceil((at + bytes) / ALIGNMENT) * ALIGNMENT;
    return at;
  }

  floats(count: number): number {
    return this.take(count * Float32Array.BYTES_PER_ELEMENT);
  }

  int16s(count: number): number {
    return this.take(count * Int16Array.BYTES_PER_ELEMENT);
  }
}
