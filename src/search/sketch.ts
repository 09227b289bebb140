import { type Cosine, PAGE, startCosine } from './cosine.ts';
import { roundQuery, strideOf } from './layout.ts';
import type { RowRange } from './ranges.ts';
import { Best } from './ranking.ts';
import { resized } from './room.ts';

/** Rows whose products are taken at a time. */
const AT_ONCE = 1024;
/** Rows that are rounded at a time. */
const ROUNDED = 128;
/** With more candidates than this, reading all of the rows once costs no more than reading those. */
const MOST = 4096;
/** Below so many rows, the rows themselves are read as fast. */
const FROM = 8192;
/** What float32 may lose of a score, and of the length of an error, on the way. */
const SLACK = 1e-5;
const INFLATE = 1.0001;

/** Where a memory has what: products, factors, errors and indices found, then the query, rows to round, and the rows. */
const PRODUCTS_AT = 0;
const FACTORS_AT = AT_ONCE * 4;
const ERRORS_AT = AT_ONCE * 8;
const FOUND_AT = AT_ONCE * 12;
const QUERY_AT = AT_ONCE * 16;

/**
 * The rows of a matrix once more, rounded to 8 bits, with how far each lies from what it was rounded from. A quarter of
 * the bytes then tells which rows cannot be among the nearest: by the Cauchy–Schwarz inequality a score differs from the
 * rounded row's by no more than |query − rounded query| · |rounded row| + |query| · |row − rounded row|. The rows that
 * are left are few, and hold the exact nearest whatever the vectors are.
 */
export class Sketch {
  private readonly dimensions: number;
  private readonly stages: Cosine;
  private readonly memory: WebAssembly.Memory;
  /** What a row's product is multiplied with to give its score; 0 for no row. */
  private factors = new Float32Array(0);
  /** How far a row of length 1 lies from its rounded one, at most. */
  private errors = new Float32Array(0);
  private widest = 0;

  private constructor(dimensions: number, stages: Cosine, memory: WebAssembly.Memory) {
    this.dimensions = dimensions;
    this.stages = stages;
    this.memory = memory;
  }

  /** An empty one for vectors of so many numbers. */
  static async create(dimensions: number): Promise<Sketch> {
    const { stages, memory } = await startCosine(rowsAt(dimensions));
    return new Sketch(dimensions, stages, memory);
  }

  /** Bytes that a row takes, and that are taken beside the rows. */
  static bytesOf(dimensions: number): { row: number; fixed: number } {
    return { row: strideOf(dimensions, 'int8') + 8, fixed: rowsAt(dimensions) };
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.memory.buffer.byteLength + this.factors.byteLength + this.errors.byteLength;
  }

  /** Makes room for rows below `rows`. Throws RangeError where there is no memory. */
  reserve(rows: number): void {
    if (rows <= this.factors.length) return;
    const missing = this.place(rows) - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    this.factors = resized(this.factors, rows);
    this.errors = resized(this.errors, rows);
  }

  /**
   * Sets rows from `first` on, for which there is room: `rows` as the matrix has them, each padded with zeros to whole
   * 16 bytes, and the factor of each that brings it to length 1, or 0 for no row.
   */
  set(first: number, rows: Float32Array, factors: Float32Array): void {
    const { stages, memory, dimensions } = this;
    const stride = strideOf(dimensions, 'float32');
    const width = strideOf(dimensions, 'int8');
    for (let at = 0; at < factors.length; at += ROUNDED) {
      const count = Math.min(ROUNDED, factors.length - at);
      const from = stagingAt(dimensions);
      new Float32Array(memory.buffer, from).set(
        rows.subarray((at * stride) / 4, ((at + count) * stride) / 4),
      );
      const packed = this.place(first + at);
      stages.pack8(from, stride, count, packed, width, FACTORS_AT);
      stages.distances8(from, stride, packed, width, FACTORS_AT, count, ERRORS_AT);
      const scales = new Float32Array(memory.buffer, FACTORS_AT, count);
      const distances = new Float32Array(memory.buffer, ERRORS_AT, count);
      for (let i = 0; i < count; i++) {
        const factor = factors[at + i] as number;
        const error = factor * (distances[i] as number) * INFLATE;
        this.factors[first + at + i] = factor * (scales[i] as number);
        this.errors[first + at + i] = error;
        this.widest = Math.max(this.widest, error);
      }
    }
  }

