import type { SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { Column, type Levels, runsOf } from './column.ts';

/** Vectors of float32, which lie in the file as they do in memory: they do not shrink, and time is lost in trying. */
export class VectorColumn extends Column<Float32Array | Int8Array> {
  readonly #dimensions: number;
  /** Of a page of so many vectors: nearly all pages have as many. */
  #levels: (Levels & { rows: number }) | undefined;

  constructor(schema: readonly SchemaElement[], dimensions: number, encoding: 'PLAIN' | 'RLE_DICTIONARY') {
    super(schema, { encoding, codec: 'UNCOMPRESSED' });
    this.#dimensions = dimensions;
  }

  protected append({ buffer, byteOffset, byteLength }: Float32Array | Int8Array): void {
    this.values.appendBytes(new Uint8Array(buffer, byteOffset, byteLength));
  }

  /** A vector begins with 0 and goes on with 1; none is empty and no number absent. */
  protected override levels(rows: number): Levels {
    if (this.#levels?.rows === rows) return this.#levels;
    const values = rows * this.#dimensions;
    const levels = new Uint8Array(values).fill(1);
    const definition = runsOf(levels);
    for (let at = 0; at < values; at += this.#dimensions) levels[at] = 0;
    this.#levels = { rows, values, nulls: 0, repetition: runsOf(levels), definition };
    return this.#levels;
  }
}

/**
 * Vectors of 8-bit numbers, which Parquet has only as integers of 32. They are indices of 8 bits into a dictionary of
 * all that there are, and so lie in the file as they do in memory too (RLE_DICTIONARY in parquet-format's Encodings.md).
 */
export class Int8VectorColumn extends VectorColumn {
  readonly #run = new ByteWriter();

  constructor(schema: readonly SchemaElement[], dimensions: number) {
    super(schema, dimensions, 'RLE_DICTIONARY');
  }

  /** All numbers, each at the place that its bits say when they are read without a sign. */
  protected override writeDictionary(pages: ByteWriter): void {
    const numbers = new ByteWriter();
    for (let bits = 0; bits < 256; bits++) numbers.appendInt32((bits << 24) >> 24);
    writePageHeader(pages, {
      type: 'DICTIONARY_PAGE',
      uncompressed_page_size: numbers.index,
      compressed_page_size: numbers.index,
      dictionary_page_header: { num_values: 256, encoding: 'PLAIN' },
    });
    pages.appendBytes(numbers.getBytes());
  }

  /** How many bits an index has, and one packed run of groups of eight, the last of them filled up. */
  protected override encoded({ values }: Levels): Uint8Array {
    const run = this.#run;
    run.index = 0;
    run.appendUint8(8);
    run.appendVarInt((Math.ceil(values / 8) << 1) | 1);
    run.appendBytes(this.values.getBytes());
    run.appendBytes(new Uint8Array(-values & 7));
    return run.getBytes();
  }
}
