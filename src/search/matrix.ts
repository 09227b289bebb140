import { VecdropError } from '../domain/errors.ts';
import { type Cosine, PAGE, startCosine } from './cosine.ts';
import { cosine, dot, scaledSafely } from './exact.ts';
import { AT, BLOCK, type Packing, roundQuery, rowsAt, strideOf } from './layout.ts';
import { seal, unreadable, unseal } from './pieces.ts';
import { type RowRange, rangesWithin } from './ranges.ts';
import { Best, type Ranking, ranked } from './ranking.ts';
import { resized } from './room.ts';
import { Sketch } from './sketch.ts';

/** Rows whose products are taken at a time: with so few, their scores are near when they are looked at. */
const AT_ONCE = 1024;
/** Memory grows by so much at least: growing costs the same however little it is. */
const GROWTH = 8 << 20;
/** Rows beyond those asked for whose cosines are computed anew in 64 bits: more than single precision can confuse. */
const SPARE = 16;

export interface MatrixOptions {
  /** Bytes that the matrix may hold. */
  budget?: number;
  /** Bytes that it may hold as float32; as many where absent. */
  floatBudget?: number;
  /** From so many rows on they are held as int8. */
  int8From?: number;
}

/** Scores of `count` rows from `first` on; the first `found` of `above` are indexes of those above the least. */
interface ScoredBlock {
  first: number;
  count: number;
  found: number;
  scores: Float32Array;
  above: Int32Array;
}

/**
 * The vectors of a collection as one matrix in WebAssembly memory, addressed by rows that the caller gives out
 * (`Rows`). A row that was not set, was removed, or is all zeros is in no answer.
 *
 * Rows are float32 up to 250,000 of them or as far as the budget goes, from then on int8. As float32 they have a sketch
 * beside them while the budget allows, so that a query need not read them all. As int8, what is found is found by
 * rounded vectors: `nearest` in nearest.ts asks for the exact ones of the best and puts them in order.
 */
export class VectorMatrix {
  readonly dimensions: number;
  /** Bytes that it may hold from now on: what it holds already stays. */
  budget: number;
  private readonly floatBudget: number;
  private readonly int8From: number;
  private readonly stages: Cosine;
  private readonly memory: WebAssembly.Memory;
  private held: Packing = 'float32';
  /** One more than the highest row that was set. */
  private top = 0;
  private filled = 0;
  /** What a row's product is multiplied with to give its cosine; 0 for no row. */
  private factors = new Float32Array(0);
  private sketch: Sketch | undefined;

  private constructor(
    dimensions: number,
    options: MatrixOptions,
    { stages, memory }: { stages: Cosine; memory: WebAssembly.Memory },
    sketch: Sketch,
  ) {
    this.dimensions = dimensions;
    this.budget = options.budget ?? DEFAULT_BUDGET;
    this.floatBudget = options.floatBudget ?? Number.POSITIVE_INFINITY;
    this.int8From = options.int8From ?? INT8_FROM;
    this.stages = stages;
    this.memory = memory;
    this.sketch = sketch;
  }

  /** An empty matrix for vectors of so many numbers. */
  static async create(dimensions: number, options: MatrixOptions = {}): Promise<VectorMatrix> {
    const started = await Promise.all([startCosine(rowsAt(dimensions)), Sketch.create(dimensions)]);
    return new VectorMatrix(dimensions, options, ...started);
  }

  get packing(): Packing {
    return this.held;
  }

  /** One more than the highest row that was ever set. */
  get rows(): number {
    return this.top;
  }

  /** Rows that hold a vector. */
  get count(): number {
    return this.filled;
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.memory.buffer.byteLength + this.factors.byteLength + (this.sketch?.bytes ?? 0);
  }

