import type { ColumnChunk, Encoding, OffsetIndex, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';

/** Of values, before they are packed; as writers make them. */
const PAGE_BYTES = 1024 * 1024;

/** A column in one row group: its bytes, what the footer says of them, and where its pages begin. */
export interface WrittenColumn {
  bytes: Uint8Array;
  chunk: ColumnChunk;
  offsetIndex: OffsetIndex;
}

/** Of a page: how deep each value is nested, in runs of one bit a level, and how many are absent. */
export interface Levels {
  values: number;
  nulls: number;
  repetition: Uint8Array;
  definition: Uint8Array;
}

const NONE = new Uint8Array(0);

/** How a column's values are kept in the file. */
interface Packing {
  encoding: Encoding;
  codec: 'SNAPPY' | 'UNCOMPRESSED';
}

/**
 * A column of a Parquet file, which holds the bytes of one row group and not its values: as values, texts and numbers
 * outlive the quick collections of garbage by the ten thousand. Pages are of version 2 (parquet-format's README.md).
 */
export abstract class Column<Cell> {
  /** From the column down to its values. */
  readonly schema: readonly SchemaElement[];
  readonly #packing: Packing;
  /** Values of the page under way. */
  protected readonly values = new ByteWriter();
  #pageRows = 0;
  /** Pages that are done. */
  readonly #pages = new ByteWriter();
  #locations: { at: number; bytes: number; row: number }[] = [];
  #rows = 0;
  #count = 0;
  #unpacked = 0;

  constructor(schema: readonly SchemaElement[], packing: Packing = { encoding: 'PLAIN', codec: 'SNAPPY' }) {
    this.schema = schema;
    this.#packing = packing;
  }

  /** Held of the row group under way. */
  get bytes(): number {
    return this.#pages.index + this.values.index;
  }

  add(cell: Cell): void {
    this.append(cell);
    this.#pageRows += 1;
    if (this.values.index >= PAGE_BYTES) this.#endPage();
  }

  /** Ends the row group; its bytes will be at `offset` of the file, and hold until the next cell is added. */
  end(offset: number): WrittenColumn {
    if (this.#pageRows > 0) this.#endPage();
    const bytes = this.#pages.getBytes();
    const [first] = this.#locations;
    const dictionary = first !== undefined && first.at > 0;
    const chunk: ColumnChunk = {
      file_offset: BigInt(offset),
      meta_data: {
        type: this.schema.at(-1)?.type ?? 'BYTE_ARRAY',
        encodings: dictionary ? ['PLAIN', this.#packing.encoding] : [this.#packing.encoding],
        path_in_schema: this.schema.map(({ name }) => name),
        codec: this.#packing.codec,
        num_values: BigInt(this.#count),
        total_uncompressed_size: BigInt(this.#unpacked),
        total_compressed_size: BigInt(bytes.length),
        data_page_offset: BigInt(offset + (first?.at ?? 0)),
        ...(dictionary ? { dictionary_page_offset: BigInt(offset) } : {}),
      },
    };
    const page_locations = this.#locations.map(({ at, bytes: compressed_page_size, row }) => ({
      offset: BigInt(offset + at),
      compressed_page_size,
      first_row_index: BigInt(row),
    }));
    this.#pages.index = 0;
    this.#locations = [];
    this.#rows = 0;
    this.#count = 0;
    this.#unpacked = 0;
    return { bytes, chunk, offsetIndex: { page_locations } };
  }

  /** Puts a cell behind the others of the page. */
  protected abstract append(cell: Cell): void;

  /** What stands before the pages of a row group. */
  protected writeDictionary(_pages: ByteWriter): void {}

  /** The levels of a page that ends. */
  protected levels(rows: number): Levels {
    return { values: rows, nulls: 0, repetition: NONE, definition: NONE };
  }

  /** A page's values as its encoding has them. */
  protected encoded(_levels: Levels): Uint8Array {
    return this.values.getBytes();
  }

  #endPage(): void {
    const pages = this.#pages;
    const { encoding, codec } = this.#packing;
    if (this.#locations.length === 0) {
      this.writeDictionary(pages);
      this.#unpacked += pages.index;
    }
    const at = pages.index;
    const levels = this.levels(this.#pageRows);
    const { values, nulls, repetition, definition } = levels;
    const plain = this.encoded(levels);
    const packed = codec === 'SNAPPY' ? snappyCompress(plain) : plain;
    const length = repetition.length + definition.length;
    writePageHeader(pages, {
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: length + plain.length,
      compressed_page_size: length + packed.length,
      data_page_header_v2: {
        num_values: values,
        num_nulls: nulls,
        num_rows: this.#pageRows,
        encoding,
        repetition_levels_byte_length: repetition.length,
        definition_levels_byte_length: definition.length,
        is_compressed: codec !== 'UNCOMPRESSED',
      },
    });
    for (const part of [repetition, definition, packed]) pages.appendBytes(part);
    this.#unpacked += pages.index - at - packed.length + plain.length;
    this.#locations.push({ at, bytes: pages.index - at, row: this.#rows });
    this.#rows += this.#pageRows;
    this.#count += values;
    this.#pageRows = 0;
    this.values.index = 0;
  }
}

/** Levels of one bit each as runs (parquet-format's Encodings.md). */
export function runsOf(levels: number[] | Uint8Array): Uint8Array {
  const runs = new ByteWriter();
  writeRleBitPackedHybrid(runs, levels, 1);
  return runs.getBytes();
}
