import type { ColumnChunk, OffsetIndex } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import type { ExportHeader } from '../../format.ts';

/** As writers make them: what a reader holds at a time. */
const PAGE_BYTES = 1024 * 1024;

/** What the footer says of a column in one row group, and where its pages begin. */
export interface WrittenColumn {
  chunk: ColumnChunk;
  offsetIndex: OffsetIndex;
}

/**
 * A column of vectors, written as its bytes lie in memory: the library makes three lists of JavaScript's of every
 * number in a row group, and the garbage of that is more than all else that an export holds.
 *
 * Float32 numbers are there as they are (PLAIN). Numbers of 8 bits, which Parquet has only as integers of 32, are
 * indices into a dictionary of all 256 (RLE_DICTIONARY). Format: parquet-format's README.md and Encodings.md.
 */
export class VectorColumn {
  readonly #path: string[];
  readonly #dimensions: number;
  readonly #numbers: Float32Array | Int8Array;
  readonly #pageRows: number;
  #rows = 0;
  /** The repetition levels of a full page, which are always the same. */
  #fullLevels: Uint8Array | undefined;

  /** Holds as many vectors as `bytes` have room for, but no more than will come. */
  constructor(name: string, { dimensions, precision, records }: ExportHeader, bytes: number) {
    const Numbers = precision === 'int8' ? Int8Array : Float32Array;
    const vector = dimensions * Numbers.BYTES_PER_ELEMENT;
    const rows = Math.max(1, Math.min(records, Math.floor(bytes / vector)));
    this.#path = [name, 'list', 'element'];
    this.#dimensions = dimensions;
    this.#numbers = new Numbers(rows * dimensions);
    this.#pageRows = Math.max(1, Math.floor(PAGE_BYTES / vector));
  }

  /** Its bytes; there must be room. */
  add(vector: ArrayLike<number>): number {
    this.#numbers.set(vector, this.#rows * this.#dimensions);
    this.#rows += 1;
    return vector.length * this.#numbers.BYTES_PER_ELEMENT;
  }

  get isFull(): boolean {
    return this.#rows * this.#dimensions === this.#numbers.length;
  }

  /**
   * The vectors since the last time, where `writer` stands in the file. Heads and levels are handed on out of the
   * writer, numbers out of the memory that they are held in.
   */
  *write(writer: ByteWriter): Generator<Uint8Array, WrittenColumn> {
    const start = writer.offset;
    const small = this.#numbers instanceof Int8Array;
    if (small) writeDictionary(writer);
    const firstPage = writer.offset;
    const locations: OffsetIndex['page_locations'] = [];
    for (let row = 0; row < this.#rows; row += this.#pageRows) {
      const offset = writer.offset;
      const numbers = this.#numbers.subarray(
        row * this.#dimensions,
        Math.min(row + this.#pageRows, this.#rows) * this.#dimensions,
      );
      this.#writeHead(writer, numbers.length);
      yield taken(writer);
      yield new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
      writer.offset += numbers.byteLength;
      if (small) writer.appendBytes(new Uint8Array(filling(numbers.length)));
      locations.push({
        offset: BigInt(offset),
        compressed_page_size: writer.offset - offset,
        first_row_index: BigInt(row),
      });
    }
    yield taken(writer);
    const bytes = BigInt(writer.offset - start);
    const chunk: ColumnChunk = {
      file_offset: BigInt(start),
      meta_data: {
        type: small ? 'INT32' : 'FLOAT',
        encodings: small ? ['PLAIN', 'RLE_DICTIONARY'] : ['PLAIN'],
        path_in_schema: this.#path,
        // Vectors do not shrink, and time is lost in trying.
        codec: 'UNCOMPRESSED',
        num_values: BigInt(this.#rows * this.#dimensions),
        total_uncompressed_size: bytes,
        total_compressed_size: bytes,
        data_page_offset: BigInt(firstPage),
        ...(small ? { dictionary_page_offset: BigInt(start) } : {}),
      },
    };
    this.#rows = 0;
    return { chunk, offsetIndex: { page_locations: locations } };
  }

  /** A page up to its numbers. */
  #writeHead(writer: ByteWriter, numbers: number): void {
    const head = new ByteWriter();
    const repetition = this.#levels(numbers);
    head.appendBytes(repetition);
    // Definition levels: no list is empty and no number absent, so one run of ones says all.
    head.appendVarInt(numbers << 1);
    head.appendUint8(1);
    const levels = head.offset;
    const small = this.#numbers instanceof Int8Array;
    if (small) {
      // Indices have 8 bits each, and are one packed run of groups of 8.
      head.appendUint8(8);
      head.appendVarInt((Math.ceil(numbers / 8) << 1) | 1);
    }
    const bytes = head.offset + numbers * this.#numbers.BYTES_PER_ELEMENT + (small ? filling(numbers) : 0);
    writePageHeader(writer, {
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: bytes,
      compressed_page_size: bytes,
      data_page_header_v2: {
        num_values: numbers,
        num_nulls: 0,
        num_rows: numbers / this.#dimensions,
        encoding: small ? 'RLE_DICTIONARY' : 'PLAIN',
        repetition_levels_byte_length: repetition.length,
        definition_levels_byte_length: levels - repetition.length,
        is_compressed: false,
      },
    });
    writer.appendBytes(head.getBytes());
  }

  /** Repetition levels: 0 where a row begins, and 1. */
  #levels(numbers: number): Uint8Array {
    const full = numbers === this.#pageRows * this.#dimensions;
    if (full && this.#fullLevels) return this.#fullLevels;
    const levels = new Uint8Array(numbers).fill(1);
    for (let at = 0; at < numbers; at += this.#dimensions) levels[at] = 0;
    const runs = new ByteWriter();
    writeRleBitPackedHybrid(runs, levels, 1);
    if (full) this.#fullLevels = runs.getBytes();
    return runs.getBytes();
  }
}

/** All numbers of 8 bits, each at the place that the same bits without a sign say. */
function writeDictionary(writer: ByteWriter): void {
  const page = new ByteWriter();
  for (let bits = 0; bits < 256; bits++) page.appendInt32((bits << 24) >> 24);
  writePageHeader(writer, {
    type: 'DICTIONARY_PAGE',
    uncompressed_page_size: page.offset,
    compressed_page_size: page.offset,
    dictionary_page_header: { num_values: 256, encoding: 'PLAIN' },
  });
  writer.appendBytes(page.getBytes());
}

/** Bytes that a packed run of 8 bits a number lacks to whole groups. */
function filling(numbers: number): number {
  return -numbers & 7;
}

/** What the writer holds, which is its own again when the next piece is asked for. */
export function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes();
  writer.index = 0;
  return bytes;
}