  /**
   * Sets rows from `first` on to the vectors of `block`, row-major. Throws 'search/full' where the budget does not
   * hold them even as int8; then nothing was set.
   */
  set(first: number, block: Float32Array): void {
    const { dimensions } = this;
    const count = block.length / dimensions;
    if (!Number.isInteger(count)) throw new RangeError(`${block.length} numbers are no whole rows.`);
    this.reserve(first + count);
    this.top = Math.max(this.top, first + count);
    for (let i = 0; i < count; i++) {
      this.setRow(first + i, block.subarray(i * dimensions, (i + 1) * dimensions));
    }
    this.draw(first, count);
  }

  /** Takes the vectors of these rows away; the rows may be set again. */
  remove({ first, end }: RowRange): void {
    for (let row = first; row < Math.min(end, this.top); row++) {
      if (this.factors[row] !== 0) this.filled--;
      this.factors[row] = 0;
    }
    this.sketch?.remove({ first, end: Math.min(end, this.top) });
  }

  has(row: number): boolean {
    return row < this.top && this.factors[row] !== 0;
  }

  /** A row's vector at length 1, in int8 nearly what it was; undefined where there is none. */
  direction(row: number): Float32Array | undefined {
    if (!this.has(row)) return undefined;
    const factor = this.factors[row] as number;
    const numbers = this.numbers(row);
    const direction = new Float32Array(numbers.length);
    for (let i = 0; i < numbers.length; i++) direction[i] = (numbers[i] as number) * factor;
    return direction;
  }

  /** The cosine of two rows, in int8 nearly what it was; 0 where one has no vector. */
  between(a: number, b: number): number {
    if (!this.has(a) || !this.has(b)) return 0;
    return dot(this.numbers(a), this.numbers(b)) * (this.factors[a] as number) * (this.factors[b] as number);
  }

  /**
   * How far a row's cosine may be from what `topK` and `scores` say of it; 0 in float32. A rounding error is at most
   * half a step in each number, and the errors' product with a query at length 1 is above three steps once in thirty
   * million times (Hoeffding's inequality: 2 · exp(−2 · 3²)).
   */
  doubt(row: number): number {
    return this.held === 'float32' ? 0 : 3 * (this.factors[row] ?? 0) + QUERY_DOUBT;
  }

  /**
   * The `k` rows with the largest cosine, within some ranges or all. In float32 they are those, in the order, that 64
   * bits would give; in int8 they are of rounded vectors.
   */
  topK(query: Float32Array, k: number, within?: readonly RowRange[]): Ranking {
    const best = new Best(this.held === 'float32' ? k + SPARE : k);
    const offer = ({ first, scores, above, found }: ScoredBlock) => {
      for (let n = 0; n < found; n++) {
        const i = above[n] as number;
        const score = scores[i] as number;
        if (score > best.least) best.offer(first + i, score);
      }
    };
    const all = rangesWithin(within, this.top);
    this.eachBlock(query, this.sketch?.candidates(query, k, all) ?? all, () => best.least, offer);
    const found = best.ranking();
    if (this.held === 'int8') return found;
    return ranked(found.rows, this.cosines(query, found.rows), k);
  }

  /** The cosine of each row with the query, in single precision; 0 where there is no vector. */
  scores(query: Float32Array): Float32Array {
    const result = new Float32Array(this.top);
    const keep = ({ first, count, scores }: ScoredBlock) => result.set(scores.subarray(0, count), first);
    this.eachBlock(query, rangesWithin(undefined, this.top), () => Number.POSITIVE_INFINITY, keep);
    return result;
  }

  /** Cosines of some rows with the query, in 64 bits, of the vectors as they are held; 0 where there is none. */
  cosines(query: Float32Array, rows: ArrayLike<number>): Float64Array {
    return Float64Array.from(rows, row => (this.has(row) ? cosine(query, this.numbers(row)) : 0));
  }

  /** The matrix as pieces to be saved, each a copy; rows must not change until the last was taken. */
  save(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { dimensions, top, filled } = this;
    return seal(
      KIND,
      VERSION,
      { dimensions, rows: top, count: filled, int8: this.held === 'int8' ? 1 : 0 },
      { factors: this.factors.subarray(0, top), vectors: this.vectors() },
    );
  }

