import { expect, it } from 'vitest';
import { createPickIndex } from './pick.ts';
import { pointsIn } from './view.ts';

/** Points that lie thick in one corner, some of them twice. */
function somePoints(count: number): Float32Array {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const points = Float32Array.from({ length: 2 * count }, () => 2 * random() ** 2 - 1);
  points.set(points.subarray(0, 20), 20);
  return points;
}

/** By looking at every point. */
function plainNearest(
  points: Float32Array,
  x: number,
  y: number,
  radius: number,
  hidden?: Uint8Array,
): number {
  let best = -1;
  let least = radius * radius;
  for (let i = 0; i < points.length / 2; i++) {
    const square = ((points[2 * i] ?? 0) - x) ** 2 + ((points[2 * i + 1] ?? 0) - y) ** 2;
    if (!hidden?.[i] && (square < least || (square === least && best < 0))) {
      best = i;
      least = square;
    }
  }
  return best;
}

it.each([0, 1, 50, 5000])('of %i points the nearest is the one that all of them tell', count => {
  const points = count < 50 ? somePoints(50).subarray(0, 2 * count) : somePoints(count);
  const index = createPickIndex(points);
  const hidden = Uint8Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : 0));
  for (let i = 0; i < 400; i++) {
    const [x, y] = [((i * 37) % 211) / 100 - 1.05, ((i * 53) % 211) / 100 - 1.05];
    for (const radius of [0.003, 0.05, 0.7]) {
      expect(index.nearest(x, y, radius)).toBe(plainNearest(points, x, y, radius));
      expect(index.nearest(x, y, radius, hidden)).toBe(plainNearest(points, x, y, radius, hidden));
    }
  }
});

it('a box holds the points within it, but for hidden ones', () => {
  const points = Float32Array.of(0, 0, 0.5, 0.5, -0.5, 0.2, 0.2, -0.1);
  const box = { left: -0.1, right: 0.5, bottom: -0.2, top: 0.5 };
  expect(pointsIn(points, box)).toEqual([0, 1, 3]);
  expect(pointsIn(points, box, Uint8Array.of(1, 0, 0, 0))).toEqual([1, 3]);
});
