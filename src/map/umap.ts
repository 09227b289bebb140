import { type FuzzyGraph, fuzzyGraph } from './fuzzy-graph.ts';
import type { NearestLists } from './nearest-lists.ts';

/** The curve of similarity over distance in the plane for a least distance of 0.1: 1 / (1 + A d^2B). */
const A = 1.577;
const B = 0.8951;
/** Random points that a pair's ends are pushed from, each time they are drawn together. */
const STRANGERS = 5;
/** No step is longer than this. */
const LONGEST = 4;
const EXTENT = 10;

/**
 * UMAP's layout (McInnes, Healy and Melville 2018, section 3.2): neighbours are drawn together as often as they are
 * sure, and pushed from points drawn at random. `plane` is where the points start (x and y in turn) and is moved in
 * place. Seeded: the same start and neighbours end the same. `say` hears how much is done, 0 to 1.
 */
export function layOut(
  plane: Float32Array,
  lists: NearestLists,
  say: (done: number) => void = () => {},
): void {
  const { count, k } = lists;
  if (count < 3 || k === 0) return;
  spread(plane);
  const rounds = count <= 10_000 ? 400 : 200;
  const pairs = fuzzyGraph(lists);
  const turns = turnsOf(pairs, rounds);
  const pull = tableOf(square => (-2 * A * B * square ** (B - 1)) / (1 + A * square ** B));
  const push = tableOf(square => (2 * B) / ((0.001 + square) * (1 + A * square ** B)));
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  let state = 0x9e3779b9;

  for (let round = 0; round < rounds; round++) {
    const step = 1 - round / rounds;
    for (let pair = 0; pair < pairs.weights.length; pair++) {
      if ((turns.next[pair] as number) > round) continue;
      turns.next[pair] = (turns.next[pair] as number) + (turns.every[pair] as number);
      const head = 2 * (pairs.heads[pair] as number);
      const tail = 2 * (pairs.tails[pair] as number);
      attract(head, tail, step);
      repel(head, step);
      repel(tail, step);
    }
    say((round + 1) / rounds);
  }

  function attract(head: number, tail: number, step: number) {
    const dx = (plane[head] as number) - (plane[tail] as number);
    const dy = (plane[head + 1] as number) - (plane[tail + 1] as number);
    float[0] = dx * dx + dy * dy;
    if (float[0] === 0) return;
    const force = pull[(bits[0] as number) >>> 15] as number;
    const x = clip(force * dx) * step;
    const y = clip(force * dy) * step;
    plane[head] = (plane[head] as number) + x;
    plane[head + 1] = (plane[head + 1] as number) + y;
    plane[tail] = (plane[tail] as number) - x;
    plane[tail + 1] = (plane[tail + 1] as number) - y;
  }

  function repel(point: number, step: number) {
    let x = plane[point] as number;
    let y = plane[point + 1] as number;
    for (let i = 0; i < STRANGERS; i++) {
      // xorshift32: one of its numbers costs less than the call of a generator.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const other = 2 * Math.floor(((state >>> 0) / 2 ** 32) * count);
      if (other === point) continue;
      const dx = x - (plane[other] as number);
      const dy = y - (plane[other + 1] as number);
      float[0] = dx * dx + dy * dy;
      const force = push[(bits[0] as number) >>> 15] as number;
      // Points in one place have no direction: then any.
      x += (dx === 0 && dy === 0 ? LONGEST * (state & 1 ? 1 : -1) : clip(force * dx)) * step;
      y += (dx === 0 && dy === 0 ? LONGEST * (state & 2 ? 1 : -1) : clip(force * dy)) * step;
    }
    plane[point] = x;
    plane[point + 1] = y;
  }
}

function clip(value: number): number {
  return Math.min(LONGEST, Math.max(-LONGEST, value));
}

/** Into a square of which UMAP's steps are a fitting part, whatever the unit was. */
function spread(plane: Float32Array): void {
  let most = 0;
  for (const value of plane) most = Math.max(most, Math.abs(value));
  for (let i = 0; i < plane.length; i++) {
    // Copies of one chunk start in one place: a hair's breadth apart they can part.
    const jitter = 1e-4 * (((i * 0x9e3779b1) >>> 0) / 2 ** 32 - 0.5);
    plane[i] = most > 0 ? ((plane[i] as number) / most) * EXTENT + jitter : jitter;
  }
}

/** In which rounds each pair has its turn: the surest in every one. Pairs that would have none are left out. */
function turnsOf({ weights }: FuzzyGraph, rounds: number): { next: Float32Array; every: Float32Array } {
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  const every = weights.map(weight => (weight * rounds < most ? rounds + 1 : most / weight));
  return { next: every.slice(), every };
}

/** A function of a positive number by the first 8 bits of its fraction: powers cost more than all the rest. */
function tableOf(value: (square: number) => number): Float32Array {
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  return Float32Array.from({ length: 1 << 16 }, (_, index) => {
    // The middle of those that share the entry.
    bits[0] = (index << 15) | (1 << 14);
    const of = value(float[0] as number);
    return Number.isFinite(of) ? of : 0;
  });
}