  /** A matrix as it was saved. Throws as `unseal` does, and 'search/full' where the budget does not hold it. */
  static async load(
    pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options: MatrixOptions = {},
  ): Promise<VectorMatrix> {
    let matrix: VectorMatrix | undefined;
    await unseal(KIND, VERSION, pieces, async ({ dimensions = 0, rows = 0, count = 0, int8 }) => {
      matrix = await VectorMatrix.create(dimensions, options);
      matrix.held = int8 ? 'int8' : 'float32';
      if (int8) matrix.sketch = undefined;
      matrix.reserve(rows);
      matrix.top = rows;
      matrix.filled = count;
      return { factors: matrix.factors.subarray(0, rows), vectors: matrix.vectors() };
    });
    if (!matrix) throw unreadable('it is not whole');
    matrix.draw(0, matrix.top);
    return matrix;
  }

  /** The bytes of all rows. */
  private vectors(): Uint8Array {
    return new Uint8Array(this.memory.buffer, rowsAt(this.dimensions), this.top * this.stride);
  }

  /** Brings the sketch of rows up to date. */
  private draw(first: number, count: number): void {
    const padded = strideOf(this.dimensions, 'float32') / 4;
    if (count === 0 || !this.sketch) return;
    const rows = new Float32Array(this.memory.buffer, this.place(first), count * padded);
    this.sketch.set(first, rows, this.factors.subarray(first, first + count));
  }

  private setRow(row: number, vector: Float32Array): void {
    const scaled = scaledSafely(vector);
    if (this.factors[row] !== 0) this.filled--;
    this.factors[row] = 0;
    if (!scaled) return;
    this.filled++;
    const { values, factor } = scaled;
    if (this.held === 'float32') {
      this.floats(row).set(values);
      this.factors[row] = factor;
    } else {
      this.staging().fill(0).set(values);
      this.pack(AT.staging, 1, row);
      this.factors[row] = factor * (this.packedScales()[0] as number);
    }
  }

  /** Makes room for so many rows. */
  private reserve(rows: number): void {
    if (rows <= this.factors.length) return;
    if (this.held === 'float32' && (rows > this.int8From || !this.grow(rows))) this.toInt8();
    if (rows > this.factors.length && !this.grow(rows)) throw full(this.budget);
  }

  /** Whether there is room for so many rows now; some more where the budget has it. */
  private grow(rows: number): boolean {
    const { dimensions, stride, memory } = this;
    const budget = this.held === 'float32' ? Math.min(this.budget, this.floatBudget) : this.budget;
    // Memory is never given back: as int8 there will be up to four times the rows, each with a factor.
    const factorBytes = this.held === 'float32' ? 16 : 4;
    const sketched = this.sketch ? Sketch.bytesOf(dimensions) : { fixed: 0, row: 0 };
    const fixed = rowsAt(dimensions) + sketched.fixed + 2 * PAGE;
    const most = Math.floor((budget - fixed) / (stride + factorBytes + sketched.row));
    if (rows > most) {
      if (!this.sketch) return false;
      this.sketch = undefined;
      return this.grow(rows);
    }
    const limit = this.held === 'float32' ? Math.min(most, this.int8From) : most;
    const target = Math.min(limit, Math.max(rows, this.top + Math.ceil(GROWTH / stride)));
    const missing = rowsAt(dimensions) + target * stride - memory.buffer.byteLength;
    try {
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    } catch {
      return false;
    }
    this.factors = resized(this.factors, target);
    try {
      this.sketch?.reserve(target);
    } catch {
      this.sketch = undefined;
    }
    return true;
  }

