import { expect, it } from 'vitest';
import { clusterRadii, withoutOverlap } from './label-layout.ts';
import { boxOf, fitView, panned, toPlane, toScreen, visibleBox, zoomedAt } from './view.ts';

const SIZE = { width: 800, height: 500 };

it('all points fit into the pane, and fill it one way', () => {
  const points = Float32Array.of(-1, -0.2, 1, 0.3, 0.4, 0);
  const view = fitView(points, SIZE);
  const at = [0, 2, 4].map(i => toScreen(view, SIZE, points[i] ?? 0, points[i + 1] ?? 0));
  for (const { x, y } of at) {
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(SIZE.width);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(SIZE.height);
  }
  expect((at[1]?.x ?? 0) - (at[0]?.x ?? 0)).toBeGreaterThan(SIZE.width * 0.75);
  expect(fitView(new Float32Array(0), SIZE).scale).toBeGreaterThan(0);
  expect(Number.isFinite(fitView(Float32Array.of(0.3, 0.3), SIZE).scale)).toBe(true);
});

it('zooming keeps what is under the pointer, and ends somewhere', () => {
  const view = { x: 0.1, y: -0.2, scale: 300 };
  const at = { x: 620, y: 90 };
  const under = toPlane(view, SIZE, at.x, at.y);
  const nearer = zoomedAt(view, 2.5, at, SIZE, 300);
  expect(nearer.scale).toBe(750);
  const after = toPlane(nearer, SIZE, at.x, at.y);
  expect([after.x, after.y]).toEqual([expect.closeTo(under.x, 10), expect.closeTo(under.y, 10)]);
  expect(zoomedAt(view, 1e9, at, SIZE, 300).scale).toBeLessThan(1e6);
  expect(zoomedAt(view, 1e-9, at, SIZE, 300).scale).toBeGreaterThan(1);
});

it('moving takes along what was under the pointer', () => {
  const view = { x: 0, y: 0, scale: 100 };
  const before = toPlane(view, SIZE, 100, 100);
  const after = toPlane(panned(view, 30, -40), SIZE, 130, 60);
  expect([after.x, after.y]).toEqual([expect.closeTo(before.x, 10), expect.closeTo(before.y, 10)]);
});

it('a box is the same from whichever corner it is drawn', () => {
  const view = { x: 0.5, y: 0.5, scale: 200 };
  const [a, b] = [
    { x: 10, y: 300 },
    { x: 200, y: 20 },
  ];
  expect(boxOf(view, SIZE, a, b)).toEqual(boxOf(view, SIZE, b, a));
  const { left, right, bottom, top } = visibleBox(view, SIZE);
  expect([right - left, top - bottom]).toEqual([expect.closeTo(4, 10), expect.closeTo(2.5, 10)]);
});

it('of labels that lie over one another the first stays', () => {
  const label = (x: number, y: number) => ({ x, y, width: 60, height: 18 });
  expect(withoutOverlap([label(0, 0), label(40, 5), label(40, 30), label(70, 0), label(90, 4)])).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
});

it('a cluster reaches as far as its points, whatever lies between clusters', () => {
  const points = Float32Array.of(0.1, 0, -0.1, 0, 0.5, 0.5, 0.9, 0.9);
  const cluster = (x: number, y: number, chunks: number) => ({ label: '', x, y, chunks });
  const clusters = [cluster(0, 0, 2), cluster(0.5, 0.5, 1)];
  const radii = clusterRadii({ points, clusterOf: Uint8Array.of(0, 0, 1, 255), clusters });
  expect(radii).toEqual([expect.closeTo(0.2), 0]);
});
