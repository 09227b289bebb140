import type { NearestLists } from './nearest-lists.ts';

/** Pairs of points with how surely they are neighbours, 0 to 1; each pair once. */
export interface FuzzyGraph {
  heads: Int32Array;
  tails: Int32Array;
  weights: Float32Array;
}

const STEPS = 64;
const CLOSE_ENOUGH = 1e-5;

/**
 * The fuzzy neighbourhood graph of UMAP (McInnes, Healy and Melville 2018, section 3.1): round every point distances are
 * measured from its nearest neighbour on and in a unit of its own, so that its neighbours weigh log2(k) together; a pair
 * is as sure as one side or the other makes it.
 */
export function fuzzyGraph(lists: NearestLists): FuzzyGraph {
  const { count, k, indexes } = lists;
  const strengths = strengthsOf(lists);
  const heads = new Int32Array(count * k);
  const tails = new Int32Array(count * k);
  const weights = new Float32Array(count * k);
  let pairs = 0;
  for (let head = 0; head < count; head++) {
    for (let i = head * k; i < (head + 1) * k; i++) {
      const tail = indexes[i] as number;
      if (tail < 0) break;
      const back = placeOf(indexes, tail, k, head);
      // A pair that both name is written by the lower one.
      if (back >= 0 && tail < head) continue;
      const there = strengths[i] as number;
      const here = back < 0 ? 0 : (strengths[back] as number);
      heads[pairs] = head;
      tails[pairs] = tail;
      weights[pairs] = there + here - there * here;
      pairs += 1;
    }
  }
  return {
    heads: heads.subarray(0, pairs),
    tails: tails.subarray(0, pairs),
    weights: weights.subarray(0, pairs),
  };
}

function placeOf(indexes: Int32Array, point: number, k: number, other: number): number {
  for (let i = point * k; i < (point + 1) * k; i++) if (indexes[i] === other) return i;
  return -1;
}

/** How surely each listed neighbour is one, seen from the point that lists it. */
function strengthsOf({ count, k, squares }: NearestLists): Float32Array {
  const distances = squares.map(square => (Number.isFinite(square) ? Math.sqrt(square) : square));
  const target = Math.log2(k);
  const strengths = new Float32Array(count * k);
  for (let point = 0; point < count; point++) {
    const own = distances.subarray(point * k, (point + 1) * k);
    // Copies of the point itself do not say how far neighbours are.
    const nearest = own.find(distance => distance > 0) ?? 0;
    const unit = unitOf(own, nearest, target);
    for (let i = 0; i < k; i++) strengths[point * k + i] = strength(own[i] as number, nearest, unit);
  }
  return strengths;
}

function strength(distance: number, nearest: number, unit: number): number {
  return distance <= nearest ? 1 : Math.exp((nearest - distance) / unit);
}

/** The unit of distance that makes the strengths add up to `target`, by halving. */
function unitOf(distances: Float32Array, nearest: number, target: number): number {
  let [low, high, unit] = [0, Number.POSITIVE_INFINITY, 1];
  for (let step = 0; step < STEPS; step++) {
    let sum = 0;
    for (const distance of distances) sum += strength(distance, nearest, unit);
    if (Math.abs(sum - target) < CLOSE_ENOUGH) break;
    if (sum > target) high = unit;
    else low = unit;
    unit = high === Number.POSITIVE_INFINITY ? unit * 2 : (low + high) / 2;
  }
  const mean = distances.reduce((sum, distance) => sum + (Number.isFinite(distance) ? distance : 0), 0);
  return Math.max(unit, (1e-3 * mean) / distances.length, Number.MIN_VALUE);
}
