import type { ColumnMetaData, DecodedArray, PageHeader } from 'hyparquet';
import { parquetHeader, readPage } from 'hyparquet/src/column.js';
import { convert } from 'hyparquet/src/convert.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { bytesOf, joined } from './bytes.ts';
import { brokenOff } from './limits.ts';
import { checkRuns } from './parquet-runs.ts';
import { type VectorShape, vectorPage, vectorShape } from './parquet-vectors.ts';

/** What hyparquet must know of a leaf column to read its pages. */
export type ColumnDecoder = Parameters<typeof readPage>[2];

/** Bytes read at once; no header of a page is longer. */
const WINDOW = 1024 * 1024;
/** Bytes of a page, packed or not. Writers make pages of 1 MB. */
const MAX_PAGE = 512 * 1024 * 1024;
/** Numbers, or texts, of a page. */
const MAX_VALUES = 2 ** 24;

/**
 * The rows of one leaf column in one row group, a page at a time: row groups are often the whole file, of which no
 * worker could hold the vectors as JavaScript's lists. Lists are still nested as their levels are (see `assembleNested`).
 */
export class ColumnPages {
  readonly #file: Blob;
  readonly #decoder: ColumnDecoder;
  /** Whether a row may go on in the next page. */
  readonly #repeated: boolean;
  readonly #vectors: VectorShape | undefined;
  #dictionary: DecodedArray | undefined;
  #window = new Uint8Array(0);
  /** Where the window begins in the file, and what of it was read. */
  #windowAt: number;
  #at: number;
  readonly #end: number;
  /** Rows read and not taken; of repeated ones the last may not be whole. */
  #rows: unknown[] = [];

  constructor(file: Blob, meta: ColumnMetaData, decoder: ColumnDecoder) {
    this.#file = file;
    this.#decoder = decoder;
    this.#repeated = decoder.schemaPath.some(({ element }) => element.repetition_type === 'REPEATED');
    this.#vectors = vectorShape(decoder.schemaPath, decoder.type);
    // Some writers name a dictionary at 0, which is where the file begins.
    this.#at = Number(meta.dictionary_page_offset || meta.data_page_offset);
    this.#windowAt = this.#at;
    this.#end = this.#at + Number(meta.total_compressed_size);
    if (!(this.#at >= 4 && this.#end > this.#at && this.#end <= file.size)) throw brokenOff(0);
  }

  /** The next rows, as many as are wanted. Throws RangeError where there are fewer. */
  async take(count: number, signal: AbortSignal): Promise<unknown[]> {
    while (this.#rows.length < count + (this.#repeated && this.#at < this.#end ? 1 : 0)) {
      if (this.#at >= this.#end) throw new RangeError('A column has too few rows.');
      signal.throwIfAborted();
      await this.#nextPage();
    }
    return this.#rows.splice(0, count);
  }

  async #nextPage(): Promise<void> {
    await this.#need(Math.min(WINDOW, this.#end - this.#at));
    const reader = { view: this.#view(), offset: 0 };
    const header = parquetHeader(reader);
    const packed = header.compressed_page_size;
    check(header);
    if (packed > this.#end - this.#at - reader.offset)
      throw new RangeError('A page is longer than its column.');
    this.#at += reader.offset;
    await this.#need(packed);
    const { buffer, byteOffset } = this.#view();
    const bytes = new Uint8Array(buffer, byteOffset, packed);
    this.#at += packed;
    if (header.type !== 'INDEX_PAGE' && valuesOf(header) > 0)
      this.#take(unpacked(bytes, header, this.#decoder));
  }

  #take({ bytes, header }: Page): void {
    const decoder = { ...this.#decoder, codec: 'UNCOMPRESSED' as const };
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
    if (header.type === 'DICTIONARY_PAGE') {
      const { data = [] } = readPage(reader, header, decoder, undefined, undefined, 0);
      this.#dictionary = convert(data, decoder);
      return;
    }
    if (this.#vectors) {
      this.#addVectors(bytes, header, this.#vectors);
      return;
    }
    checkRuns(bytes, header, decoder.type, decoder.schemaPath);
    const open = this.#repeated && this.#rows.length > 0 ? [this.#rows.pop()] : undefined;
    const { data = [] } = readPage(reader, header, decoder, this.#dictionary, open, 0);
    for (let i = 0; i < data.length; i++) this.#rows.push(data[i]);
  }

  #addVectors(bytes: Uint8Array, header: PageHeader, shape: VectorShape): void {
    const { rows, continues } = vectorPage(bytes, header, shape, this.#dictionary);
    if (continues && this.#rows.length > 0) {
      const parts = [unwrapped(this.#rows.pop(), shape), rows[0]].map(part => part ?? new Float32Array(0));
      const [before, rest] = parts as [Float32Array, Float32Array];
      const whole = new Float32Array(before.length + rest.length);
      whole.set(before);
      whole.set(rest, before.length);
      rows[0] = whole;
    }
    // As deep as levels are: what may be null is a list of one or none.
    for (const row of rows) this.#rows.push(shape.nullable === 1 ? [row] : row);
  }

  /** Has so many bytes from the place at hand on in the window. */
  async #need(bytes: number): Promise<void> {
    const held = this.#windowAt + this.#window.length - this.#at;
    if (held >= bytes) return;
    const end = Math.min(this.#end, this.#at + Math.max(bytes, WINDOW));
    this.#window = await bytesOf(this.#file, this.#at, end);
    this.#windowAt = this.#at;
  }

  #view(): DataView<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.#window;
    const skipped = this.#at - this.#windowAt;
    return new DataView(buffer as ArrayBuffer, byteOffset + skipped, byteLength - skipped);
  }
}

function unwrapped(row: unknown, { nullable }: VectorShape): Float32Array | undefined {
  return (nullable === 1 ? (row as unknown[])[0] : row) as Float32Array | undefined;
}

/** A page as it is before it is packed. */
interface Page {
  bytes: Uint8Array;
  header: PageHeader;
}

function unpacked(bytes: Uint8Array, header: PageHeader, { codec, compressors }: ColumnDecoder): Page {
  const { uncompressed_page_size: size, data_page_header_v2: second } = header;
  if (!second) {
    const plain = decompressPage(bytes, size, codec, compressors);
    return { bytes: plain, header: { ...header, compressed_page_size: size } };
  }
  // Its levels are never packed.
  const levels = second.repetition_levels_byte_length + second.definition_levels_byte_length;
  const rest = bytes.subarray(levels);
  const data =
    second.is_compressed === false ? rest : decompressPage(rest, size - levels, codec, compressors);
  const plain = joined([bytes.subarray(0, levels), data]);
  const data_page_header_v2 = { ...second, is_compressed: false };
  return { bytes: plain, header: { ...header, compressed_page_size: plain.length, data_page_header_v2 } };
}

function check(header: PageHeader): void {
  const { compressed_page_size: packed, uncompressed_page_size: plain } = header;
  const within = (value: number, most: number) => Number.isInteger(value) && value >= 0 && value <= most;
  if (within(packed, MAX_PAGE) && within(plain, MAX_PAGE) && within(valuesOf(header), MAX_VALUES)) return;
  throw new RangeError('The sizes of a page make no sense.');
}

function valuesOf(header: PageHeader): number {
  const { data_page_header, data_page_header_v2, dictionary_page_header } = header;
  return (data_page_header ?? data_page_header_v2 ?? dictionary_page_header)?.num_values ?? 0;
}
