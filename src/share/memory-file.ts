/** Bytes in memory to be read as a file is: WebKit reads no Blob in a page that was opened from a disk. */
export class MemoryFile extends Blob {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = bytes;
  }

  override get size(): number {
    return this.#bytes.length;
  }

  override slice(start = 0, end = this.size): Blob {
    return new MemoryFile(this.#bytes.subarray(start, end));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#bytes).buffer;
  }
}
