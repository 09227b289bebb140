import { expect, it } from 'vitest';
import { findClusters, NO_CLUSTER } from './clusters.ts';
import { seededRandom } from './random.ts';

const CENTRES = [
  [-0.7, -0.6],
  [0.6, -0.5],
  [0, 0.7],
  [0.75, 0.6],
] as const;

/** `each` points round each centre in turn. */
function blobs(centres: readonly (readonly [number, number])[], each: number, spread: number): Float32Array {
  const random = seededRandom(7);
  const normal = () => random() + random() + random() + random() - 2;
  return Float32Array.from({ length: centres.length * each * 2 }, (_, i) => {
    const centre = centres[Math.floor(i / 2) % centres.length];
    return (centre?.[i % 2] ?? 0) + spread * normal();
  });
}

it.each([20, 300, 5000])('finds what lies together, %i points a cluster', each => {
  const { clusterOf, clusters } = findClusters(blobs(CENTRES, each, 0.12));
  expect(clusters.length).toBe(CENTRES.length);
  for (const [x, y] of CENTRES) {
    const nearest = Math.min(...clusters.map(c => Math.hypot(c.x - x, c.y - y)));
    expect(nearest).toBeLessThan(0.1);
  }
  // Points of one centre have one cluster, but for those that lie far out.
  const own = CENTRES.map((_, k) => clusterOf[k]);
  let right = 0;
  clusterOf.forEach((cluster, i) => {
    if (cluster === own[i % CENTRES.length]) right += 1;
  });
  expect(right / clusterOf.length).toBeGreaterThan(0.9);
  const counted = clusters.map((_, index) => clusterOf.filter(c => c === index).length);
  expect(counted).toEqual(clusters.map(({ chunks }) => chunks));
});

it('one heap is no cluster, nor is nothing', () => {
  expect(findClusters(blobs([[0, 0]], 2000, 0.3)).clusters).toEqual([]);
  expect(findClusters(new Float32Array(0)).clusters).toEqual([]);
  const same = findClusters(new Float32Array(40));
  expect([same.clusters, same.clusterOf[0]]).toEqual([[], NO_CLUSTER]);
});

it('the same points give the same clusters', () => {
  const points = blobs(CENTRES, 200, 0.2);
  expect(findClusters(points)).toEqual(findClusters(points.slice()));
});
