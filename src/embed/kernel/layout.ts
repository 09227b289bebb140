/** Lines of the processor's caches. */
const ALIGNMENT = 64;

/** Hands out places in a memory that is made when all are known. */
export class Layout {
  #end: number;

  /** From `start` on, which is aligned; at the least behind a pointer of 0, which means none. */
  constructor(start = ALIGNMENT) {
    this.#end = start;
  }

  /** Where what was handed out ends. */
  get end(): number {
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