  /** Rounds all rows, where they are: a row's place as int8 is never behind its place as float32. */
  private toInt8(): void {
    const { stages, factors, dimensions } = this;
    const stride = strideOf(dimensions, 'float32');
    const width = strideOf(dimensions, 'int8');
    const base = rowsAt(dimensions);
    for (let row = 0; row < this.top; row += BLOCK) {
      const count = Math.min(BLOCK, this.top - row);
      stages.pack8(base + row * stride, stride, count, base + row * width, width, AT.scores);
      const scales = this.packedScales();
      for (let i = 0; i < count; i++) {
        factors[row + i] = (factors[row + i] as number) * (scales[i] as number);
      }
    }
    this.held = 'int8';
    this.sketch = undefined;
  }

  private pack(from: number, count: number, row: number): void {
    const stride = strideOf(this.dimensions, 'float32');
    this.stages.pack8(from, stride, count, this.place(row), this.stride, AT.scores);
  }

  /** Goes through the cosines of ranges, block by block, and through those of them that are above the least. */
  private eachBlock(
    query: Float32Array,
    ranges: readonly RowRange[],
    least: () => number,
    visit: (block: ScoredBlock) => void,
  ): void {
    const scale = this.placeQuery(query);
    if (scale === 0) return;
    const { stages, stride, memory, factors } = this;
    const products = this.held === 'float32' ? stages.dots : stages.dots8;
    const staged = new Float32Array(memory.buffer, AT.factors, AT_ONCE);
    // Made once for all blocks, of which there may be hundreds.
    const block: ScoredBlock = {
      first: 0,
      count: 0,
      found: 0,
      scores: new Float32Array(memory.buffer, AT.scores, AT_ONCE),
      above: new Int32Array(memory.buffer, AT.found, AT_ONCE),
    };
    for (const { first, end } of ranges) {
      for (let row = first; row < end; row += AT_ONCE) {
        const count = Math.min(AT_ONCE, end - row);
        staged.set(factors.subarray(row, row + count));
        products(AT.staging, this.place(row), stride, count, AT.scores);
        block.first = row;
        block.count = count;
        block.found = stages.above(AT.scores, AT.factors, count, scale, least(), AT.found);
        visit(block);
      }
    }
  }

  /** Puts the query at length 1 where the products read it; returns what they are multiplied with, 0 for no query. */
  private placeQuery(query: Float32Array): number {
    if (query.length !== this.dimensions) {
      throw new RangeError(`A query of ${query.length} numbers in a matrix of ${this.dimensions}.`);
    }
    const length = Math.sqrt(dot(query, query));
    if (!(length > 0 && length < Number.POSITIVE_INFINITY)) return 0;
    if (this.held === 'float32') {
      this.staging()
        .fill(0)
        .set(query.map(value => value / length));
      return 1;
    }
    const packed = new Int16Array(this.memory.buffer, AT.staging, this.stride).fill(0);
    return roundQuery(query, packed) / length;
  }

  private get stride(): number {
    return strideOf(this.dimensions, this.held);
  }

  private place(row: number): number {
    return rowsAt(this.dimensions) + row * this.stride;
  }

  private numbers(row: number): Float32Array | Int8Array {
    return this.held === 'float32'
      ? this.floats(row)
      : new Int8Array(this.memory.buffer, this.place(row), this.dimensions);
  }

  private floats(row: number): Float32Array {
    return new Float32Array(this.memory.buffer, this.place(row), this.dimensions);
  }

  private staging(): Float32Array {
    return new Float32Array(this.memory.buffer, AT.staging, strideOf(this.dimensions, 'float32') / 4);
  }

  private packedScales(): Float32Array {
    return new Float32Array(this.memory.buffer, AT.scores, BLOCK);
  }
}

/** What a saved matrix is called, and the version of what is saved. */
const KIND = 'vectors';
const VERSION = 1;
const INT8_FROM = 250_000;
/** What rounding the query to some 15 bits may do to a cosine, and more. */
const QUERY_DOUBT = 1e-4;
const DEFAULT_BUDGET = 1.5e9;
function full(budget: number): VecdropError {
  return new VecdropError(
    'search/full',
    `More vectors than ${Math.round(budget / 1e6)} MB of memory hold: the newest are not found by meaning. Split the collection in two.`,
  );
}