  /** Takes the rows of a range away. */
  remove({ first, end }: RowRange): void {
    this.factors.fill(0, first, end);
  }

  /**
   * Those of the rows in `ranges` that may be among the `k` with the largest cosine, of which none is missing;
   * undefined where reading all of the rows is the better way.
   */
  candidates(query: Float32Array, k: number, ranges: readonly RowRange[]): RowRange[] | undefined {
    if (ranges.reduce((sum, { first, end }) => sum + end - first, 0) < FROM) return undefined;
    const length = Math.hypot(...query);
    if (!(length > 0 && length < Number.POSITIVE_INFINITY)) return undefined;
    const { scale, error } = this.placeQuery(query.map(value => value / length));
    const slack = SLACK + error * (1 + this.widest);
    // The k-th of the lowest that scores may be: what cannot be higher is out.
    const lowest = new Best(k);
    let rows: number[] = [];
    let highest: number[] = [];
    const drop = () => {
      const kept = rows.map((_, i) => i).filter(i => (highest[i] as number) > lowest.least);
      rows = kept.map(i => rows[i] as number);
      highest = kept.map(i => highest[i] as number);
    };
    for (const block of this.blocks(scale, slack, ranges, () => lowest.least)) {
      for (const i of block.found) {
        const most = block.highest[i] as number;
        const row = block.first + i;
        const least = most - 2 * (slack + (this.errors[row] as number));
        if (least > lowest.least) lowest.offer(row, least);
        rows.push(row);
        highest.push(most);
      }
      if (rows.length > MOST) drop();
      if (rows.length > MOST) return undefined;
    }
    drop();
    return rows.map(row => ({ first: row, end: row + 1 }));
  }

  /** The rows of ranges block by block, with the highest that their scores may be, and which are above the least. */
  private *blocks(scale: number, slack: number, ranges: readonly RowRange[], least: () => number) {
    const { stages, memory, dimensions, factors, errors } = this;
    const width = strideOf(dimensions, 'int8');
    const staged = new Float32Array(memory.buffer, FACTORS_AT, AT_ONCE);
    const strays = new Float32Array(memory.buffer, ERRORS_AT, AT_ONCE);
    const highest = new Float32Array(memory.buffer, PRODUCTS_AT, AT_ONCE);
    const found = new Int32Array(memory.buffer, FOUND_AT, AT_ONCE);
    for (const { first, end } of ranges) {
      for (let row = first; row < end; row += AT_ONCE) {
        const count = Math.min(AT_ONCE, end - row);
        staged.set(factors.subarray(row, row + count));
        strays.set(errors.subarray(row, row + count));
        stages.dots8(QUERY_AT, this.place(row), width, count, PRODUCTS_AT);
        const many = stages.highest(
          PRODUCTS_AT,
          FACTORS_AT,
          ERRORS_AT,
          count,
          scale,
          slack,
          least(),
          FOUND_AT,
        );
        yield { first: row, highest, found: found.subarray(0, many) };
      }
    }
  }

  /** Puts the query, rounded, where the products read it; returns what they are multiplied with, and its own error. */
  private placeQuery(query: Float32Array): { scale: number; error: number } {
    const packed = new Int16Array(this.memory.buffer, QUERY_AT, strideOf(this.dimensions, 'int8')).fill(0);
    const scale = roundQuery(query, packed);
    const away = query.reduce((sum, value, i) => sum + (value - (packed[i] as number) * scale) ** 2, 0);
    return { scale, error: Math.sqrt(away) };
  }

  private place(row: number): number {
    return rowsAt(this.dimensions) + row * strideOf(this.dimensions, 'int8');
  }
}

/** Where rows to be rounded are put, behind the query. */
function stagingAt(dimensions: number): number {
  return QUERY_AT + strideOf(dimensions, 'int8') * 2;
}

function rowsAt(dimensions: number): number {
  return stagingAt(dimensions) + ROUNDED * strideOf(dimensions, 'float32');
}
