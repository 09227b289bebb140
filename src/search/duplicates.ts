import { NEAR_DUPLICATE } from '../domain/search.ts';
import { cosine } from './exact.ts';

/** Rows of one bucket that are compared with each other: of more, each with the ones before it. */
const COMPARED = 64;
/** Rows of a bucket, about, where they are spread evenly: more of them make a signature longer. */
const IN_BUCKET = 16;
const FEWEST_PLANES = 12;
const MOST_PLANES = 16;
/** Of pairs as alike as asked for, so many are to meet in one of the tables. */
const MEET = 0.98;
/** Tables whose signatures are held at a time. */
const TABLES_AT_ONCE = 4;
/** Between two turns of others; the clock is looked at so often. */
const TURN_MS = 20;
const SLICE = 64;

/** What rows are compared by. */
export interface Compared {
  /** A row's vector; undefined where it has none. */
  vector(row: number): Float32Array | undefined;
  /** The cosine of two rows that have one. */
  between(a: number, b: number): number;
}

export interface DuplicateOptions {
  /** Cosine from which on two rows are near duplicates. */
  threshold?: number;
  /** Called between slices of work: lets others have a turn, and throws to end it. */
  rest: () => Promise<void>;
}

/**
 * Groups of rows that say nearly the same, each group in order, the largest first. Pairs meet by locality-sensitive
 * hashing with seeded random planes (Charikar, 2002) and are then compared: of pairs with a cosine of `threshold` about
 * 98 in a hundred are found, of closer ones more, and none that is not there. Memory is some 20 bytes a row.
 */
export async function nearDuplicates(
  rows: readonly number[],
  { vector, between }: Compared,
  { threshold = NEAR_DUPLICATE, rest }: DuplicateOptions,
): Promise<number[][]> {
  const groups = new Groups(rows);
  const dimensions = rows.map(vector).find(found => found)?.length ?? 0;
  if (dimensions === 0) return [];
  const { bits, tables } = signatureOf(rows.length, threshold);
  const planes = randomPlanes(bits * tables, dimensions);
  const turn = turns(rest);
  const has = new Uint8Array(rows.length);
  const held = Array.from({ length: TABLES_AT_ONCE }, () => new Uint16Array(rows.length));
  // A chain for each bucket, from its newest row to its oldest; places + 1, 0 for the end.
  const newest = new Uint32Array(1 << bits);
  const before = new Uint32Array(rows.length);
  for (let first = 0; first < tables; first += TABLES_AT_ONCE) {
    const some = held.slice(0, tables - first);
    for (const [place, row] of rows.entries()) {
      if (place % SLICE === 0) await turn();
      const own = vector(row);
      if (!own) continue;
      has[place] = 1;
      for (const [i, signs] of some.entries())
        signs[place] = signature(own, planes.subarray((first + i) * bits * dimensions), bits);
    }
    for (const signs of some) {
      newest.fill(0);
      for (const [place, row] of rows.entries()) {
        if (place % SLICE === 0) await turn();
        if (!has[place]) continue;
        const bucket = signs[place] as number;
        let other = newest[bucket] as number;
        before[place] = other;
        newest[bucket] = place + 1;
        for (let n = 0; n < COMPARED && other !== 0; n++, other = before[other - 1] as number) {
          if (groups.same(place, other - 1)) continue;
          if (between(row, rows[other - 1] as number) >= threshold) groups.join(place, other - 1);
        }
      }
    }
  }
  return groups.all();
}

/** Planes of a signature, and signatures, for so many rows: the longer they are the more a pair needs to meet in one. */
function signatureOf(rows: number, threshold: number): { bits: number; tables: number } {
  const wanted = Math.round(Math.log2(Math.max(1, rows / IN_BUCKET)));
  const bits = Math.min(MOST_PLANES, Math.max(FEWEST_PLANES, wanted));
  const oneSide = 1 - Math.acos(Math.min(1, threshold)) / Math.PI;
  const tables = Math.log(1 - MEET) / Math.log(1 - oneSide ** bits);
  return { bits, tables: Number.isFinite(tables) ? Math.max(1, Math.ceil(tables)) : 1 };
}

/** Lets others have a turn when it is time. */
function turns(rest: () => Promise<void>): () => Promise<void> | undefined {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - last < TURN_MS) return undefined;
    return rest().then(() => {
      last = performance.now();
    });
  };
}

/** On which side of each plane a vector lies, a bit for each. */
function signature(vector: Float32Array, planes: Float32Array, bits: number): number {
  const { length } = vector;
  let signs = 0;
  for (let p = 0; p < bits; p++) {
    const at = p * length;
    let sum = 0;
    for (let i = 0; i < length; i++) sum += (vector[i] as number) * (planes[at + i] as number);
    signs = (signs << 1) | (sum > 0 ? 1 : 0);
  }
  return signs;
}

/** Normally distributed numbers, the same each time (mulberry32, and sums of twelve). */
function randomPlanes(count: number, dimensions: number): Float32Array {
  let state = 0x9e3779b9;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length: count * dimensions }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum;
  });
}

/** Rows that belong together (union–find), by their places in order. */
class Groups {
  private readonly rows: readonly number[];
  /** A place before it in its group, or itself. */
  private readonly parent: Uint32Array;

  constructor(rows: readonly number[]) {
    this.rows = rows;
    this.parent = Uint32Array.from(rows, (_, place) => place);
  }

  same(a: number, b: number): boolean {
    return this.root(a) === this.root(b);
  }

  join(a: number, b: number): void {
    const [one, other] = [this.root(a), this.root(b)];
    this.parent[Math.max(one, other)] = Math.min(one, other);
  }

  all(): number[][] {
    const groups = new Map<number, number[]>();
    for (const [place, row] of this.rows.entries()) {
      const root = this.root(place);
      if (root === place) continue;
      const group = groups.get(root);
      if (group) group.push(row);
      else groups.set(root, [this.rows[root] as number, row]);
    }
    return [...groups.values()].sort((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number));
  }

  private root(place: number): number {
    const { parent } = this;
    let at = place;
    for (;;) {
      const up = parent[at] as number;
      if (up === at) return at;
      // Half of the way is left out from now on.
      parent[at] = parent[up] as number;
      at = up;
    }
  }
}

/** The `count` rows that lie farthest from the middle of all, the farthest first, with their cosines to it. */
export async function outliers(
  rows: readonly number[],
  vector: (row: number) => Float32Array | undefined,
  count: number,
  rest: () => Promise<void>,
): Promise<{ row: number; cosine: number }[]> {
  const turn = turns(rest);
  let middle: Float32Array | undefined;
  for (const [done, row] of rows.entries()) {
    if (done % SLICE === 0) await turn();
    const own = vector(row);
    if (!own) continue;
    middle ??= new Float32Array(own.length);
    for (let i = 0; i < own.length; i++) middle[i] = (middle[i] as number) + (own[i] as number);
  }
  if (!middle) return [];
  const found: { row: number; cosine: number }[] = [];
  for (const [done, row] of rows.entries()) {
    if (done % SLICE === 0) await turn();
    const own = vector(row);
    if (own) found.push({ row, cosine: cosine(own, middle) });
  }
  return found.sort((a, b) => a.cosine - b.cosine || a.row - b.row).slice(0, count);
}
