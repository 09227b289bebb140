import { NEAR_DUPLICATE } from '../domain/search.ts';
import { cosine } from './exact.ts';

/** Random planes that a signature has a bit for, and signatures that a pair has the chance to meet in. */
const PLANES = 12;
const TABLES = 12;
/** Rows of one bucket that are compared with each other: of more, each with the ones before it. */
const COMPARED = 64;
/** Rows gone through before others get a turn. */
const SLICE = 400;

export interface DuplicateOptions {
  /** Cosine from which on two rows are near duplicates. */
  threshold?: number;
  /** Called between slices of work: lets others have a turn, and throws to end it. */
  rest: () => Promise<void>;
}

/**
 * Groups of rows that say nearly the same, each group in order, the largest first. Pairs meet by locality-sensitive
 * hashing with seeded random planes (Charikar, 2002) and are then compared: of pairs with a cosine of .95 about 98 in
 * a hundred are found, of closer ones more, and none that is not there.
 */
export async function nearDuplicates(
  rows: readonly number[],
  vector: (row: number) => Float32Array | undefined,
  { threshold = NEAR_DUPLICATE, rest }: DuplicateOptions,
): Promise<number[][]> {
  const groups = new Groups();
  const dimensions = rows.map(vector).find(found => found)?.length ?? 0;
  const planes = randomPlanes(PLANES * TABLES, dimensions);
  const tables = Array.from({ length: TABLES }, () => new Map<number, number[]>());
  const signs = new Uint16Array(TABLES);
  for (const [done, row] of rows.entries()) {
    if (done % SLICE === SLICE - 1) await rest();
    const own = vector(row);
    if (!own) continue;
    sign(own, planes, signs);
    for (const [t, table] of tables.entries()) {
      const bucket = table.get(signs[t] as number);
      if (!bucket) {
        table.set(signs[t] as number, [row]);
        continue;
      }
      for (const other of bucket.slice(-COMPARED)) {
        if (groups.same(row, other)) continue;
        const near = vector(other);
        if (near && cosine(own, near) >= threshold) groups.join(row, other);
      }
      bucket.push(row);
    }
  }
  return groups.all();
}

/** The bits of each table's signature: on which side of its planes a vector lies. */
function sign(vector: Float32Array, planes: Float32Array, signs: Uint16Array): void {
  const { length } = vector;
  for (let t = 0; t < TABLES; t++) {
    let bits = 0;
    for (let p = 0; p < PLANES; p++) {
      const at = (t * PLANES + p) * length;
      let sum = 0;
      for (let i = 0; i < length; i++) sum += (vector[i] as number) * (planes[at + i] as number);
      bits = (bits << 1) | (sum > 0 ? 1 : 0);
    }
    signs[t] = bits;
  }
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

/** Rows that belong together (union–find). */
class Groups {
  private readonly parent = new Map<number, number>();

  same(a: number, b: number): boolean {
    return a === b || (this.parent.has(a) && this.parent.has(b) && this.root(a) === this.root(b));
  }

  join(a: number, b: number): void {
    const [first, second] = [this.root(a), this.root(b)].sort((x, y) => x - y) as [number, number];
    this.parent.set(second, first);
  }

  all(): number[][] {
    const groups = new Map<number, number[]>();
    for (const row of [...this.parent.keys()].sort((a, b) => a - b)) {
      const root = this.root(row);
      groups.set(root, [...(groups.get(root) ?? []), row]);
    }
    return [...groups.values()].sort((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number));
  }

  private root(row: number): number {
    let at = row;
    for (;;) {
      const up = this.parent.get(at);
      if (up === undefined) {
        this.parent.set(at, at);
        return at;
      }
      if (up === at) return at;
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
  let middle: Float32Array | undefined;
  for (const [done, row] of rows.entries()) {
    if (done % SLICE === SLICE - 1) await rest();
    const own = vector(row);
    if (!own) continue;
    middle ??= new Float32Array(own.length);
    for (const [i, value] of own.entries()) middle[i] = (middle[i] as number) + value;
  }
  if (!middle) return [];
  const found: { row: number; cosine: number }[] = [];
  for (const [done, row] of rows.entries()) {
    if (done % SLICE === SLICE - 1) await rest();
    const own = vector(row);
    if (own) found.push({ row, cosine: cosine(own, middle) });
  }
  return found.sort((a, b) => a.cosine - b.cosine || a.row - b.row).slice(0, count);
}
