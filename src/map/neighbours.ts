import { emptyLists, type NearestLists, offer, squareOf } from './nearest-lists.ts';
import { type Random, seededRandom } from './random.ts';

/** Up to here every pair is compared, in half a second; beyond it descent is quicker. */
const MOST_COMPARED = 4_096;
const TREES = 6;
const LEAF = 32;
const MOST_ROUNDS = 10;
/** New and old neighbours of a point that are introduced to one another in a round. */
const GUESTS = 14;
/** Descent ends when a round changes fewer than this share of all neighbours. */
const STILL = 0.002;

/**
 * The k nearest of every row by Euclidean distance, itself left out: exact for few, by nearest-neighbour descent for
 * many (Dong, Charikar and Li 2011), begun with random projection trees. Seeded: the same rows give the same lists.
 * `say` hears how much is done, 0 to 1.
 */
export function findNeighbours(
  rows: Float32Array,
  width: number,
  k: number,
  say: (done: number) => void = () => {},
): NearestLists {
  const few = rows.length / width <= MOST_COMPARED;
  return few ? exactNeighbours(rows, width, k, say) : descend(rows, width, k, say);
}

function exactNeighbours(
  rows: Float32Array,
  width: number,
  k: number,
  say: (done: number) => void,
): NearestLists {
  const count = rows.length / width;
  const lists = emptyLists(count, Math.min(k, Math.max(0, count - 1)));
  if (lists.k === 0) return lists;
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const square = squareOf(rows, width, a, b);
      offer(lists, a, b, square);
      offer(lists, b, a, square);
    }
    // Rows grow shorter: of all pairs this many are left.
    if (a % 64 === 0) say(1 - (1 - a / count) ** 2);
  }
  return lists;
}

/** Nearly all of the k nearest of many rows: see `findNeighbours`. */
export function descend(
  rows: Float32Array,
  width: number,
  k: number,
  say: (done: number) => void = () => {},
): NearestLists {
  const count = rows.length / width;
  const lists = emptyLists(count, k);
  const random = seededRandom(2);
  const meet = (a: number, b: number) => {
    if (a === b) return 0;
    const square = squareOf(rows, width, a, b);
    return Number(offer(lists, a, b, square)) + Number(offer(lists, b, a, square));
  };
  for (let tree = 0; tree < TREES; tree++) {
    for (const leaf of leavesOf(rows, width, random)) {
      for (let i = 0; i < leaf.length; i++)
        for (let j = i + 1; j < leaf.length; j++) meet(leaf[i] as number, leaf[j] as number);
    }
    say((0.4 * (tree + 1)) / TREES);
  }

  /** Neighbours that were introduced before, so that pairs of old ones are not compared again. */
  let seen = new Int32Array(count * k).fill(-1);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { fresh, old } = guestsOf(lists, seen, random);
    seen = lists.indexes.slice();
    let changes = 0;
    for (let point = 0; point < count; point++) {
      const start = point * GUESTS;
      for (let i = start; i < start + GUESTS; i++) {
        const a = fresh[i] as number;
        if (a < 0) break;
        for (let j = i + 1; j < start + GUESTS && (fresh[j] as number) >= 0; j++)
          changes += meet(a, fresh[j] as number);
        for (let j = start; j < start + GUESTS && (old[j] as number) >= 0; j++)
          changes += meet(a, old[j] as number);
      }
    }
    say(0.4 + (0.6 * (round + 1)) / MOST_ROUNDS);
    if (changes < STILL * count * k) break;
  }
  return lists;
}

/** Points in groups of at most LEAF that lie on one side of a few random cuts. */
function* leavesOf(rows: Float32Array, width: number, random: Random): Generator<Int32Array> {
  const count = rows.length / width;
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const open: [start: number, end: number][] = [[0, count]];
  for (let part = open.pop(); part; part = open.pop()) {
    const [start, end] = part;
    if (end - start <= LEAF) {
      yield order.subarray(start, end);
      continue;
    }
    const pick = () => (order[start + Math.floor(random() * (end - start))] as number) * width;
    const middle = cut(rows, width, order.subarray(start, end), pick(), pick()) + start;
    // All alike, or nearly: halves serve as well.
    const uneven = Math.min(middle - start, end - middle) * 16 < end - start;
    const split = uneven ? (start + end) >> 1 : middle;
    open.push([split, end], [start, split]);
  }
}

/** Sorts points by which of two rows they are nearer to; how many are nearer to the first. */
function cut(rows: Float32Array, width: number, order: Int32Array, one: number, two: number): number {
  let offset = 0;
  for (let i = 0; i < width; i++)
    offset += ((rows[one + i] as number) ** 2 - (rows[two + i] as number) ** 2) / 2;
  let [low, high] = [0, order.length - 1];
  while (low <= high) {
    const point = order[low] as number;
    let side = -offset;
    for (let i = 0, at = point * width; i < width; i++, at++)
      side += (rows[at] as number) * ((rows[one + i] as number) - (rows[two + i] as number));
    if (side > 0) low += 1;
    else {
      order[low] = order[high] as number;
      order[high] = point;
      high -= 1;
    }
  }
  return low;
}

/** For each point some of its neighbours and of those whose neighbour it is: new ones and ones seen before. */
function guestsOf(
  { count, k, indexes }: NearestLists,
  seen: Int32Array,
  random: Random,
): { fresh: Int32Array; old: Int32Array } {
  const fresh = new Int32Array(count * GUESTS).fill(-1);
  const old = new Int32Array(count * GUESTS).fill(-1);
  const asked = { fresh: new Int32Array(count), old: new Int32Array(count) };
  const invite = (host: number, guest: number, isFresh: boolean) => {
    const list = isFresh ? fresh : old;
    const counts = isFresh ? asked.fresh : asked.old;
    const before = counts[host] as number;
    counts[host] = before + 1;
    // A fair draw among all that ask (reservoir sampling).
    const place = before < GUESTS ? before : Math.floor(random() * (before + 1));
    if (place < GUESTS) list[host * GUESTS + place] = guest;
  };
  for (let point = 0; point < count; point++) {
    for (let i = point * k; i < (point + 1) * k; i++) {
      const other = indexes[i] as number;
      if (other < 0) break;
      const isFresh = !holds(seen, point, k, other);
      invite(point, other, isFresh);
      invite(other, point, isFresh);
    }
  }
  return { fresh, old };
}

function holds(lists: Int32Array, point: number, k: number, other: number): boolean {
  for (let i = point * k; i < (point + 1) * k; i++) if (lists[i] === other) return true;
  return false;
}
